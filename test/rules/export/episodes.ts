import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { replay } from "../../../src/app/replay.ts";
import type { Settings } from "../../../src/app/settings.ts";
import { asInputSeries, asRecording, type Scrape, START } from "./gridded.ts";

/** One time an alert fired: from the first scrape at which it did to the first at which it did not. */
export interface Episode {
  readonly alert: string;
  readonly from: number;
  readonly to: number;
}

/** What `replay` makes of scrapes. */
export async function episodesOfReplay(
  settings: Settings,
  scrapes: readonly Scrape[],
  seconds: number,
): Promise<readonly Episode[]> {
  const folder = mkdtempSync(join(tmpdir(), "export-"));
  const file = join(folder, "recording.jsonl");
  writeFileSync(file, asRecording(scrapes, seconds));
  const open = new Map<string, number>();
  const episodes: Episode[] = [];
  await replay(settings, [file], (event) => {
    if (event.kind !== "transition") return;
    const { labels, state, at } = event.transition;
    const alert = keyOf(labels.toJSON() as Record<string, string>);
    const step = Math.round((at - START) / 1000 / seconds);
    const from = open.get(alert);
    if (from !== undefined && state !== "pending") {
      episodes.push({ alert, from, to: step });
      open.delete(alert);
    }
    if (state === "firing") open.set(alert, step);
  });
  for (const [alert, from] of open) episodes.push({ alert, from, to: scrapes.length });
  rmSync(folder, { recursive: true });
  return merged(episodes);
}

/** What the rules engine of the real Prometheus makes of the same scrapes with an exported rule file. */
export function episodesOfPrometheus(rules: string, scrapes: readonly Scrape[], seconds: number): readonly Episode[] {
  const folder = mkdtempSync(join(tmpdir(), "export-"));
  writeFileSync(join(folder, "rules.yml"), rules);
  const times = scrapes.map((_, i) => `${i * seconds}s`);
  const test = {
    rule_files: ["rules.yml"],
    // Otherwise groups are evaluated in any order.
    group_eval_order: (parse(rules) as { groups: { name: string }[] }).groups.map(({ name }) => name),
    evaluation_interval: `${seconds}s`,
    tests: [
      {
        interval: `${seconds}s`,
        input_series: asInputSeries(scrapes),
        // Nothing is expected, so that promtool says what there is.
        promql_expr_test: times.map((eval_time) => ({ expr: FIRING, eval_time })),
      },
    ],
  };
  writeFileSync(join(folder, "test.yml"), stringify(test, { lineWidth: 0 }));
  const { stdout, stderr } = spawnSync("promtool", ["test", "rules", join(folder, "test.yml")], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  rmSync(folder, { recursive: true });
  return readFirings(stdout + stderr, seconds);
}

const FIRING = 'ALERTS{alertstate="firing"}';

/** Reads which alerts fired when out of what promtool says of expectations that failed. */
function readFirings(said: string, seconds: number): readonly Episode[] {
  // A rule that cannot be evaluated finds nothing.
  if (said.includes(", err: ")) throw new Error(said);
  const firing = new Map<string, Set<number>>();
  for (const [, time = "", got = ""] of said.matchAll(/time: (\S+),\s+exp: .*\s+got: (.*)/g)) {
    const step = Math.round(secondsOf(time) / seconds);
    for (const [, labels = ""] of got.matchAll(/\{((?:\w+="(?:[^"\\]|\\.)*"(?:, )?)*)\} \S+/g)) {
      const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, name, value]) => [name, value]);
      const { __name__: _, ...rest } = Object.fromEntries(pairs) as Record<string, string>;
      const key = keyOf(rest);
      firing.set(key, (firing.get(key) ?? new Set()).add(step));
    }
  }
  if (firing.size === 0 && !/SUCCESS|FAILED/.test(said)) throw new Error(said);
  return [...firing].flatMap(([alert, steps]) =>
    merged([...steps].sort((a, b) => a - b).map((step) => ({ alert, from: step, to: step + 1 }))),
  );
}

function secondsOf(text: string): number {
  const [, h = "0", m = "0", s = "0"] = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text) ?? [];
  return Number(h) * 3600 + Number(m) * 60 + Number(s);
}

const keyOf = (labels: Record<string, string>): string =>
  Object.keys(labels)
    // In ALERTS the label alertstate is Prometheus' own, whatever the alert's was.
    .filter((name) => labels[name] !== "" && name !== "alertstate")
    .sort((a, b) => Number(b === "alertname") - Number(a === "alertname") || (a < b ? -1 : 1))
    .map((name) => labels[name])
    .join(" ");

/** Episodes of one alert that meet are one. */
function merged(episodes: readonly Episode[]): readonly Episode[] {
  const last = new Map<string, Episode>();
  const all: Episode[] = [];
  for (const episode of episodes) {
    const before = last.get(episode.alert);
    if (before && before.to >= episode.from) {
      const longer = { ...before, to: episode.to };
      all[all.indexOf(before)] = longer;
      last.set(episode.alert, longer);
    } else {
      all.push(episode);
      last.set(episode.alert, episode);
    }
  }
  return all;
}
