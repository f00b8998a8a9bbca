import { readFileSync } from "node:fs";
import type { Transition } from "../../src/alerts/types.ts";

/** What has to fire, or must not: on alerts with one of these names, of this model, of this severity. */
interface Wanted {
  readonly alert?: string | readonly string[];
  readonly model?: string;
  readonly severity?: string;
}

/** Seconds count from the recording's first scrape. */
interface Expectation {
  readonly must?: readonly (Wanted & { readonly after: number; readonly within: number })[];
  readonly never?: readonly (Wanted & { readonly from?: number; readonly to?: number })[];
}

/** What was done to the recorded servers, by recording; "name/5" is every fifth scrape of it. */
export const expectations = new Map<string, Expectation>(
  Object.entries(JSON.parse(readFileSync(new URL("../fixtures/recordings/expect.json", import.meta.url), "utf8"))),
);

/** A scrape may be dated a little before the action it shows. */
const EARLY = 0.5;

/** Holds what fired against what was expected. @returns a sentence for everything missed and every false alarm */
export function judge(expected: Expectation, transitions: readonly Transition[], start: number): readonly string[] {
  const fired = transitions
    .filter(({ state }) => state === "firing")
    .map(({ labels, at }) => ({ labels, seconds: (at - start) / 1000 }));
  const complaints: string[] = [];
  for (const wanted of expected.must ?? []) {
    const { after, within } = wanted;
    const hit = fired.some(
      (alert) => is(wanted, alert) && alert.seconds >= after - EARLY && alert.seconds <= after + within,
    );
    if (!hit) complaints.push(`missed ${wanted.alert} ${wanted.model ?? ""} at ${after} + ${within} s`);
  }
  for (const unwanted of expected.never ?? []) {
    const { from = 0, to = Number.POSITIVE_INFINITY } = unwanted;
    for (const alert of fired.filter((one) => is(unwanted, one) && one.seconds >= from && one.seconds <= to)) {
      complaints.push(`false ${alert.labels} at ${alert.seconds.toFixed(0)} s`);
    }
  }
  return complaints;
}

const is = ({ alert, model, severity }: Wanted, { labels }: Pick<Transition, "labels">): boolean =>
  (alert === undefined || [alert].flat().includes(labels.get("alertname") ?? "")) &&
  (model === undefined || model === labels.get("model")) &&
  (severity === undefined || severity === labels.get("severity"));
