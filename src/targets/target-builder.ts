import { Labels } from "../series/labels.ts";
import { relabel } from "../series/relabel.ts";
import { type DurationMs, formatDuration, parseDuration } from "../series/time.ts";
import { printable } from "../telemetry/printable.ts";
import type { ScrapeJob } from "./job.ts";
import type { DroppedTarget, Target } from "./target.ts";

/** What became of a discovered target. */
export type BuiltTarget =
  | { readonly kind: "target"; readonly target: Target }
  | { readonly kind: "dropped"; readonly dropped: DroppedTarget };

/** A host name, an IPv4 address or an IPv6 address in brackets, then perhaps a port. */
const ADDRESS = /^(\[[0-9a-fA-F:.]+\]|[^\s/\\?#@:[\]%]+)(?::\d{1,5})?$/;
const MAX_ADDRESS = 1_024;
const PARAMETER = "__param_";

/**
 * Makes a target of what was discovered: the job's defaults are filled in where discovery says nothing, the job's rules
 * applied, and labels with two underscores in front left out (Prometheus, scrape/target.go). An address without a port means
 * the port of its scheme, 80 or 443.
 */
export function buildTarget(job: ScrapeJob, discovered: Labels): BuiltTarget {
  const discoveredLabels = Labels.of({
    job: job.jobName,
    __scheme__: job.scheme,
    __metrics_path__: job.metricsPath,
    __scrape_interval__: formatDuration(job.scrapeInterval),
    __scrape_timeout__: formatDuration(job.scrapeTimeout),
  }).with(discovered);
  const dropped = (why: string): BuiltTarget => ({
    kind: "dropped",
    dropped: { job: job.jobName, discoveredLabels, why },
  });
  const labels = relabel(discoveredLabels, job.relabel);
  if (labels === undefined) return dropped("relabelling dropped it");
  try {
    const { scrapeInterval, scrapeTimeout } = timesOf(labels);
    const address = labels.get("__address__") ?? "";
    const url = urlOf(labels, address);
    const own = Labels.from([["instance", address], ...labels.pairs.filter(([name]) => !name.startsWith("__"))]);
    return { kind: "target", target: { job, url, labels: own, discoveredLabels, scrapeInterval, scrapeTimeout } };
  } catch (error) {
    if (error instanceof RangeError) return dropped(error.message);
    throw error;
  }
}

function timesOf(labels: Labels): { scrapeInterval: DurationMs; scrapeTimeout: DurationMs } {
  const scrapeInterval = durationOf(labels, "__scrape_interval__");
  const scrapeTimeout = durationOf(labels, "__scrape_timeout__");
  if (scrapeTimeout <= scrapeInterval) return { scrapeInterval, scrapeTimeout };
  const longest = `at most the scrape interval, ${formatDuration(scrapeInterval)}`;
  throw new RangeError(`Cannot use scrape timeout "${formatDuration(scrapeTimeout)}": expected ${longest}`);
}

function durationOf(labels: Labels, name: string): DurationMs {
  const text = printable(labels.get(name) ?? "", 100);
  const duration = parseDuration(text);
  if (duration > 0) return duration;
  throw new RangeError(`Cannot use ${name} ${JSON.stringify(text)}: expected more than 0`);
}

function urlOf(labels: Labels, address: string): string {
  if (address === "") throw new RangeError("it has no address");
  const scheme = labels.get("__scheme__") ?? "";
  if (scheme !== "http" && scheme !== "https") throw unusable("scheme", scheme, '"http" or "https"');
  const base = `${scheme}://${address}`;
  if (address.length > MAX_ADDRESS || !ADDRESS.test(address) || !URL.canParse(base)) {
    throw unusable("address", address, 'a host and a port, for example "gpu-7:8002"');
  }
  const path = labels.get("__metrics_path__") ?? "";
  if (!path.startsWith("/")) throw unusable("metrics path", path, 'for example "/metrics"');
  const url = new URL(base);
  url.pathname = path;
  for (const [name, value] of labels.pairs) {
    if (name.startsWith(PARAMETER)) url.searchParams.set(name.slice(PARAMETER.length), value);
  }
  return url.href;
}

const unusable = (what: string, text: string, wanted: string): RangeError =>
  new RangeError(`Cannot use ${what} ${JSON.stringify(printable(text, 200))}: expected ${wanted}`);
