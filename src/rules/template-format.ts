/** The digits of a finite float and where its point stands: |value| = 0.d₁d₂d₃… × 10^point. */
interface Decimal {
  readonly digits: string;
  readonly point: number;
}

/** The fewest digits that read back as the same float. */
function shortest(value: number): Decimal {
  const [mantissa, exponent] = Math.abs(value).toExponential().split("e");
  return { digits: mantissa!.replace(".", ""), point: Number(exponent) + 1 };
}

/** `value` × 10^`scale` as a whole number, rounded half to even on the exact binary value. */
function scaled(value: number, scale: number): bigint {
  const bits = new BigUint64Array(new Float64Array([Math.abs(value)]).buffer)[0]!;
  const exponent = Number(bits >> 52n);
  const mantissa = (bits & 0xfffffffffffffn) | (exponent === 0 ? 0n : 1n << 52n);
  const shift = (exponent === 0 ? 1 : exponent) - 1075;
  const top = mantissa * (shift > 0 ? 1n << BigInt(shift) : 1n) * (scale > 0 ? 10n ** BigInt(scale) : 1n);
  const bottom = (shift < 0 ? 1n << BigInt(-shift) : 1n) * (scale < 0 ? 10n ** BigInt(-scale) : 1n);
  const whole = top / bottom;
  const rest = 2n * (top % bottom);
  return rest > bottom || (rest === bottom && (whole & 1n) === 1n) ? whole + 1n : whole;
}

/** Rounded to `count` ≥ 1 significant digits. */
function significant(value: number, count: number): Decimal {
  if (value === 0) return { digits: "0".repeat(count), point: 1 };
  const { digits: few, point } = shortest(value);
  if (few === "1") {
    // The shortest form may be the power of ten that the exact value just fails to reach.
    const below = scaled(value, count - point + 1).toString();
    if (below.length === count) return { digits: below, point: point - 1 };
  }
  const digits = scaled(value, count - point).toString();
  return { digits: digits.slice(0, count), point: point + digits.length - count };
}

function fixed({ digits, point }: Decimal): string {
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, "0") : "0";
  const fraction = point > 0 ? digits.slice(point) : "0".repeat(-point) + digits;
  return fraction === "" ? whole : `${whole}.${fraction}`;
}

function exponential({ digits, point }: Decimal, isZero: boolean): string {
  const exponent = isZero ? 0 : point - 1;
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : "";
  return `${digits[0]}${fraction}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

/**
 * A float as Go's strconv.FormatFloat(value, form, precision, 64) writes it. `precision` counts digits after the point (e, f)
 * or significant digits (g); undefined means the fewest that read back as the same number.
 */
export function formatGo(value: number, form: "e" | "f" | "g", precision?: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  if (form === "f") return sign + formatFixed(value, precision);
  const count = form === "e" && precision !== undefined ? precision + 1 : precision === 0 ? 1 : precision;
  const decimal = count === undefined ? shortest(value) : significant(value, count);
  return sign + (form === "e" ? exponential(decimal, value === 0) : formatGeneral(decimal, value === 0, count));
}

function formatFixed(value: number, precision: number | undefined): string {
  if (precision === undefined) return fixed(shortest(value));
  const digits = scaled(value, precision)
    .toString()
    .padStart(precision + 1, "0");
  return fixed({ digits, point: digits.length - precision });
}

/** `%g`: an exponent below 1e-4 and from 10^precision on; the fewest digits count as a precision of 6 here. */
function formatGeneral({ digits: all, point }: Decimal, isZero: boolean, count: number | undefined): string {
  const digits = all.replace(/(?<=.)0+$/, "");
  const exponent = isZero ? 0 : point - 1;
  const limit = count === undefined ? 6 : count > digits.length && digits.length >= point ? digits.length : count;
  const decimal = { digits, point };
  return exponent < -4 || exponent >= limit ? exponential(decimal, isZero) : fixed(decimal);
}

/** A float as Go's fmt prints it and so `{{ $value }}` does: the shortest `%g`, with an exponent below 1e-4 and from 1e6 on. */
export function formatFloat(value: number): string {
  return formatGo(value, "g");
}
