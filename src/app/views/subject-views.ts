import type { World } from "../../monitor/world.ts";
import { unitOf } from "../../rules/evidence.ts";
import type { Judged } from "../../rules/judge.ts";
import type { AlertRule } from "../../rules/types.ts";
import type { Watch } from "../../rules/watch.ts";
import type { ApiSubject, ApiSubjectHistory } from "../../web/subject-types.ts";
import { seriesDetectOf, showTest, verdictOf } from "../explain/verdict.ts";
import { ownLabels, subjectId } from "./fingerprints.ts";
import { learningOf } from "./learning-views.ts";
import { showRaise } from "./sensitivity-views.ts";
import { showTolerances } from "./tolerance-views.ts";

/** Everything that `detect:` rules watch, as it stands. */
export function* showSubjects(world: World): Iterable<ApiSubject> {
  for (const [rule, judged, watch] of judgements(world)) yield showSubject(world, rule, judged, watch);
}

/** One subject with its history, by its id. */
export function showSubjectHistory(world: World, id: string): ApiSubjectHistory | undefined {
  for (const [rule, judged, watch] of judgements(world)) {
    const detect = seriesDetectOf(rule);
    if (!detect || subjectId(world.rules, rule, judged.watched) !== id) continue;
    const points = world.history.of(rule, judged.watched);
    return {
      ...showSubject(world, rule, judged, watch),
      unit: unitOf(detect),
      verdict: verdictOf(detect, watch, judged),
      looked: showTest(judged.explanation),
      history: {
        at: (points?.at ?? []).map((ms) => ms / 1000),
        observed: known(points?.observed),
        expected: known(points?.expected),
        lower: known(points?.lower),
        upper: known(points?.upper),
        score: known(points?.score),
      },
    };
  }
  return undefined;
}

function* judgements(world: World): Iterable<readonly [AlertRule, Judged, Watch]> {
  for (const rules of world.targetRules.values()) {
    for (const [rule, judge] of rules.judges()) for (const judged of judge.judged()) yield [rule, judged, judge.watch];
  }
}

function showSubject(
  { rules }: World,
  rule: AlertRule,
  { watched, state, score, explanation, tolerances, raise, noise }: Judged,
  watch: Watch,
): ApiSubject {
  const { condition } = rule;
  const kind = condition.kind === "detect" ? condition.detect.signal.kind : "level";
  const detect = seriesDetectOf(rule);
  const raised = showRaise({ raise, noise, watched });
  const learning = detect && learningOf(watch, watched, detect);
  return {
    id: subjectId(rules, rule, watched),
    rule: rule.name,
    labels: watched.labels.with(ownLabels(rules, rule)).toJSON(),
    signal: kind === "models" ? "level" : kind,
    state,
    score: Number.isFinite(score) ? score : 0,
    ...finite("observed", explanation.observed),
    ...finite("expected", explanation.expected),
    ...finite("lower", explanation.lower),
    ...finite("upper", explanation.upper),
    ...(learning && { learning }),
    ...(watched.prior && { prior: watched.prior.toJSON() }),
    ...(raised && { raised }),
    ...(raised && raised.byNoise > 0 && { noisy: true }),
    ...(tolerances.length > 0 && { tolerated: showTolerances({ tolerances, watched }) }),
  };
}

/** JSON has no infinity and no NaN: such a value is left out. */
const finite = <Name extends string>(name: Name, value: number | undefined) =>
  (value !== undefined && Number.isFinite(value) ? { [name]: value } : {}) as { readonly [N in Name]?: number };

const known = (column: readonly number[] = []): (number | null)[] =>
  column.map((value) => (Number.isFinite(value) ? value : null));
