const MOST_STEPS = 60;
/** Less than where evidence is calibrated, and than the threshold of any detector. */
const ORDINARY = 2;

/**
 * Evidence that a count is larger than expected, in nats: a negative-binomial count with mean `mu` and shape `r` (variance
 * mu + mu²/r; r = ∞ is Poisson) reaches `k` or more with probability at most e^−G (Chernoff bound):
 * G = k ln[k(mu+r) / (mu(k+r))] − r ln[(k+r) / (mu+r)]. 0 where k does not exceed mu.
 */
export function upperEvidence(k: number, mu: number, r: number): number {
  return k <= mu ? 0 : exponent(k, mu, r);
}

/**
 * The same for every count of every scrape: where a normal deviate, which is never less, has hardly any evidence, that one, for it needs no
 * logarithm. Below `ORDINARY` nats nothing that is built on evidence asks how many there are.
 */
export function quickUpperEvidence(k: number, mu: number, r: number): number {
  if (k <= mu) return 0;
  const m = Math.max(mu, 1e-9);
  const deviate = ((k - m) * (k - m)) / (2 * (m + (m * m) / r));
  return deviate < ORDINARY ? deviate : exponent(k, m, r);
}

/** The same for a count that is smaller than expected: it stays at `k` or below with probability at most e^−G. */
export function lowerEvidence(k: number, mu: number, r: number): number {
  return k >= mu ? 0 : exponent(k, mu, r);
}

function exponent(k: number, mu: number, r: number): number {
  const m = Math.max(mu, 1e-9);
  if (r > 1e6) return Math.max(0, (k > 0 ? k * Math.log(k / m) : 0) - (k - m));
  // Differences of logarithms: the products of large counts would overflow.
  const spread = Math.log((k + r) / (m + r));
  const first = k > 0 ? k * (Math.log(k / m) - spread) : 0;
  return Math.max(0, first - r * spread);
}

/** How the exponent grows with k. */
function slope(k: number, mu: number, r: number): number {
  const m = Math.max(mu, 1e-9);
  return r > 1e6 ? Math.log(k / m) : Math.log(k / m) - Math.log((k + r) / (m + r));
}

/**
 * The count at which the exponent is `nats`, by Newton's method from a count at which it is more. The exponent is convex in k, so
 * every step stays on that side and comes nearer, until rounding stops it.
 */
function root(from: number, mu: number, r: number, nats: number): number {
  let k = from;
  for (let i = 0; i < MOST_STEPS; i++) {
    const over = exponent(k, mu, r) - nats;
    if (over <= 0) break;
    const next = k - over / slope(k, mu, r);
    if (!Number.isFinite(next) || next === k) break;
    k = next;
  }
  return k;
}

/** The smallest count whose upper evidence reaches `nats`: the edge of the expected band. Not an integer. */
export function upperBound(mu: number, r: number, nats: number): number {
  let high = Math.max(mu, 1e-9) + 1;
  // With a heavy tail the evidence may never reach the threshold; the bound is then as good as infinite.
  for (let i = 0; i < MOST_STEPS && upperEvidence(high, mu, r) < nats; i++) high *= 2;
  return root(high, mu, r, nats);
}

/** The largest count whose lower evidence reaches `nats`; 0 where even none at all is not surprising enough. */
export function lowerBound(mu: number, r: number, nats: number): number {
  if (lowerEvidence(0, mu, r) < nats) return 0;
  let low = mu / 2;
  for (let i = 0; i < MOST_STEPS && lowerEvidence(low, mu, r) < nats; i++) low /= 2;
  return lowerEvidence(low, mu, r) < nats ? 0 : root(low, mu, r, nats);
}
