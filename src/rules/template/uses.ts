/** A call of `query`, its word at [from, to) of the template. */
export interface QueryUse {
  /** The PromQL; undefined where it is put together when the alert fires. */
  readonly text: string | undefined;
  readonly from: number;
  readonly to: number;
}

/** What a template reads, gathered while it is parsed. */
export class Uses {
  readonly queries: QueryUse[] = [];
  #value = false;
  #passesData = false;
  #isShownInDefine = false;

  /** It reads the value, or could. */
  get value(): boolean {
    return this.#value || (this.#passesData && this.#isShownInDefine);
  }

  noteValue(): void {
    this.#value = true;
  }

  /** All the data goes to another template. */
  notePassed(): void {
    this.#passesData = true;
  }

  /** A template that may be given all the data shows something that may be the value. */
  noteShownInDefine(): void {
    this.#isShownInDefine = true;
  }
}
