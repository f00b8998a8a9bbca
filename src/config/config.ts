import type { z } from "zod";
import type { ScrapeJob } from "../targets/job.ts";
import type { configSchema } from "./schema/index.ts";
import type { CamelKeys } from "./schema/section.ts";

/** What the config file's schema reads, sections in camel case. */
export type Sections = CamelKeys<z.output<typeof configSchema>>;

/** The whole configuration, frozen: every section with its defaults, paths absolute, and a job for each scrape config. */
export type Config = Omit<Sections, "scrapeConfigs"> & { readonly jobs: readonly ScrapeJob[] };
