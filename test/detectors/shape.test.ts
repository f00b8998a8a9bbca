import fc from "fast-check";
import { expect, test } from "vitest";
import { initShape, learnShape, SHAPE_CELLS, shapeOf } from "../../src/detectors/shape.ts";

/** The docstring's formula without any short cut. */
function learnPlainly(data: Float64Array, k: number, mu: number): void {
  if (mu < 0.2) return;
  const cv2 = 1 / shapeOf(data, 0);
  const off = Math.min(k, mu + 4 * Math.sqrt(mu + cv2 * mu * mu)) - mu;
  const weight = (mu / (1 + mu)) * (mu / (1 + mu));
  data[0] = Math.max(0, data[0]! * (1 - 1 / 2000) + (weight * (off * off - mu)) / (mu * mu));
  data[1] = data[1]! * (1 - 1 / 2000) + weight;
}

test("the short cut of ordinary counts learns what the formula says, bit for bit", () => {
  const mean = fc.double({ min: 0.01, max: 1e6, noNaN: true });
  // Around four standard deviations the cut begins; far above, it is certain.
  const deviations = fc.oneof(fc.double({ min: -4, max: 6, noNaN: true }), fc.constantFrom(3.872, 3.873, 4, 1e9));
  fc.assert(
    fc.property(fc.array(fc.tuple(mean, deviations), { maxLength: 50 }), (counts) => {
      const [quick, plain] = [new Float64Array(SHAPE_CELLS), new Float64Array(SHAPE_CELLS)];
      for (const data of [quick, plain]) initShape(data, 0, 0.25);
      for (const [mu, off] of counts) {
        const k = Math.max(0, mu + off * Math.sqrt(mu + 0.005 * mu * mu));
        learnShape(quick, 0, k, mu);
        learnPlainly(plain, k, mu);
      }
      expect(quick).toEqual(plain);
    }),
    { numRuns: 500 },
  );
});
