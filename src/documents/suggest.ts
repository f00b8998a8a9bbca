/** Longer words are not compared: nobody mistypes them, and the comparison is quadratic. */
const MAX_LENGTH = 80;

/** `, did you mean "x"?` for the candidate nearest to a word, or "" where none is near. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const nearest = closest(word, candidates);
  return nearest === undefined ? "" : `, did you mean ${JSON.stringify(nearest)}?`;
}

/** The candidate fewest typing errors away from a word: at most one in three characters; ties go to the first. */
function closest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > MAX_LENGTH) return undefined;
  const wanted = word.toLowerCase();
  let best: string | undefined;
  let bound = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - wanted.length) >= bound) continue;
    const d = distance(wanted, candidate.toLowerCase());
    if (d < bound) {
      best = candidate;
      bound = d;
    }
  }
  return best;
}

/**
 * Damerau-Levenshtein distance in its "optimal string alignment" form: insertions, deletions, substitutions and swaps of
 * neighbours, no piece edited twice. In UTF-16 units; O(|a| · |b|) time.
 */
function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let d = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + same);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) d = Math.min(d, beforeLast[j - 2]! + 1);
      row.push(d);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
