const FRACTION_BITS = 52;

/** A finite float as an integer times a power of two. */
function bitsOf(value: number): { mantissa: bigint; exponent: number; sign: string } {
  const bits = new BigUint64Array(new Float64Array([value]).buffer)[0]!;
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  return {
    mantissa: biased === 0 ? fraction : fraction | (1n << 52n),
    exponent: (biased === 0 ? 1 : biased) - 1075,
    sign: bits >> 63n === 0n ? "" : "-",
  };
}

function special(value: number): string | undefined {
  if (Number.isFinite(value)) return undefined;
  return Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
}

/** Go's `%b` of a float: 1.5 → "6755399441055744p-52". */
export function formatBinary(value: number): string {
  const { mantissa, exponent, sign } = bitsOf(value);
  return special(value) ?? `${sign}${mantissa}p${exponent < 0 ? "" : "+"}${exponent}`;
}

/** Go's `%x` of a float, with `precision` digits after the point or as many as it needs: 1.5 → "0x1.8p+00". */
export function formatHex(value: number, precision: number | undefined): string {
  const found = special(value);
  if (found !== undefined) return found;
  let { mantissa, exponent, sign } = bitsOf(value);
  while (mantissa !== 0n && mantissa >> 52n === 0n) {
    mantissa <<= 1n;
    exponent--;
  }
  exponent = mantissa === 0n ? 0 : exponent + FRACTION_BITS;
  if (precision !== undefined && precision < 13) {
    mantissa = roundedTo(mantissa, BigInt(FRACTION_BITS - 4 * precision));
    if (mantissa >> 53n === 1n) {
      mantissa >>= 1n;
      exponent++;
    }
  }
  let digits = (mantissa & 0xfffffffffffffn).toString(16).padStart(13, "0");
  digits = precision === undefined ? digits.replace(/0+$/, "") : digits.slice(0, precision).padEnd(precision, "0");
  const power = `${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
  return `${sign}0x${mantissa === 0n ? 0 : 1}${digits === "" ? "" : `.${digits}`}p${power}`;
}

/** Without its lowest bits, half to even. */
function roundedTo(value: bigint, bits: bigint): bigint {
  if (bits === 0n) return value;
  const half = 1n << (bits - 1n);
  const rest = value & ((1n << bits) - 1n);
  const kept = value >> bits;
  return (rest > half || (rest === half && (kept & 1n) === 1n) ? kept + 1n : kept) << bits;
}
