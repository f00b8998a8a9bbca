/** What a series takes on the page at most, on average; names of models are text that others choose. */
const CHARACTERS = 200;

/** How many series a part of the page may have, and how long they may be together. */
export class PageRoom {
  #series: number;
  #characters: number;
  /** Series that found none. */
  leftOut = 0;

  constructor(series: number) {
    this.#series = series;
    this.#characters = CHARACTERS * series;
  }

  /** Takes room for some series together, each so long; where there is none for all of them none is taken. */
  take(series: number, characters: number): boolean {
    const fits = series <= this.#series && series * characters <= this.#characters;
    if (fits) {
      this.#series -= series;
      this.#characters -= series * characters;
    } else this.leftOut += series;
    return fits;
  }
}
