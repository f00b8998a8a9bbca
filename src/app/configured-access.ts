import { parseTargetUrl, told } from "../config/address.ts";
import type { HttpOptions } from "../http/options.ts";
import { Labels } from "../series/labels.ts";
import { buildTarget } from "../targets/target-builder.ts";
import { readSettings } from "./settings.ts";
import { staticTargets } from "./static-targets.ts";
import { UserMistake } from "./user-mistake.ts";

/** Where a target's page is, and how it is asked for. */
export interface ConfiguredAccess {
  readonly url: string;
  readonly http: HttpOptions;
}

/**
 * How a target is asked for under a configuration, or without one as it stands.
 * @param text the target as people write it: a URL, an address or what its instance label says
 * @param from the configuration, and which job of it; without a job the first whose static targets hold the target
 * @throws UserMistake where the configuration cannot be used or has no such job or target
 */
export async function configuredAccess(
  text: string,
  from: { readonly config?: string; readonly job?: string },
): Promise<ConfiguredAccess> {
  if (from.config === undefined) {
    if (from.job !== undefined)
      throw new UserMistake("Cannot use --job without --config: expected a file to find it in");
    return { url: text, http: {} };
  }
  const { config } = await readSettings({ config: from.config, urls: [] });
  const names = config.jobs.map(({ jobName }) => JSON.stringify(jobName)).join(", ");
  if (from.job === undefined) {
    const wanted = namesOf(text);
    const found = staticTargets(config.jobs).find(({ url, labels, discoveredLabels }) =>
      [url, labels.get("instance"), discoveredLabels.get("__address__")].some((name) => wanted.includes(name ?? "")),
    );
    if (found !== undefined) return { url: found.url, http: found.job.http };
    throw new UserMistake(
      `Cannot find target ${told(text)} in the static_configs of ${from.config}: expected --job, one of ${names || "none"}`,
    );
  }
  const job = config.jobs.find(({ jobName }) => jobName === from.job);
  if (job === undefined) {
    throw new UserMistake(
      `Cannot find job ${JSON.stringify(from.job)} in ${from.config}: expected one of ${names || "none"}`,
    );
  }
  if (text.includes("://")) return { url: text, http: job.http };
  const built = buildTarget(job, Labels.of({ __address__: text }));
  if (built.kind === "target") return { url: built.target.url, http: job.http };
  throw new UserMistake(`Cannot use target ${told(text)} in job ${JSON.stringify(from.job)}: ${built.dropped.why}`);
}

/** What a target may be called in a configuration, if this is what people call it. */
function namesOf(text: string): readonly string[] {
  try {
    const { url, instance } = parseTargetUrl(text);
    return text.includes("://") ? [text, new URL(url).href] : [text, instance];
  } catch (error) {
    if (error instanceof RangeError) return [text];
    throw error;
  }
}
