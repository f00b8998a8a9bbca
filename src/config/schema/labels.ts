import { z } from "zod";
import { Labels } from "../../series/labels.ts";

const NAME = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/;
/** The same, and what relabelling and scraping read of a target. */
const TARGET_NAME =
  /^(?:(?!__)[a-zA-Z_][a-zA-Z0-9_]*|__(?:scheme|metrics_path|scrape_interval|scrape_timeout)__|__(?:param|tmp|meta)_.+)$/;

function labelMap(name: RegExp, wanted: string) {
  return z
    .record(
      z.string().regex(name, {
        error: (issue) => `Cannot use label name ${JSON.stringify(issue.input)}: expected ${wanted}`,
      }),
      z.string(),
    )
    .transform((written) => Labels.from(Object.entries(written)));
}

/** Labels to add to alerts. Names that begin with two underscores are the program's own. */
export const labels = labelMap(NAME, 'letters, digits and "_", no digit or "__" first');

/** Labels of targets: also those that say how a target is scraped, `__scheme__`, `__metrics_path__`, `__param_x`. */
export const targetLabels = labelMap(
  TARGET_NAME,
  'letters, digits and "_", no digit first, or for example "__metrics_path__", "__param_x", "__tmp_x"',
);
