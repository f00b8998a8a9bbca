import { formatValue, PLAIN } from "./format-value.ts";
import { asText, bounded, typeName, type Value } from "./values.ts";
import type { Verb } from "./verb.ts";

/** Go takes widths, precisions and indexes up to this; larger ones are no numbers to it. */
const MAX_NUMBER = 1_000_000;

/**
 * Go's fmt.Sprintf: all its verbs but %p, which prints addresses, with flags, width, precision, `*` and `[n]`. What does not
 * fit prints what Go prints: `%!d(string=hi)`, `%!d(MISSING)`, `%!(EXTRA int=1)`.
 * @throws RangeError for %p, or where the text grows too long
 */
export const printf = (args: readonly Value[]): string => new Printf(asText("printf", args[0]), args.slice(1)).run();

/** What one directive says so far. */
type Flags = { -readonly [K in keyof Verb]: Verb[K] };

/** One call of printf. */
class Printf {
  readonly #format: string;
  readonly #args: readonly Value[];
  #at = 0;
  #next = 0;
  /** An index in brackets was used, so arguments left over are no mistake. */
  #reordered = false;
  /** The last index in brackets named an argument. */
  #indexIsGood = true;
  #out = "";

  constructor(format: string, args: readonly Value[]) {
    this.#format = format;
    this.#args = args;
  }

  run(): string {
    for (;;) {
      const percent = this.#format.indexOf("%", this.#at);
      this.#write(this.#format.slice(this.#at, percent < 0 ? undefined : percent));
      if (percent < 0) break;
      this.#at = percent + 1;
      this.#directive();
    }
    if (!this.#reordered && this.#next < this.#args.length) {
      const extra = this.#args.slice(this.#next).map((arg) => {
        return arg === null ? "<nil>" : `${typeName(arg)}=${formatValue(arg, PLAIN)}`;
      });
      this.#write(`%!(EXTRA ${extra.join(", ")})`);
    }
    return this.#out;
  }

  #write(text: string): void {
    this.#out = bounded(this.#out + text);
  }

  #directive(): void {
    this.#indexIsGood = true;
    const flags: Flags = { ...PLAIN };
    this.#flags(flags);
    let afterIndex = this.#index();
    afterIndex = this.#width(flags, afterIndex);
    afterIndex = this.#precision(flags, afterIndex);
    if (!afterIndex) this.#index();
    const code = this.#format.codePointAt(this.#at);
    flags.letter = code === undefined ? "" : String.fromCodePoint(code);
    this.#at += flags.letter.length;
    this.#write(code === undefined ? "%!(NOVERB)" : this.#verb(flags));
  }

  #verb(flags: Flags): string {
    const { letter } = flags;
    if (letter === "%") return "%";
    if (!this.#indexIsGood) return `%!${letter}(BADINDEX)`;
    if (this.#next >= this.#args.length) return `%!${letter}(MISSING)`;
    if (letter === "v") {
      flags.withNames = flags.plus;
      flags.inGo = flags.sharp;
      flags.plus = false;
      flags.sharp = false;
    }
    return formatValue(this.#args[this.#next++]!, flags);
  }

  #flags(flags: Flags): void {
    for (; ; this.#at++) {
      switch (this.#format[this.#at]) {
        case "#":
          flags.sharp = true;
          break;
        case "0":
          flags.zero = !flags.minus;
          break;
        case "+":
          flags.plus = true;
          break;
        case "-":
          flags.minus = true;
          flags.zero = false;
          break;
        case " ":
          flags.space = true;
          break;
        default:
          return;
      }
    }
  }

  #width(flags: Flags, afterIndex: boolean): boolean {
    if (this.#format[this.#at] === "*") {
      this.#at++;
      const width = this.#star();
      if (width === undefined) this.#write("%!(BADWIDTH)");
      flags.width = Math.abs(width ?? 0);
      if (width !== undefined && width < 0) Object.assign(flags, { minus: true, zero: false });
      return false;
    }
    const width = this.#number();
    if (width !== undefined && afterIndex) this.#indexIsGood = false;
    flags.width = width ?? 0;
    return afterIndex;
  }

  #precision(flags: Flags, afterWidth: boolean): boolean {
    if (this.#format[this.#at] !== "." || this.#at + 1 > this.#format.length) return afterWidth;
    this.#at++;
    if (afterWidth) this.#indexIsGood = false;
    const afterIndex = this.#index();
    if (this.#format[this.#at] === "*") {
      this.#at++;
      const precision = this.#star();
      flags.precision = precision === undefined || precision < 0 ? undefined : precision;
      if (flags.precision === undefined) this.#write("%!(BADPREC)");
      return false;
    }
    flags.precision = this.#number() ?? 0;
    return afterIndex;
  }

  /** The argument that stands for `*`; undefined where it is no int or a huge one. */
  #star(): number | undefined {
    const arg = this.#args[this.#next];
    if (this.#next < this.#args.length) this.#next++;
    return typeof arg === "bigint" && arg >= -MAX_NUMBER && arg <= MAX_NUMBER ? Number(arg) : undefined;
  }

  /** Digits as a number; a huge one ends the directive, as it does in Go. */
  #number(): number | undefined {
    let number: number | undefined;
    for (; /^\d$/.test(this.#format[this.#at] ?? ""); this.#at++) {
      number = (number ?? 0) * 10 + Number(this.#format[this.#at]);
      if (number > MAX_NUMBER) {
        this.#at = this.#format.length;
        return undefined;
      }
    }
    return number;
  }

  /** `[n]`: the next argument is the nth. Whether there was one. */
  #index(): boolean {
    if (this.#format[this.#at] !== "[") return false;
    this.#reordered = true;
    const close = this.#format.indexOf("]", this.#at);
    if (close < 0) {
      this.#indexIsGood = false;
      this.#at++;
      return false;
    }
    const digits = this.#format.slice(this.#at + 1, close);
    this.#at = close + 1;
    const index = /^\d{1,7}$/.test(digits) ? Number(digits) - 1 : -1;
    if (index < 0 || index >= this.#args.length) {
      this.#indexIsGood = false;
      return digits !== "" && /^\d+$/.test(digits);
    }
    this.#next = index;
    return true;
  }
}
