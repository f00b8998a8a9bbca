import fc from "fast-check";
import { expect, test } from "vitest";
import { Groups } from "../../src/alerts/groups.ts";
import type { OutgoingAlert } from "../../src/alerts/outgoing.ts";
import { loadConfig } from "../../src/config/load-config.ts";
import { mailView } from "../../src/outputs/email-view.ts";
import { webhookPayload } from "../../src/outputs/webhook-payload.ts";
import { fingerprint, Labels } from "../../src/series/labels.ts";
import { alertOf, seconds } from "./receiver-story.ts";

/** A webhook and a mail receiver of which nothing is said but where they are. */
function defaults() {
  const loaded = loadConfig(
    "c.yml",
    `outputs:
  webhook: [{ name: soc, url: "https://soc.example.com/" }]
  email: [{ name: ops, to: ops@example.com, from: s@example.com, smarthost: "mail.example.com:25" }]`,
    new Map(),
  );
  if (loaded.kind !== "ok") throw new Error(JSON.stringify(loaded.mistakes));
  const { webhook, email } = loaded.config.outputs;
  return { webhook: webhook[0]!, email: email[0]! };
}

function loadedOn(instance: string, model: string, alertname = "TritonModelLoaded"): OutgoingAlert {
  const labels = Labels.of({ alertname, job: "triton", instance, model, version: "1", severity: "critical" });
  return { ...alertOf("x", 0), labels, fingerprint: fingerprint(labels) };
}

const heard = (alerts: readonly OutgoingAlert[]) => alerts.map((alert) => ({ alert, again: false }));

test("150 invented models are one notification, with all of them or a count of the rest", () => {
  const { webhook, email } = defaults();
  for (const { receiver } of [webhook, email]) {
    const groups = new Groups(receiver, "");
    groups.take(heard(Array.from({ length: 150 }, (_, n) => loadedOn("gpu-7:8002", `m-${n}`))), seconds(0));
    expect(groups.due(seconds(4))).toEqual([]);
    const [told, ...more] = groups.due(seconds(5));
    expect(more).toEqual([]);
    expect(told!.alerts).toHaveLength(150);
    const payload = webhookPayload(told!, webhook.maxAlerts);
    expect([payload.alerts.length, payload.truncatedAlerts]).toEqual([100, 50]);
    const mail = mailView(told!);
    expect([mail.alerts.length, mail.omitted]).toEqual([50, 100]);
    expect(mail.subject).toBe("[FIRING:150] TritonModelLoaded gpu-7:8002 (critical)");
    expect(mail.intro).toBe("150 firing (first notification); the first 50 of 150 follow");
  }
});

test("by default there are no more notifications a minute than there are alerts of different names and servers", () => {
  const alert = fc.record({
    tick: fc.nat(119),
    name: fc.constantFrom("A", "B"),
    instance: fc.constantFrom("a", "b", "c"),
    model: fc.string(),
  });
  const { receiver } = defaults().webhook;
  fc.assert(
    fc.property(fc.array(alert, { minLength: 1, maxLength: 300 }), (happens) => {
      const groups = new Groups(receiver, "");
      const told = new Map<string, number>();
      for (let now = 0; now < 240; now++) {
        const began = happens.filter(({ tick }) => tick === now);
        groups.take(heard(began.map(({ name, instance, model }) => loadedOn(instance, model, name))), seconds(now));
        for (const { groupKey } of groups.due(seconds(now))) {
          expect(now - (told.get(groupKey) ?? -60)).toBeGreaterThanOrEqual(60);
          told.set(groupKey, now);
          groups.settled(groupKey, true, seconds(now));
        }
      }
      const kinds = new Set(happens.map(({ name, instance }) => `${name} ${instance}`));
      expect(told.size).toBe(kinds.size);
    }),
    { numRuns: 20 },
  );
});
