import { RuleSet } from "../../monitor/rule-set.ts";
import { DEFAULT_EVALUATION_INTERVAL } from "../../rules/tests/load.ts";
import type { RuleTest } from "../../rules/tests/types.ts";
import type { RuleGroup } from "../../rules/types.ts";
import { type DurationMs, durationMs, type EpochMs, formatDuration } from "../../series/time.ts";
import { recordedInputs } from "../recorded-scrapes.ts";
import type { Coverage } from "./coverage.ts";
import { feedOf, momentsOf, Writer } from "./moments.ts";
import type { Failure } from "./results.ts";
import { TestRun } from "./test-run.ts";
import { TestWorld } from "./test-world.ts";

/** What a test runs with beside itself. */
export interface TestSetting {
  /** The rules under test, in the order in which they run. */
  readonly groups: readonly RuleGroup[];
  readonly evaluationInterval: DurationMs | undefined;
  readonly fuzzy: boolean;
  /** Where the recording lies, for a test that has one. */
  readonly recording: string;
  readonly coverage: Coverage;
}

/** Runs one test, in a world of its own. @returns everything that is not as expected */
export function runTest(test: RuleTest, setting: TestSetting): Promise<readonly Failure[]> | readonly Failure[] {
  return test.input.kind === "recording" ? onRecording(test, setting) : onSeries(test, test.input, setting);
}

/** Whether rules have detectors: then series are scraped, as in production. */
export const detects = (groups: readonly RuleGroup[]): boolean =>
  groups.some(({ rules }) => rules.some((rule) => rule.kind === "alert" && rule.condition.kind === "detect"));

/** Whether only this program writes a family, under these rules. */
export function ownsOf(groups: readonly RuleGroup[]): (family: string) => boolean {
  const rules = new RuleSet(groups);
  return (family) => rules.owns(family);
}

function onSeries(
  test: RuleTest,
  input: RuleTest["input"] & { readonly kind: "series" },
  { groups, evaluationInterval, fuzzy, coverage }: TestSetting,
): readonly Failure[] {
  const interval = evaluationInterval ?? DEFAULT_EVALUATION_INTERVAL;
  const longest = input.series.reduce((most, { values }) => Math.max(most, values.length), 0);
  const whole = test.quiet.length > 0 ? Math.max(0, longest - 1) * input.interval : 0;
  const end = durationMs(Math.max(whole, lastOf(test)));
  const world = new TestWorld(test, groups, { kind: "grid", start: input.start, interval }, end);
  const feed = feedOf(input.series, detects(groups), ownsOf(groups));
  const writer = new Writer(input, feed);
  const run = new TestRun(test, world, input.start, { fuzzy, coverage, atOnce: false });
  for (const { at, scrapes, evaluates } of momentsOf(input, feed, interval, end)) {
    // Only what rules could see is there for expressions, as in promtool.
    if (evaluates) writer.writeTo(at, world.store.recorder);
    run.step(scrapes, at);
    if (run.broken) break;
  }
  return run.finish();
}

async function onRecording(test: RuleTest, setting: TestSetting): Promise<readonly Failure[]> {
  const { groups, fuzzy, coverage } = setting;
  let run: TestRun | undefined;
  let start: EpochMs | undefined;
  let last: EpochMs | undefined;
  try {
    const { spacing, batches } = await recordedInputs(setting.recording);
    const interval = setting.evaluationInterval ?? spacing;
    for await (const scrapes of batches) {
      const { at } = scrapes[0]!;
      start ??= at;
      run ??= new TestRun(test, worldOf(test, groups, interval), start, { fuzzy, coverage, atOnce: true });
      if (test.quiet.length === 0 && at - start > lastOf(test)) break;
      run.step(scrapes, at);
      last = at;
      if (run.broken) break;
    }
  } catch (error) {
    if (!(error instanceof RangeError || (error instanceof Error && "syscall" in error))) throw error;
    return [inputFailure(test, `cannot read the recording: ${error.message}`)];
  }
  if (run === undefined || start === undefined || last === undefined) {
    return [inputFailure(test, "the recording is empty: expected scrapes")];
  }
  const length = durationMs(last - start);
  const late = [...test.alerts, ...test.samples]
    .filter(({ at }) => at > length)
    .map(({ place, at }): Failure => {
      const summary = `the recording ends at ${formatDuration(length)}: expected it to go on to ${formatDuration(at)}`;
      return { kind: "input", place, summary, details: [] };
    });
  return run.broken || late.length === 0 ? run.finish() : [...late, ...run.finish()];
}

const worldOf = (test: RuleTest, groups: readonly RuleGroup[], interval: DurationMs): TestWorld =>
  new TestWorld(test, groups, { kind: "scrapes", interval }, durationMs(0));

const inputFailure = ({ input, place }: RuleTest, summary: string): Failure => ({
  kind: "input",
  place: input.kind === "recording" ? input.place : place,
  summary,
  details: [],
});

/** The last time a test looks at. */
const lastOf = ({ alerts, samples }: RuleTest): DurationMs =>
  durationMs([...alerts, ...samples].reduce((last, { at }) => Math.max(last, at), 0));
