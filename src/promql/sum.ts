/**
 * A running sum with Neumaier's compensation: what rounding loses is kept beside it, so that 1e100 + 1 − 1e100 is 1. An
 * infinite sum drops the compensation, which would otherwise make it NaN.
 */
export class CompensatedSum {
  sum = 0;
  rest = 0;

  reset(): void {
    this.sum = 0;
    this.rest = 0;
  }

  add(value: number): void {
    const total = this.sum + value;
    if (total === Number.POSITIVE_INFINITY || total === Number.NEGATIVE_INFINITY) this.rest = 0;
    else if (Math.abs(this.sum) >= Math.abs(value)) this.rest += this.sum - total + value;
    else this.rest += value - total + this.sum;
    this.sum = total;
  }

  get value(): number {
    return this.sum + this.rest;
  }
}

/** A running mean: a compensated sum divided at the end, or, once that sum would overflow, an incremental mean. */
export class CompensatedMean {
  count = 0;
  readonly #sum = new CompensatedSum();
  #incremental = false;

  reset(): void {
    this.count = 0;
    this.#sum.reset();
    this.#incremental = false;
  }

  add(value: number): void {
    this.count++;
    const sum = this.#sum;
    if (!this.#incremental) {
      const total = sum.sum + value;
      if (this.count === 1 || Math.abs(total) !== Number.POSITIVE_INFINITY) {
        sum.add(value);
        return;
      }
      this.#incremental = true;
      sum.sum /= this.count - 1;
      sum.rest /= this.count - 1;
    }
    const weight = (this.count - 1) / this.count;
    sum.sum *= weight;
    sum.rest *= weight;
    sum.add(value / this.count);
  }

  get value(): number {
    return this.#incremental ? this.#sum.value : this.#sum.sum / this.count + this.#sum.rest / this.count;
  }
}
