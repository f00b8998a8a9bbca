const STEPS = 60;

/**
 * Evidence that a mean is off, in nats. A mean of positive quantities whose relative variance is V has about a gamma
 * distribution with shape 1/V; the ratio x of what is seen to what is expected lies as far or farther on its side of 1 with
 * probability at most e^−G, G = (x − 1 − ln x) / V (Chernoff bound; half the gamma distribution's unit deviance, McCullagh and
 * Nelder, Generalized Linear Models, §8).
 */
export const gammaEvidence = (ratio: number, variance: number): number =>
  ratio > 0 ? (ratio - 1 - Math.log(ratio)) / variance : 0;

/** The ratio above 1 at which the evidence is `nats`: the upper edge of the band. */
export function upperRatio(nats: number, variance: number): number {
  const wanted = nats * variance;
  return root(wanted, 1 + wanted + Math.sqrt(2 * wanted));
}

/** The ratio below 1 at which the evidence is `nats`: the lower edge of the band. */
export function lowerRatio(nats: number, variance: number): number {
  const wanted = nats * variance;
  return root(wanted, Math.exp(-1 - wanted));
}

/** Newton's method on x − 1 − ln x = wanted, from a point beyond the root: the function is convex, so each step stays there. */
function root(wanted: number, from: number): number {
  let ratio = from;
  for (let i = 0; i < STEPS && wanted > 0; i++) {
    const next = ratio - (ratio - 1 - Math.log(ratio) - wanted) / (1 - 1 / ratio);
    if (!Number.isFinite(next) || Math.abs(next - ratio) <= 1e-12 * ratio) break;
    ratio = next;
  }
  return wanted > 0 ? ratio : 1;
}

/**
 * Log-likelihood ratio of a mean being `shift` times what is expected against its being as expected, in nats, at relative
 * variance V: [x (1 − 1/θ) − ln θ] / V for a gamma distribution of shape 1/V.
 */
export const gammaGain = (ratio: number, shift: number, variance: number): number =>
  (ratio * (1 - 1 / shift) - Math.log(shift)) / variance;
