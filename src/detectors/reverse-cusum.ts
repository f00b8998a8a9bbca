/** Nats in favour of "normal again" that end an alarm of counts. */
const EXIT = 3;

/**
 * A reverse CUSUM in one cell: gathers evidence that all is normal again.
 * @param towards what was just seen in favour of normal, in nats; negative where it speaks for the alarm
 * @returns whether the alarm is over
 */
export function normalAgain(data: Float64Array, cell: number, towards: number): boolean {
  data[cell] = Math.max(0, data[cell]! + towards);
  return data[cell]! > EXIT;
}
