const UNITS: ReadonlyMap<string, number> = new Map([
  ["B", 1],
  ["KB", 1024],
  ["KiB", 1024],
  ["MB", 1024 ** 2],
  ["MiB", 1024 ** 2],
  ["GB", 1024 ** 3],
  ["GiB", 1024 ** 3],
]);

const GRAMMAR = /^(\d{1,12})([KMG]i?)?B$/;

/**
 * Reads a size in bytes, "32MB". As in Prometheus, a KB is 1024 bytes like a KiB.
 * @throws RangeError when the text is no size, or none above 0: what is read from a network is always bounded.
 */
export function parseSize(text: string): number {
  const found = GRAMMAR.exec(text);
  const size = found ? Number(found[1]) * (UNITS.get(`${found[2] ?? ""}B`) ?? 0) : 0;
  if (size > 0 && Number.isSafeInteger(size)) return size;
  throw new RangeError(`Cannot parse size ${JSON.stringify(text)}: expected a number and a unit, for example "32MB"`);
}

/** Writes a size in the largest unit that divides it; the inverse of `parseSize`. */
export function formatSize(bytes: number): string {
  const units = [...UNITS].filter(([unit]) => unit === "B" || unit.endsWith("iB")).reverse();
  const [unit, size] = units.find(([, size]) => bytes % size === 0) ?? ["B", 1];
  return `${bytes / size}${unit}`;
}
