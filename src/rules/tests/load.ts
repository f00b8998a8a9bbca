import { check } from "../../documents/check.ts";
import { type Mistake, mistakeAt, sortMistakes } from "../../documents/mistakes.ts";
import { type Document, nodeAt, type Path, spanAt, textAt } from "../../documents/nodes.ts";
import { readDocument } from "../../documents/read-document.ts";
import { type Place, placeOf } from "../../documents/source.ts";
import { Labels } from "../../series/labels.ts";
import { durationMs, epochMs, MINUTE } from "../../series/time.ts";
import { ruleTestFileSchema, type WrittenTest } from "./schema.ts";
import type { AlertExpectation, Placed, RuleTest, RuleTestFile, SampleExpectation, TestInput } from "./types.ts";

/** How often rules run where a file of tests does not say. */
export const DEFAULT_EVALUATION_INTERVAL = MINUTE;

/** Values the series of one test may stand for together. */
const MAX_VALUES = 5_000_000;
/** Evaluations, and scrapes of a target, of one test: half a year of seconds is nobody's test. */
const MAX_STEPS = 1_000_000;

/** A file of tests, to be used only where no mistake is an error. */
export interface LoadedTests {
  /** Undefined where the file cannot be used. */
  readonly file: RuleTestFile | undefined;
  readonly mistakes: readonly Mistake[];
}

/** Reads a file of rule tests. Never throws; every mistake of it is reported at once. Its rule files are not looked at. */
export function loadRuleTests(file: string, text: string): LoadedTests {
  const document = readDocument(file, text);
  const checked = check(document, ruleTestFileSchema, (path) => describe(document, path));
  if (checked.kind === "mistakes") return { file: undefined, mistakes: checked.mistakes };
  const at = new Places(document);
  const { rule_files, packaged_rules, evaluation_interval, group_eval_order, fuzzy_compare, tests } = checked.value;
  const groupOrder = at.each(["group_eval_order"], group_eval_order);
  const interval = evaluation_interval || undefined;
  const mistakes = [
    ...repeated(groupOrder, at, "group_eval_order"),
    ...(tests ?? []).flatMap((test, i) => tooMuch(test, i, at)),
    ...(tests ?? []).flatMap((test, i) => tooLong(test, i, interval ?? DEFAULT_EVALUATION_INTERVAL, at)),
  ];
  return {
    file: {
      file,
      ruleFiles: at.each(["rule_files"], rule_files),
      packagedRules: packaged_rules ?? false,
      evaluationInterval: interval,
      groupOrder,
      fuzzy: fuzzy_compare ?? false,
      tests: (tests ?? []).map((test, i) => buildTest(test, i, interval ?? DEFAULT_EVALUATION_INTERVAL, at)),
    },
    mistakes: sortMistakes(mistakes),
  };
}

/** Where the parts of a document stand. */
class Places {
  readonly document: Document;

  constructor(document: Document) {
    this.document = document;
  }

  of(path: Path): Place {
    return placeOf(spanAt(this.document.root!, path));
  }

  each<T>(path: Path, values: readonly T[] | undefined): readonly Placed<T>[] {
    return (values ?? []).map((value, i) => ({ value, place: this.of([...path, i]) }));
  }

  mistake(path: Path, message: string): Mistake {
    return mistakeAt(spanAt(this.document.root!, path), message);
  }
}

function buildTest(test: WrittenTest, i: number, evaluationInterval: number, at: Places): RuleTest {
  const path: Path = ["tests", i];
  return {
    name: test.name || `test ${i + 1}`,
    place: at.of(test.name ? [...path, "name"] : path),
    input: inputOf(test, path, evaluationInterval, at),
    alerts: (test.alert_rule_test ?? []).map(
      (written, j): AlertExpectation => ({
        place: at.of([...path, "alert_rule_test", j]),
        at: written.eval_time ?? durationMs(0),
        alertname: written.alertname,
        state: written.exp_state ?? "firing",
        subset: written.match === "subset",
        alerts: (written.exp_alerts ?? []).map(({ exp_labels, exp_annotations }) => ({
          labels: new Map(Object.entries(exp_labels ?? {})),
          annotations: new Map(Object.entries(exp_annotations ?? {})),
        })),
      }),
    ),
    samples: (test.promql_expr_test ?? []).map(
      (written, j): SampleExpectation => ({
        place: at.of([...path, "promql_expr_test", j]),
        at: written.eval_time ?? durationMs(0),
        ...written.expr,
        samples: (written.exp_samples ?? []).map(({ labels, value }) => ({
          labels: labels ?? Labels.EMPTY,
          value: value ?? 0,
        })),
      }),
    ),
    quiet: at.each([...path, "quiet"], test.quiet),
    externalLabels: Labels.of(test.external_labels ?? {}),
    externalURL: test.external_url ?? "",
  };
}

function inputOf(test: WrittenTest, path: Path, evaluationInterval: number, at: Places): TestInput {
  if (test.recording !== undefined) {
    return { kind: "recording", path: test.recording, place: at.of([...path, "recording"]) };
  }
  return {
    kind: "series",
    interval: durationMs(test.interval || evaluationInterval),
    start: test.start_timestamp ?? epochMs(0),
    series: (test.input_series ?? []).map(({ series, values }, j) => ({
      labels: series,
      values: values ?? { runs: [], length: 0 },
      place: at.of([...path, "input_series", j]),
    })),
  };
}

function repeated(names: readonly Placed<string>[], at: Places, field: string): readonly Mistake[] {
  return names.flatMap(({ value }, i) => {
    const first = names.findIndex((other) => other.value === value);
    return first === i ? [] : [at.mistake([field, i], `group ${JSON.stringify(value)} stands in the order twice`)];
  });
}

function tooMuch({ input_series }: WrittenTest, i: number, at: Places): readonly Mistake[] {
  const values = (input_series ?? []).reduce((sum, series) => sum + (series.values?.length ?? 0), 0);
  if (values <= MAX_VALUES) return [];
  return [at.mistake(["tests", i, "input_series"], `expected at most ${MAX_VALUES} values of all series together`)];
}

function tooLong(test: WrittenTest, i: number, evaluationInterval: number, at: Places): readonly Mistake[] {
  if (test.recording !== undefined) return [];
  const shortest = Math.min(evaluationInterval, test.interval || evaluationInterval);
  return (["alert_rule_test", "promql_expr_test"] as const).flatMap((field) =>
    (test[field] ?? []).flatMap(({ eval_time = 0 }, j) => {
      if (eval_time / shortest <= MAX_STEPS) return [];
      return [
        at.mistake(["tests", i, field, j, "eval_time"], `expected at most ${MAX_STEPS} intervals after the start`),
      ];
    }),
  );
}

/** Names a place in a file of tests: `test "name": alert_rule_test[0].eval_time`. */
function describe({ root }: Document, path: Path): string {
  const [top, i, ...rest] = path;
  const text = (steps: Path): string =>
    steps
      .map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`))
      .join("")
      .replace(/^\./, "");
  if (top !== "tests" || i === undefined || nodeAt(root, ["tests", i]) === undefined) return text(path);
  const name = textAt(root, ["tests", i, "name"]);
  const test = name === undefined ? `test ${Number(i) + 1}` : `test ${JSON.stringify(name)}`;
  return rest.length === 0 ? test : `${test}: ${text(rest)}`;
}
