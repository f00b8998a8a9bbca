import { Notifier } from "../../../src/app/notify/notifier.ts";
import type { NotifyPorts, NotifySettings } from "../../../src/app/notify/notify-settings.ts";
import type { AlertmanagerGroup, EmailOutput, WebhookOutput } from "../../../src/config/deliveries.ts";
import type { MonitorEvent } from "../../../src/monitor/events.ts";
import type { Ending, OutputName } from "../../../src/outputs/delivery-ports.ts";
import { Labels } from "../../../src/series/labels.ts";
import { Secret } from "../../../src/series/secret.ts";
import { durationMs, MINUTE, SECOND } from "../../../src/series/time.ts";
import type { TargetGroup } from "../../../src/targets/discovery/discovery.ts";
import { receiver } from "../../alerts/receiver-story.ts";
import { Bench, rulesOf } from "../../monitor/bench.ts";
import { HandClock } from "./hand-clock.ts";

/** A target that does not answer, and a watchdog. */
const RULES = rulesOf(`
groups:
  - name: test
    rules:
      - alert: TargetDown
        expr: up == 0
        labels: { severity: critical }
        annotations:
          summary: '{{ $labels.instance }} is down'
          runbook_url: docs/runbooks/TritonTargetDown.md
      - alert: Watchdog
        expr: vector(1)
        labels: { severity: none }
`);

const PAGE = 'nv_inference_request_success{model="m",version="1"} 1\n';

export const SETTINGS: NotifySettings = {
  alerting: { relabel: [], resendDelay: MINUTE, alertmanagers: [] },
  outputs: { email: [], webhook: [], log: { enabled: false, receiver: { ...receiver, name: "log" } } },
  inhibitRules: [],
  externalLabels: Labels.of({ cluster: "eu" }),
  externalUrl: "https://sentinel.example.org",
  evaluationInterval: durationMs(15 * SECOND),
};

export const alertmanagers = (...targets: readonly string[]): AlertmanagerGroup => ({
  scheme: "http",
  pathPrefix: "",
  timeout: durationMs(10 * SECOND),
  http: {},
  relabel: [],
  alertRelabel: [],
  discoveries: [{ kind: "static", targets, labels: Labels.EMPTY }],
});

export const webhook = (name: string, url: string): WebhookOutput => ({
  name,
  url: { kind: "inline", secret: new Secret(url) },
  http: {},
  timeout: durationMs(10 * SECOND),
  maxAlerts: 0,
  receiver: { ...receiver, name },
});

export const email = (name: string, port: number): EmailOutput => ({
  name,
  from: "sentinel@example.org",
  to: ["ops@example.org"],
  smarthost: { host: "127.0.0.1", port },
  security: "none",
  timeout: durationMs(10 * SECOND),
  receiver: { ...receiver, name },
});

/** A world and its notifier on a test bench, with a clock that is moved by hand; keeps what observers are told. */
export class Desk {
  readonly bench: Bench;
  readonly clock: HandClock;
  readonly notifier: Notifier;
  /** `sent webhook soc`, `gone email ops`, … */
  readonly told: string[] = [];
  readonly logged: string[] = [];
  /** Those that look for Alertmanagers, to tell them what they found. */
  readonly looking: ((groups: readonly TargetGroup[]) => void)[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(settings: Partial<NotifySettings>, now = Date.UTC(2026, 10, 23, 8)) {
    this.bench = new Bench({ rules: RULES, every: 15 });
    this.bench.now = now;
    this.clock = new HandClock(now);
    this.notifier = new Notifier({ ...SETTINGS, ...settings }, this.#ports());
  }

  /** A scrape 15 seconds later, and what it is told of it. */
  step(answers: boolean): readonly MonitorEvent[] {
    this.clock.goTo(this.bench.now + 15_000);
    const events = this.bench.tick({ "gpu-1:8002": answers ? PAGE : undefined });
    this.notifier.tell(events, this.bench.world, this.bench.time);
    return events;
  }

  /** Lets seconds pass without a scrape. */
  pass(seconds: number): void {
    this.clock.goTo(this.clock.now() + seconds * 1000);
  }

  /** Resolves as soon as the observer was told something so many times. */
  heard(what: string, times = 1): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (this.told.filter((one) => one === what).length < times) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }

  #ports(): NotifyPorts {
    const tell = (what: string) => {
      this.told.push(what);
      for (const look of [...this.#waiting]) look();
    };
    const log = (_: unknown, message: string) => this.logged.push(message);
    const nameOf = ({ kind, name }: OutputName): string => `${kind} ${name}`;
    return {
      clock: this.clock,
      random: () => 0.5,
      userAgent: "test",
      log: { info: log, warn: log },
      observer: {
        attempted: () => {},
        settled: (output, ending: Ending) => tell(`${ending} ${nameOf(output)}`),
        queued: (output, { messages }) => tell(`queued ${messages} ${nameOf(output)}`),
        outputKnown: () => {},
        alertmanagersFound: (count) => tell(`found ${count}`),
        alertmanagerDropped: (address, why) => tell(`dropped ${address}: ${why}`),
        alertsLeftOut: (output, count) => tell(`left out ${count} ${nameOf(output)}`),
        outputGone: (output) => tell(`gone ${nameOf(output)}`),
      },
      discover: (options) => ({
        start: (found) => {
          this.looking.push(found);
          if (options.kind !== "static") return;
          const targets = options.targets.map((address) => Labels.of({ __address__: address }));
          found([{ source: "static", targets }]);
        },
        stop: async () => {},
      }),
    };
  }
}
