import { RuleSet } from "../../../monitor/rule-set.ts";
import { PromqlError } from "../../../promql/error.ts";
import { parseSelector } from "../../../promql/parse.ts";
import type { Clock } from "../../../series/clock.ts";
import { maskedUrl } from "../../../series/masked-url.ts";
import { type Matcher, metricNameOf } from "../../../series/matchers.ts";
import { type DurationMs, type EpochMs, formatTime } from "../../../series/time.ts";
import { printable } from "../../../telemetry/printable.ts";
import { loadRuleGroups } from "../../rule-files.ts";
import type { Settings } from "../../settings.ts";
import { UserMistake } from "../../user-mistake.ts";
import type { History } from "../history.ts";
import { readHttpConfig } from "../http-config.ts";
import { PrometheusApi } from "./api.ts";
import { prometheusHistory } from "./prometheus-history.ts";

/** A server and a span of its history, as a person names them. */
export interface PrometheusSource {
  readonly url: string;
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly step: DurationMs;
  /** Selectors of which each must choose a series. */
  readonly match: readonly string[];
  /** Each `Name: value`. */
  readonly headers: readonly string[];
  readonly httpConfig?: string;
  readonly userAgent: string;
}

const HEADER = /^([A-Za-z0-9!#$%&'*+.^_`|~-]+):[ \t]*([\x20-\x7e]*)$/;

/**
 * The history of a server as far as these rules read it, and what ends the connection.
 * @throws UserMistake on what cannot be used, or where there is nothing; Unreachable
 */
export async function openSource(
  source: PrometheusSource,
  settings: readonly Settings[],
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<{ readonly history: History; readonly close: () => Promise<void> }> {
  const { from, to, step, userAgent } = source;
  const url = urlOf(source.url);
  if (from >= to) {
    throw new UserMistake(`Cannot read from ${formatTime(from)} to ${formatTime(to)}: expected --from before --to`);
  }
  const narrow = source.match.flatMap(matchersOf);
  const headers = Object.fromEntries(source.headers.map(headerOf));
  const http = source.httpConfig === undefined ? {} : await readHttpConfig(source.httpConfig);
  const access = { url, http, headers, userAgent };
  const rules: RuleSet[] = [];
  for (const { config, rules: files } of settings) {
    rules.push(new RuleSet(await loadRuleGroups(files), config.evaluation.lookback));
  }
  const api = new PrometheusApi(access, clock, signal);
  try {
    const history = await prometheusHistory(api, rules, { name: maskedUrl(url), from, to, step, narrow });
    return { history, close: () => api.close() };
  } catch (error) {
    await api.close();
    throw error;
  }
}

function matchersOf(text: string): readonly Matcher[] {
  const shown = printable(JSON.stringify(text));
  const matchers = parsed(text, shown);
  if (metricNameOf(matchers) === undefined) return matchers;
  throw new UserMistake(
    `Cannot use --match ${shown}: expected conditions on labels without a metric name, for example '{job="triton"}'`,
  );
}

function parsed(text: string, shown: string): readonly Matcher[] {
  try {
    return parseSelector(text);
  } catch (error) {
    if (!(error instanceof PromqlError)) throw error;
    throw new UserMistake(`Cannot use --match ${shown}: ${error.message}`);
  }
}

function headerOf(text: string): readonly [name: string, value: string] {
  const [, name, value] = HEADER.exec(text) ?? [];
  if (name !== undefined && value !== undefined) return [name, value];
  throw new UserMistake('Cannot use this --header: expected a name and a value, for example "X-Scope-OrgID: ml"');
}

function urlOf(text: string): string {
  const whole = text.includes("://") ? text : `http://${text}`;
  if (URL.canParse(whole) && /^https?:/.test(whole)) return whole;
  throw new UserMistake('Cannot use --prometheus: expected an http or https URL, for example "http://prometheus:9090"');
}
