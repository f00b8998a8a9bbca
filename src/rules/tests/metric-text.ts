import { readString } from "../../promql/literals.ts";
import { Labels, METRIC_NAME } from "../../series/labels.ts";

const NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const LABEL = /[a-zA-Z_][a-zA-Z0-9_]*/y;
const STRING = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`/y;
const BLANK = /[ \t\r\n]*/y;

/**
 * Reads a series as people write one, `name{label="value"}`: the name, the labels or all of it may be left out, and a name
 * that needs quotes stands in the braces, as in Prometheus 3.
 * @throws RangeError with the place in the text.
 */
export function parseMetric(text: string): Labels {
  return new MetricReader(text).read();
}

/** Walks through the text once. */
class MetricReader {
  readonly #text: string;
  readonly #pairs = new Map<string, string>();
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): Labels {
    this.#take(BLANK);
    const name = this.#take(NAME);
    if (name !== "") this.#pairs.set(METRIC_NAME, name);
    this.#take(BLANK);
    if (this.#text[this.#at] === "{") this.#labels();
    this.#take(BLANK);
    if (this.#at < this.#text.length) this.#fail("a label set in braces, or the end");
    return Labels.from(this.#pairs);
  }

  #labels(): void {
    this.#at++;
    for (;;) {
      this.#take(BLANK);
      if (this.#text[this.#at] === "}") break;
      this.#label();
      this.#take(BLANK);
      if (this.#text[this.#at] === ",") this.#at++;
      else if (this.#text[this.#at] !== "}") this.#fail('"," or "}"');
    }
    this.#at++;
  }

  #label(): void {
    const from = this.#at;
    const bare = this.#take(LABEL);
    const name = bare === "" ? this.#string("a label's name") : bare;
    this.#take(BLANK);
    const isMetric = bare === "" && this.#text[this.#at] !== "=";
    if (this.#pairs.has(isMetric ? METRIC_NAME : name)) {
      this.#at = from;
      this.#fail(isMetric ? "one metric name" : "each label once");
    }
    if (isMetric) {
      this.#pairs.set(METRIC_NAME, name);
      return;
    }
    if (this.#text[this.#at] !== "=") this.#fail('"="');
    this.#at++;
    this.#take(BLANK);
    this.#pairs.set(name, this.#string("a value in quotes"));
  }

  #string(wanted: string): string {
    const from = this.#at;
    const written = this.#take(STRING);
    if (written === "") this.#fail(wanted);
    return readString(written, { from, to: this.#at });
  }

  /** The text a pattern matches here, which it goes past; "" where it does not. */
  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? "";
    this.#at += found.length;
    return found;
  }

  #fail(wanted: string): never {
    const message = `Cannot parse series ${JSON.stringify(this.#text.slice(0, 60))}: expected ${wanted}`;
    throw Object.assign(new RangeError(`${message}, for example up{job="triton"}`), {
      from: Math.min(this.#at, Math.max(0, this.#text.length - 1)),
      to: this.#text.length,
    });
  }
}
