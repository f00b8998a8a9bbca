import type { z } from "zod";
import type { Labels } from "../series/labels.ts";
import type { DurationMs } from "../series/time.ts";
import type { configSchema } from "./schema/index.ts";
import type { CamelKeys } from "./schema/section.ts";

/** One metrics endpoint and how to scrape it. */
export interface Target {
  readonly job: string;
  readonly url: string;
  readonly instance: string;
  /** `job`, `instance` and the static labels: what every series of the target carries. */
  readonly labels: Labels;
  readonly scrapeInterval: DurationMs;
  readonly scrapeTimeout: DurationMs;
  /** In bytes, after decompression. */
  readonly bodySizeLimit: number;
  readonly sampleLimit: number;
  /** In bytes. */
  readonly labelValueLengthLimit: number;
}

/** What the config file's schema reads, sections in camel case. */
export type Sections = CamelKeys<z.output<typeof configSchema>>;

/** The whole configuration, frozen: every section with its defaults, and the targets its scrape configs come to. */
export type Config = Omit<Sections, "scrapeConfigs"> & { readonly targets: readonly Target[] };
