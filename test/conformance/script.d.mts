/** One evaluation of a script. */
export interface Case {
  readonly line: number;
  readonly query: string;
}

/** The evaluations of a script, in its order; `engine` is what the evaluator's modules export. */
export function readScript(text: string, engine: object): readonly Case[];
