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

const OVER_COUNTERS = ["rate", "rate", "increase", "increase", "irate", "resets", "changes", "deriv"];
const OVER_GAUGES = [
  ..."delta idelta changes resets deriv max_over_time min_over_time avg_over_time sum_over_time".split(" "),
  ..."count_over_time last_over_time present_over_time absent_over_time stddev_over_time stdvar_over_time".split(" "),
];
const SMOOTH = "abs exp ln log2 log10 sqrt sgn deg rad atan sinh cosh tanh asinh".split(" ");
/** Functions that make a large difference of a small one; they are given exact values. */
const SHARP = "ceil floor round sin cos tan asin acos acosh atanh".split(" ");
const DATES = "minute hour day_of_week day_of_month day_of_year days_in_month month year".split(" ");

/**
 * Writes random expressions over the counters `ctr_a ctr_b`, the gauges `gauge_a gauge_b` and the buckets `lat_bucket`, all
 * with labels `x y`. Whole seconds only, but for subqueries: these do not begin on one of their steps.
 */
export class Generator {
  readonly #random: () => number;
  /** A time for `@`, in seconds. */
  readonly #pin: number;
  /** How many subqueries are around. */
  #level = 0;

  constructor(random: () => number, pin = 0) {
    this.#random = random;
    this.#pin = pin;
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
      () => this.#parametric(depth),
      () => this.#pointwise(depth),
      () => this.#vectorBinary(depth),
      () => this.#vectorBinary(depth),
      () => this.#setOperation(depth),
      () => this.#withScalar(depth),
      () => `-${this.#operand(depth - 1)}`,
      () => this.#whole(depth),
      () => this.#relabelled(depth),
      () => this.#overSubquery(depth),
      () => this.#histogram(),
    ])();
  }

  #selector(placement = this.#placement()): string {
    const name = this.#pick(["ctr_a", "ctr_b", "gauge_a", "gauge_b", "missing"]);
    const several = `{__name__=~"${name}|gauge_a"}`;
    return `${this.#pick([name, name, several])}${this.#matchers()}`.replace("}{", ",") + placement;
  }

  #matchers(): string {
    return this.#pick([
      ...["", "", '{x="1"}', '{x!="1"}', '{x=~"1|2"}', '{y!~"b.*"}', '{y="a",x=~".+"}', '{z=""}', '{z!=""}'],
    ]);
  }

  #placement(): string {
    const at = `@ ${this.#pin}.217`;
    // In nested subqueries with offsets, Prometheus loses samples that `@` asks for.
    if (this.#level > 1) return this.#pick(["", "", " offset 1m", " offset -2m"]);
    const offset = this.#pick([" offset 1m", " offset 7m30s", " offset -2m"]);
    return this.#pick(["", "", "", "", "", offset, offset, ` ${at}`, " @ start()", ` @ end()${offset}`]);
  }

  #windowed(): string {
    const counter = this.#pick(["ctr_a", "ctr_b"]);
    const gauge = this.#pick(["gauge_a", "gauge_b"]);
    const range = `[${this.#pick(["30s", "1m", "5m", "7m", "1h30m"])}]${this.#placement()}`;
    const overCounter = `${counter}${this.#matchers()}${range}`;
    const overGauge = `${gauge}${this.#matchers()}${range}`;
    return this.#pick([
      `${this.#pick(OVER_COUNTERS)}(${overCounter})`,
      `${this.#pick(OVER_COUNTERS)}(${overCounter})`,
      `${this.#pick(OVER_GAUGES)}(${overGauge})`,
      `${this.#pick(OVER_GAUGES)}(${overGauge})`,
      `quantile_over_time(${this.#quantile()}, ${overGauge})`,
      `predict_linear(${counter}${this.#matchers()}[5m] offset 1m, ${this.#pick(["3600", "-60", "0"])})`,
    ]);
  }

  #quantile(): string {
    return this.#pick(["0", "0.1", "0.5", "0.99", "1", "-1", "2", "NaN"]);
  }

  #overSubquery(depth: number): string {
    this.#level++;
    const inner = `(${this.vector(depth - 2)})`;
    const placement = this.#placement();
    this.#level--;
    const window = `[${this.#pick(["5m1ms", "20m1ms"])}:${this.#pick(["30s", "1m", "47s", ""])}]${placement}`;
    const counter = `${this.#pick(["ctr_a", "ctr_b"])}${this.#matchers()}${window}`;
    return this.#pick([
      `${this.#pick(OVER_GAUGES)}(${inner}${window})`,
      `${this.#pick(OVER_GAUGES)}(${inner}${window})`,
      `${this.#pick(["rate", "increase", "irate"])}(${counter})`,
      `quantile_over_time(${this.#quantile()}, ${inner}${window})`,
    ]);
  }

  #clause(): string {
    return this.#pick(["", " by (x)", " by (x, y)", " without (y)", " without (x, nope)", " by (__name__)", " by ()"]);
  }

  #aggregation(depth: number): string {
    const op = this.#pick(["sum", "min", "max", "count", "avg", "group", "stddev", "stdvar", "SUM"]);
    const clause = this.#clause();
    const vector = this.vector(depth - 1);
    // The variance of a single infinity or NaN is 0 in Prometheus 2 and NaN in 3.
    const inner = op.startsWith("std") ? this.#bounded(vector) : `(${vector})`;
    return this.#pick([`${op}${clause} ${inner}`, `${op}${inner}${clause}`]);
  }

  /** Without infinities, NaN and times, whose variance is lost in their size. */
  #bounded(vector: string): string {
    return `(((${vector}) > -1e8) < 1e8)`;
  }

  #parametric(depth: number): string {
    const clause = this.#clause();
    const k = this.#pick(["1", "2", "5", "0", "-1", "2.7", "1e3", "NaN"]);
    // Of equal values Prometheus 2 keeps others: counters hardly ever are equal.
    const series = `${this.#pick(["ctr_a", "ctr_b"])}${this.#matchers()}${this.#placement()}`;
    return this.#pick([
      `topk${clause} (${k}, ${series})`,
      `bottomk(${k}, ${series})${clause}`,
      `topk${clause} (scalar(sum(gauge_a)), ctr_a offset 1m)`,
      `quantile${clause} (${this.#quantile()}, ${this.vector(depth - 1)})`,
      `count_values${clause} ("${this.#pick(["v", "x"])}", ${this.#selector()})`,
    ]);
  }

  #pointwise(depth: number): string {
    const inner = this.vector(depth - 1);
    const other = this.#pick([
      `clamp(${inner}, ${this.scalar(0)}, ${this.scalar(0)})`,
      `clamp_min(${inner}, ${this.scalar(1)})`,
      `clamp_max(${inner}, ${this.scalar(1)})`,
      `round(${this.#selector()}, ${this.#pick(["0.1", "5", "0.25"])})`,
      `${this.#pick(DATES)}(${this.#bounded(this.#selector())} * 1000)`,
      `${this.#pick(DATES)}()`,
    ]);
    return this.#pick([`${this.#pick(SMOOTH)}(${inner})`, `${this.#pick(SHARP)}(${this.#selector()})`, other]);
  }

  #whole(depth: number): string {
    const inner = this.vector(depth - 1);
    return this.#pick([
      ...[
        `absent(${inner})`,
        `timestamp(${inner} + 0)`,
        `timestamp(${this.#selector(this.#pick([" offset 1m", ` @ ${this.#pin}.217`]))})`,
        `vector(${this.scalar(1)})`,
      ],
      ...[`sort(${inner})`, `sort_desc(${inner})`],
    ]);
  }

  #relabelled(depth: number): string {
    const inner = this.vector(depth - 1);
    const target = this.#pick(["x", "w", "__name__"]);
    return this.#pick([
      `label_replace(${inner}, "${target}", "$1-$2", "y", "(.)(.*)")`,
      `label_replace(${inner}, "${target}", "\${all}$$\${nope}", "x", "(?P<all>[12])")`,
      `label_replace(${inner}, "y", "", "x", "1|nope")`,
      `label_join(${inner}, "${target}", "/", "x", "nope", "y")`,
    ]);
  }

  #histogram(): string {
    const buckets = `lat_bucket${this.#matchers()}`;
    const placed = `${buckets}${this.#placement()}`;
    const increase = `${this.#pick(["rate", "increase", "delta"])}(${buckets}[${this.#pick(["1m", "5m"])}])`;
    const input = this.#pick([placed, increase, `sum by (le) (${increase})`, `sum by (x, le) (${increase})`]);
    return `histogram_quantile(${this.#quantile()}, ${input})`;
  }

  #operand(depth: number): string {
    const inner = this.vector(depth);
    return this.#pick([`(${inner})`, this.#selector()]);
  }

  #vectorBinary(depth: number): string {
    const op = this.#pick([...["+", "-", "*", "/", "atan2", "==", "!=", ">", "<", ">=", "<=", "> bool", "== bool"]]);
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
      ...[" on (x) group_left (y)", " ignoring (y) group_right (z)", " on (x, y) group_left (z)"],
      ...[" ignoring (y) group_left ()"],
    ]);
    const many = () => (op === "atan2" ? "-" : "") + this.#operand(depth - 1);
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
    if (op === "%" || op === "^") return `${this.#selector()} ${op} ${this.#pick([this.scalar(0), this.#selector()])}`;
    const sides = [this.#operand(depth - 1), this.scalar(depth - 1)];
    return this.#pick([`${sides[0]} ${op} ${sides[1]}`, `${sides[1]} ${op} ${sides[0]}`]);
  }

  scalar(depth: number): string {
    const plain = () =>
      this.#pick([
        "1",
        "-2",
        "0",
        "0x1F",
        "1e3",
        ".5",
        "Inf",
        "-Inf",
        "NaN",
        "40",
        "2 ^ -1 ^ 2",
        "-1 ^ 2",
        "60",
        "pi()",
      ]);
    if (depth <= 0) return plain();
    return this.#pick([
      plain,
      () => `scalar(${this.vector(depth - 1)})`,
      () => "time()",
      () => `(${this.scalar(depth - 1)} ${this.#pick(["+", "-", "*", "/", "> bool"])} ${this.scalar(depth - 1)})`,
    ])();
  }
}
