import type { Labels } from "../series/labels.ts";

/** What is known of one (model, version) at one instant, from one source. Where a source is silent, the field is undefined. */
export interface ModelFact {
  /** model, version and, where Triton shows one, namespace: the model's identity on its server. */
  readonly id: Labels;
  /** It serves: its series other than failures are there. After an unload Triton keeps the failure series. */
  readonly serving: boolean;
  /** Duration of its last load in seconds, to the nanosecond: practically different after every load. 0 for ensembles. */
  readonly loadSeconds: number | undefined;
  /** Requests answered since the process started or the model was loaded again. */
  readonly successes: number | undefined;
  /** Failed requests since the process started: Triton never takes these series away. */
  readonly failures: number | undefined;
}

/** Where facts come from. Another source (repository index, model statistics) is one word here and its own reader. */
type FactSource = "metrics";

/** What one look at a server showed. */
export interface Facts {
  readonly source: FactSource;
  readonly models: readonly ModelFact[];
  /** Counters that live as long as the process (GPU energy), summed; one that falls proves a restart. */
  readonly processCounter: number | undefined;
}
