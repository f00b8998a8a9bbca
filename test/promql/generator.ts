/** A seeded stream of numbers in [0, 1): mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Writes random expressions of our subset over the families `ctr_a ctr_b gauge_a gauge_b` with labels `x y`. */
export class Generator {
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  #pick<T>(choices: readonly T[]): T {
    return choices[Math.floor(this.#random() * choices.length)]!;
  }

  vector(depth: number): string {
    if (depth <= 0) return this.#pick([() => this.#selector(), () => this.#windowed()])();
    return this.#pick([
      () => this.#windowed(),
      () => this.#aggregation(depth),
      () => this.#aggregation(depth),
      () => this.#pointwise(depth),
      () => this.#vectorBinary(depth),
      () => this.#vectorBinary(depth),
      () => this.#setOperation(depth),
      () => this.#withScalar(depth),
      () => `-${this.#operand(depth - 1)}`,
      () => this.#whole(depth),
    ])();
  }

  #selector(): string {
    const name = this.#pick(["ctr_a", "ctr_b", "gauge_a", "gauge_b", "missing"]);
    return (
      `${this.#pick([name, name, `{__name__=~"${name}|gauge_a"}`])}${this.#matchers()}`.replace("}{", ",") +
      this.#offset()
    );
  }

  #matchers(): string {
    return this.#pick(["", "", '{x="1"}', '{x!="1"}', '{x=~"1|2"}', '{y!~"b.*"}', '{y="a",x=~".+"}', '{z=""}']);
  }

  #offset(): string {
    return this.#pick(["", "", "", " offset 1m", " offset 7m30s", " offset -2m"]);
  }

  #windowed(): string {
    const counter = this.#pick(["ctr_a", "ctr_b"]);
    const gauge = this.#pick(["gauge_a", "gauge_b"]);
    const range = `[${this.#pick(["30s", "1m", "5m", "7m", "1h30m"])}]${this.#offset()}`;
    const overCounter = this.#pick(["rate", "increase", "irate", "resets", "changes"]);
    const overGauge = this.#pick([
      ..."delta idelta changes resets max_over_time min_over_time avg_over_time sum_over_time count_over_time".split(
        " ",
      ),
      ..."last_over_time present_over_time absent_over_time stddev_over_time stdvar_over_time".split(" "),
    ]);
    return this.#pick([
      `${overCounter}(${counter}${this.#matchers()}${range})`,
      `${overGauge}(${gauge}${this.#matchers()}${range})`,
    ]);
  }

  #aggregation(depth: number): string {
    const op = this.#pick(["sum", "min", "max", "count", "avg", "group", "stddev", "stdvar", "SUM"]);
    const clause = this.#pick([
      "",
      " by (x)",
      " by (x, y)",
      " without (y)",
      " without (x, nope)",
      " by (__name__)",
      " by ()",
    ]);
    const vector = this.vector(depth - 1);
    // The variance of a single infinity or NaN is 0 in Prometheus 2 and NaN in 3.
    const inner = op.startsWith("std") ? `(((${vector}) > -1e12) < 1e12)` : `(${vector})`;
    return this.#pick([`${op}${clause} ${inner}`, `${op}${inner}${clause}`]);
  }

  #pointwise(depth: number): string {
    const inner = this.vector(depth - 1);
    const name = this.#pick("abs ceil floor round exp ln log2 log10 sqrt sgn sin cos atan deg rad".split(" "));
    const other = this.#pick([
      `clamp(${inner}, ${this.scalar(0)}, ${this.scalar(0)})`,
      `clamp_min(${inner}, ${this.scalar(1)})`,
      `clamp_max(${inner}, ${this.scalar(1)})`,
      `round(${inner}, ${this.#pick(["0.1", "5", "0.25"])})`,
    ]);
    return this.#pick([`${name}(${inner})`, other]);
  }

  #whole(depth: number): string {
    const inner = this.vector(depth - 1);
    return this.#pick([
      `absent(${inner})`,
      `timestamp(${inner})`,
      `vector(${this.scalar(1)})`,
      `timestamp(${this.#selector()})`,
    ]);
  }

  #operand(depth: number): string {
    const inner = this.vector(depth);
    return this.#pick([`(${inner})`, this.#selector()]);
  }

  #vectorBinary(depth: number): string {
    const op = this.#pick(["+", "-", "*", "/", "%", "^", "==", "!=", ">", "<", ">=", "<=", "> bool", "== bool"]);
    const clause = this.#pick([
      ...[
        "",
        "",
        " on (x, y)",
        " on (x)",
        " ignoring (y)",
        " on (x) group_left ()",
        " on (x) group_right ()",
        " on ()",
      ],
      ...[
        " on (x) group_left (y)",
        " ignoring (y) group_right (z)",
        " on (x, y) group_left (z)",
        " ignoring (y) group_left ()",
      ],
    ]);
    const many = () => this.#operand(depth - 1);
    const one = () => `sum by (x${this.#pick(["", ", y"])}) (${this.vector(depth - 1)})`;
    const sides = this.#pick([
      [many(), one()],
      [one(), many()],
      [many(), many()],
    ]);
    return `${sides[0]} ${op}${clause} ${sides[1]}`;
  }

  #setOperation(depth: number): string {
    const clause = this.#pick(["", "", " on (x)", " ignoring (y)", " on ()"]);
    return `${this.#operand(depth - 1)} ${this.#pick(["and", "or", "unless"])}${clause} ${this.#operand(depth - 1)}`;
  }

  #withScalar(depth: number): string {
    const op = this.#pick(["+", "-", "*", "/", "%", "^", "==", "!=", ">", "<", ">=", "<=", "> bool", "!= bool"]);
    const sides = [this.#operand(depth - 1), this.scalar(depth - 1)];
    return this.#pick([`${sides[0]} ${op} ${sides[1]}`, `${sides[1]} ${op} ${sides[0]}`]);
  }

  scalar(depth: number): string {
    const plain = () =>
      this.#pick(["1", "-2", "0", "0x1F", "1e3", ".5", "Inf", "-Inf", "NaN", "40", "2 ^ -1 ^ 2", "-1 ^ 2", "60"]);
    if (depth <= 0) return plain();
    return this.#pick([
      plain,
      () => `scalar(${this.vector(depth - 1)})`,
      () => "time()",
      () =>
        `(${this.scalar(depth - 1)} ${this.#pick(["+", "-", "*", "/", "%", "^", "> bool"])} ${this.scalar(depth - 1)})`,
    ])();
  }
}
