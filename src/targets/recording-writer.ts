import { open } from "node:fs/promises";
import type { Writable } from "node:stream";
import { finished, pipeline } from "node:stream/promises";
import { constants, createGzip, type Gzip } from "node:zlib";
import { formatRecorded, type RecordedScrape } from "./recording.ts";

/**
 * Writes a recording, compressed when its name ends in ".gz". Every line is handed on as it is written, so that a kill loses
 * no more than the last of them.
 */
export class RecordingWriter {
  readonly #into: Writable;
  readonly #gzip: Gzip | undefined;
  readonly #ended: Promise<void>;
  #failure: unknown;

  private constructor(file: Writable, gzip: Gzip | undefined) {
    this.#gzip = gzip;
    this.#into = gzip ?? file;
    this.#ended = gzip === undefined ? finished(file) : pipeline(gzip, file);
    this.#ended.catch((error: unknown) => {
      this.#failure = error;
    });
  }

  /** Makes the file. @throws what the file system says; also where there is such a file already: none is overwritten */
  static async create(path: string): Promise<RecordingWriter> {
    const file = (await open(path, "wx")).createWriteStream();
    return new RecordingWriter(file, path.endsWith(".gz") ? createGzip() : undefined);
  }

  /** Resolves when the line is on its way to the file. @throws what the file system says, also of an earlier line */
  async write(scrape: RecordedScrape): Promise<void> {
    await this.#write(`${formatRecorded(scrape)}\n`);
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Ends the file in good order. */
  async close(): Promise<void> {
    this.#into.end();
    await this.#ended;
  }

  #write(line: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (error?: Error | null) => (error ? reject(this.#failure ?? error) : resolve());
      this.#into.write(line, (error) => {
        if (error || this.#gzip === undefined) settle(error);
        else this.#gzip.flush(constants.Z_SYNC_FLUSH, settle);
      });
    });
  }
}
