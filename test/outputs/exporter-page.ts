import { renderExporterPage } from "../../src/outputs/exporter.ts";
import type { AlertView, ExporterViews, SubjectView } from "../../src/outputs/exporter-views.ts";
import { Labels } from "../../src/series/labels.ts";
import { epochMs } from "../../src/series/time.ts";
import { Telemetry } from "../../src/telemetry/telemetry.ts";

const TARGET = { job: "triton", instance: "a:8002" };

const NOTHING: ExporterViews = {
  alerts: () => [],
  exceptions: () => [],
  subjects: () => [],
  rules: () => [],
  models: () => [],
  modelEvents: () => [],
  targets: () => [],
};

/** The instant at which everything on these pages happened. */
export const AT = epochMs(1_795_000_000_500);

/** Views of which a test says only what it is about. */
export const viewsOf = (views: Partial<ExporterViews>): ExporterViews => ({ ...NOTHING, ...views });

/** A page of what a test says, without self-metrics. */
export const pageOf = (views: Partial<ExporterViews>, maxSeries = 10_000): string =>
  renderExporterPage("", viewsOf(views), maxSeries);

/** The sample lines of one family. */
export const samplesOf = (text: string, name: string): string[] =>
  text
    .split("\n")
    .filter((line) => line.startsWith(`triton_sentinel_${name}{`) || line.startsWith(`triton_sentinel_${name} `));

export const alertOf = (
  labels: Record<string, string>,
  state: AlertView["state"],
  severity = "warning",
): AlertView => ({ labels: Labels.of(labels), state, severity, ...(state > 0 && { activeSince: AT }) });

export const subjectOf = (model: string, more: Partial<SubjectView> = {}): SubjectView => ({
  rule: "R",
  labels: Labels.of({ instance: "a:8002", model }),
  observed: 3,
  expected: 2,
  lower: 1,
  upper: 4,
  score: 0.5,
  learning: false,
  normal: true,
  ...more,
});

/** Names that try to end a line, a label or a comment. */
const HOSTILE = ['a"b', "a\nb", "a{b}", "a\\", "模型 ü", "}", "# TYPE x counter", "__proto__", "a\u2028b", "\u0000"];

/** Views with everything in them, all of it called by hostile names. */
export function hostileViews(): ExporterViews {
  const labels = HOSTILE.map((model) =>
    Labels.from([
      ["instance", "a:8002"],
      ["model", model],
      ["bad-name.9", "x"],
      ["9", "y"],
    ]),
  );
  return {
    alerts: () =>
      labels.map((of) => ({
        labels: of.with({ alertname: "X", target: "mine" }),
        state: 2,
        severity: "evil\n",
        activeSince: AT,
      })),
    exceptions: () => HOSTILE.map((name) => ({ alertname: name, position: `${name}:1`, hits: 1 })),
    subjects: () =>
      labels.map((of) => ({ ...subjectOf(""), labels: of, rule: 'R"', score: Number.NaN, upper: Infinity })),
    rules: () => HOSTILE.map((rule) => ({ labels: Labels.of({ rule }), subjects: 3, noisy: 1, raise: 0.5 })),
    models: () => labels.map((of) => ({ labels: of, firstSeen: AT })),
    modelEvents: () => labels.map((of) => ({ labels: of.with({ event: "loaded" }), count: 1, lastAt: AT })),
    targets: () => [
      {
        labels: Labels.of({ job: "triton", instance: "a:8002" }),
        up: true,
        durationSeconds: 1,
        samples: 1,
        bodyBytes: 1,
        lastSuccess: AT,
        failures: new Map([["too-slow", 1]]),
      },
    ],
  };
}

/** A telemetry to which everything has happened once. */
export function busyTelemetry(): Telemetry {
  const silent = { version: "1", revision: "r", logLevel: "error", logFormat: "json", sink: { write() {} } } as const;
  const telemetry = new Telemetry({ ...silent, now: () => AT });
  telemetry.rulesInForce([{ name: "X", severity: "critical" }, { name: "recorded" }]);
  telemetry.ruleEvaluated("X", 0.25);
  telemetry.ruleEvaluated('evil "\n{}', 0.25, "cannot");
  telemetry.alertTransition({ alertname: "X", severity: "critical", state: "firing", labels: "{}" });
  telemetry.scrapeFinished(TARGET, { kind: "body" }, 0.01, 377);
  telemetry.pageOddities(TARGET, [{ kind: "forged", line: 1, text: "x", why: "y" }], 1);
  telemetry.targetsChanged(new Map([["triton", { active: 2, dropped: 1 }]]));
  telemetry.discoveryFailed("dns", "no answer");
  telemetry.configLoaded(AT / 1000, "abc123");
  telemetry.stepped(AT / 1000);
  telemetry.streamClients(3);
  telemetry.storeMeasured({ reachSeconds: 60, bytes: 1_000, series: 10 });
  telemetry.learning.rebaselined("X", { labels: "{}", from: 1, to: 2, by: undefined });
  const output = { kind: "webhook", name: "soc" };
  telemetry.delivery.outputKnown(output, 1_000);
  telemetry.delivery.attempted(output, { kind: "sent" }, { messages: 1 }, 0.02);
  telemetry.delivery.settled(output, "sent", { messages: 1 });
  return telemetry;
}
