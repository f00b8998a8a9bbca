import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Evaluation, RuleAlerts } from "../../src/alerts/rule-alerts.ts";
import type { AlertSettings, Transition } from "../../src/alerts/types.ts";
import { Labels } from "../../src/series/labels.ts";
import { durationMs, epochMs, SECOND } from "../../src/series/time.ts";

const seconds = (max: number) => fc.nat(max).map((n) => durationMs(n * SECOND));
const anySettings: fc.Arbitrary<AlertSettings> = fc.record({
  for: seconds(60),
  keepFiringFor: seconds(60),
  holdFor: seconds(60),
  limit: fc.constantFrom(0, 1, 2),
  events: fc.constant(false),
});

interface Tick {
  readonly gap: number;
  /** Per subject. */
  readonly marks: readonly ("#" | "." | "?")[];
}
const anyTicks = fc.array(
  fc.record({
    gap: fc.integer({ min: 1, max: 30 }),
    marks: fc.array(fc.constantFrom("#" as const, "." as const, "?" as const), { minLength: 3, maxLength: 3 }),
  }),
  { maxLength: 40 },
);

function* evaluations(ticks: readonly Tick[]): Iterable<Evaluation> {
  let at = 0;
  for (const { gap, marks } of ticks) {
    at += gap * SECOND;
    yield {
      at: epochMs(at),
      findings: marks.flatMap((mark, i) =>
        mark === "#" ? [{ labels: Labels.of({ subject: `${i}` }), annotations: {}, value: at, evidence: {} }] : [],
      ),
      unknown: (labels) => marks[Number(labels.get("subject"))] === "?",
    };
  }
}

const tell = (alerts: RuleAlerts, evaluation: Evaluation): readonly Transition[] => {
  const outcome = alerts.advance(evaluation);
  return outcome.kind === "advanced" ? outcome.transitions : [];
};

/** What happened to each subject, in order. */
function lives(settings: AlertSettings, ticks: readonly Tick[]): Map<string, Transition[]> {
  const alerts = new RuleAlerts(settings);
  return group([...evaluations(ticks)].flatMap((evaluation) => tell(alerts, evaluation)));
}

function group(transitions: readonly Transition[]): Map<string, Transition[]> {
  const bySubject = new Map<string, Transition[]>();
  for (const transition of transitions) {
    const life = bySubject.get(transition.labels.key) ?? [];
    life.push(transition);
    bySubject.set(transition.labels.key, life);
  }
  return bySubject;
}

describe("whatever happens", () => {
  test("an alert never fires before `for`", () => {
    fc.assert(
      fc.property(anySettings, anyTicks, (settings, ticks) => {
        for (const life of lives(settings, ticks).values()) {
          for (const { state, at, activeAt } of life)
            if (state === "firing") expect(at - activeAt).toBeGreaterThanOrEqual(settings.for);
        }
      }),
    );
  });

  test("an alert that fires is resolved exactly once before it fires again, with the same start", () => {
    fc.assert(
      fc.property(anySettings, anyTicks, (settings, ticks) => {
        for (const life of lives(settings, ticks).values()) {
          let firing: Transition | undefined;
          for (const transition of life) {
            expect(transition.state === "resolved").toBe(firing !== undefined);
            if (transition.state === "resolved") expect(transition.firedAt).toBe(firing?.firedAt);
            firing = transition.state === "firing" ? transition : undefined;
          }
        }
      }),
    );
  });

  test("the start of a firing alert stays as it is", () => {
    fc.assert(
      fc.property(anySettings, anyTicks, (settings, ticks) => {
        const alerts = new RuleAlerts(settings);
        const started = new Map<string, number>();
        for (const evaluation of evaluations(ticks)) {
          for (const { labels, state, firedAt } of tell(alerts, evaluation)) {
            if (state === "firing") started.set(labels.key, firedAt!);
          }
          for (const { labels, is } of alerts.alerts()) {
            if (is.state === "firing") expect(is.firedAt).toBe(started.get(labels.key));
          }
        }
      }),
    );
  });

  test("the same evaluation a second time changes nothing and tells nothing", () => {
    fc.assert(
      fc.property(anySettings, anyTicks, (settings, ticks) => {
        const alerts = new RuleAlerts(settings);
        for (const evaluation of evaluations(ticks)) {
          alerts.advance(evaluation);
          const before = alerts.save();
          expect(tell(alerts, evaluation)).toEqual([]);
          expect(alerts.save()).toEqual(before);
        }
      }),
    );
  });

  test("an alert whose subject is unknown changes only by ending, after `hold_for`", () => {
    fc.assert(
      fc.property(anySettings, anyTicks, (settings, ticks) => {
        const alerts = new RuleAlerts(settings);
        for (const evaluation of evaluations(ticks)) {
          for (const { labels, reason } of tell(alerts, evaluation)) {
            if (evaluation.unknown?.(labels)) expect(reason).toBe("unknown");
            else expect(reason).toBeUndefined();
          }
        }
      }),
    );
  });

  test("pending and firing alerts stay within the limit", () => {
    fc.assert(
      fc.property(anySettings, anyTicks, (settings, ticks) => {
        const alerts = new RuleAlerts(settings);
        for (const evaluation of evaluations(ticks)) {
          alerts.advance(evaluation);
          const active = [...alerts.alerts()].filter(({ is }) => is.state !== "resolved");
          expect(active.length).toBeLessThanOrEqual(settings.limit || 3);
        }
      }),
    );
  });

  test("saved and restored at once, it goes on the same", () => {
    fc.assert(
      fc.property(anySettings, anyTicks, (settings, ticks) => {
        const kept = new RuleAlerts(settings);
        let restored = new RuleAlerts(settings);
        for (const evaluation of evaluations(ticks)) {
          expect(tell(restored, evaluation)).toEqual(tell(kept, evaluation));
          const next = new RuleAlerts(settings);
          next.restore(restored.save(), durationMs(0));
          restored = next;
        }
      }),
    );
  });
});
