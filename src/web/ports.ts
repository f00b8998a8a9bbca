/** What the web side may ask of the program; the program fills it in. Nothing here changes state. */
export interface WebPorts {
  readonly page: PagePort;
  readonly query: QueryPort;
  /** Told of an error of our own that a request ran into; the request gets a 500. */
  bugCaught(error: unknown): void;
}

/** What the start page says. */
interface PagePort {
  readonly version: string;
}

/** What is read from the program as it stands. */
interface QueryPort {
  /** The /metrics page in text format 0.0.4. */
  metrics(): Promise<string>;
  /** True from the first scrape on. */
  ready(): boolean;
}
