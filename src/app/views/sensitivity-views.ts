import type { World } from "../../monitor/world.ts";
import type { Judged } from "../../rules/judge.ts";
import type { AlertRule } from "../../rules/types.ts";
import { epochMs } from "../../series/time.ts";
import type { ApiNoisySubject, ApiRaise, ApiSensitivity } from "../../web/sensitivity-types.ts";
import { ownLabels, subjectId } from "./fingerprints.ts";

/** What one rule watches, and how much of it is noisy. */
interface Counts {
  readonly rule: AlertRule;
  subjects: number;
  noisy: number;
}

/** Every rule over statistics with its subjects and those that are noisy, over all targets. */
export function countSubjects({ targetRules, rules }: World): readonly Counts[] {
  const found = new Map<AlertRule, Counts>();
  for (const rule of rules.alertRules()) {
    const statistic = rule.condition.kind === "detect" && rule.condition.detect.signal.kind !== "models";
    if (statistic) found.set(rule, { rule, subjects: 0, noisy: 0 });
  }
  for (const each of targetRules.values()) {
    for (const [rule, judge] of each.judges()) {
      const counts = found.get(rule);
      if (!counts) continue;
      counts.subjects += judge.read;
      for (const _ of judge.noisy()) counts.noisy++;
    }
  }
  return [...found.values()];
}

/** How the fleet's budget of false alarms is spent, and which rules have noisy subjects. */
export function showSensitivity(world: World): ApiSensitivity {
  const { report } = world.budget;
  const budgets = new Map(report?.rules.map((one) => [one.rule, one]));
  return {
    falseAlarmsPerWeek: world.options.falseAlarmsPerWeek ?? null,
    ...(report && { looksPerWeek: Math.round(report.looks), neededNats: rounded(report.needed) }),
    rules: countSubjects(world).map(({ rule, subjects, noisy }) => {
      const budget = budgets.get(rule);
      return {
        rule: rule.name,
        labels: ownLabels(world.rules, rule).toJSON(),
        subjects,
        noisySubjects: noisy,
        ...(budget && { ownNats: rounded(budget.own) }),
        raiseNats: rounded(budget?.raise ?? 0),
      };
    }),
    noisy: [...noisySubjects(world)],
  };
}

function* noisySubjects(world: World): Iterable<ApiNoisySubject> {
  for (const each of world.targetRules.values()) {
    for (const [rule, judge] of each.judges()) {
      for (const { watched, noise } of judge.noisy()) {
        yield {
          id: subjectId(world.rules, rule, watched),
          rule: rule.name,
          labels: watched.labels.with(ownLabels(world.rules, rule)).toJSON(),
          raiseNats: noise.raise,
          alarms: noise.alarms(epochMs(watched.reading.at)),
        };
      }
    }
  }
}

/** By how much a subject's threshold is raised; undefined where it is not. */
export function showRaise({
  raise,
  noise,
  watched,
}: Pick<Judged, "raise" | "noise" | "watched">): ApiRaise | undefined {
  if (raise <= 0) return undefined;
  const byNoise = noise?.raise ?? 0;
  return {
    nats: rounded(raise),
    byBudget: rounded(raise - byNoise),
    byNoise,
    alarms: noise?.alarms(epochMs(watched.reading.at)) ?? 0,
  };
}

const rounded = (value: number): number => Number(value.toPrecision(4));
