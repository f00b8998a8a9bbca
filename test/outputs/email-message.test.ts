import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Notification } from "../../src/alerts/outgoing.ts";
import { EmailOutput } from "../../src/outputs/email.ts";
import { mailHtml } from "../../src/outputs/email-html.ts";
import { mailMessage } from "../../src/outputs/email-message.ts";
import { mailText } from "../../src/outputs/email-text.ts";
import { mailView } from "../../src/outputs/email-view.ts";
import { epochMs } from "../../src/series/time.ts";
import { type ParsedMail, parseMail } from "../support/mail.ts";
import { type RunningSmtp, startSmtp } from "../support/smtp.ts";
import { mailOptions } from "./peers.ts";
import { AT, ended, HOSTILE, NEVER_ABORTED, notification, outgoing } from "./samples.ts";

const PEOPLE = { from: "Sentinel <sentinel@example.com>", to: ["ann@example.com"] };
const HEADERS = [
  "from",
  "to",
  "subject",
  "message-id",
  "in-reply-to",
  "references",
  "date",
  "auto-submitted",
  "content-type",
  "mime-version",
];

let smtp: RunningSmtp;
let output: EmailOutput;
beforeAll(async () => {
  smtp = await startSmtp();
  const { auth: _, ...options } = mailOptions(smtp.port);
  output = new EmailOutput(options, { now: () => AT });
});
afterAll(async () => {
  await output.close();
  await smtp.close();
});

/** What comes out at the other end. */
async function received(told: Notification): Promise<ParsedMail> {
  expect(await output.send(told, NEVER_ABORTED)).toEqual({ kind: "sent" });
  return parseMail(smtp.mails.at(-1)!.raw);
}

describe("as it is received", () => {
  test("a mail has these headers and no others", async () => {
    const mail = await received(notification([outgoing()]));
    expect(mail.headers.map(([name]) => name).sort()).toEqual([...HEADERS].sort());
    expect(mail.header("from")).toBe("Triton Sentinel <sentinel@example.com>");
    expect(mail.header("to")).toBe("ann@example.com, bob@example.com");
    expect(mail.header("subject")).toBe("[FIRING:1] TritonModelReloaded bert gpu-7:8002 (critical)");
    expect(mail.header("date")).toBe("Sun, 22 Nov 2026 12:00:00 +0000");
    expect(mail.header("auto-submitted")).toBe("auto-generated");
    expect(mail.header("message-id")).toMatch(/^<[0-9a-f]{32}@example\.com>$/);
  });

  test("it says the same in text and in HTML", async () => {
    const mail = await received(notification([outgoing()]));
    const shown = [
      "TritonModelReloaded bert gpu-7:8002",
      "critical",
      "model bert was reloaded",
      "2026-11-22 12:00:00 UTC",
    ];
    for (const part of [mail.part("text/plain"), mail.part("text/html")]) {
      for (const words of [
        ...shown,
        "observed",
        "0.25",
        "gpu-7:8002",
        "https://runbooks.example/TritonModelReloaded",
      ]) {
        expect(part).toContain(words);
      }
    }
  });

  test.each(HOSTILE.map((text) => [text.slice(0, 40), text] as const))(
    "text like %j adds no header and no element",
    async (_, text) => {
      const annotations = { summary: text, description: text, remediation: text, runbook_url: text };
      const labels = { alertname: text, model: text, instance: text, severity: text, team: text };
      const hostile = outgoing(labels, { annotations, evidence: { [text]: text, nested: { [text]: [text] } } });
      const mail = await received(notification([hostile], { groupKey: text, receiver: text }));
      expect(mail.headers.map(([name]) => name).sort()).toEqual([...HEADERS].sort());
      expect(mail.header("subject")?.length).toBeLessThanOrEqual(201);
      const html = mail.part("text/html");
      const elements = new Set([...html.matchAll(/<([a-z0-9]+)/gi)].map(([, name]) => name?.toLowerCase()));
      const known = "html head meta title body h1 p table tr td th strong span a".split(" ");
      expect([...elements].filter((name) => !known.includes(name ?? ""))).toEqual([]);
      expect(html).not.toMatch(/<[^>]*\son\w+=/i);
      for (const part of [html, mail.part("text/plain")]) {
        expect(part).not.toMatch(/[^\P{Cc}\t\r\n]|[\u202a-\u202e\u2066-\u2069]/u);
      }
    },
  );
});

describe("the subject", () => {
  const bert = outgoing();
  const gpt = outgoing({ model: "gpt", severity: "warning" });
  test.each([
    ["what alerts have in common", [bert, gpt], "[FIRING:2] TritonModelReloaded gpu-7:8002 (critical)"],
    ["the worst that fires", [gpt, ended(bert)], "[FIRING:1] TritonModelReloaded gpu-7:8002 (warning)"],
    ["what is over", [ended(bert)], "[RESOLVED] TritonModelReloaded bert gpu-7:8002 (critical)"],
    [
      "how many, where names differ",
      [bert, outgoing({ alertname: "Other" })],
      "[FIRING:2] 2 alerts bert gpu-7:8002 (critical)",
    ],
    [
      "a severity of somebody's own",
      [outgoing({ severity: "P1" })],
      "[FIRING:1] TritonModelReloaded bert gpu-7:8002 (P1)",
    ],
    ["no severity", [outgoing({ severity: "" })], "[FIRING:1] TritonModelReloaded bert gpu-7:8002"],
    [
      "line ends as marks",
      [outgoing({ model: "a\r\nb" })],
      "[FIRING:1] TritonModelReloaded a\\r\\nb gpu-7:8002 (critical)",
    ],
  ])("tells %s", (_, alerts, subject) => {
    expect(mailView(notification(alerts)).subject).toBe(subject);
  });

  test("is one short printable line, whatever the labels say", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 400 }),
        fc.string({ unit: "binary", maxLength: 400 }),
        (model, instance) => {
          const { subject } = mailView(notification([outgoing({ model, instance })]));
          expect(subject).toMatch(/^\[FIRING:1\] TritonModelReloaded[^\p{Cc}\p{Cs}\u2028\u2029]*$/u);
          expect(subject.length).toBeLessThanOrEqual(201);
        },
      ),
    );
  });
});

describe("threads", () => {
  const message = (told: Notification, at = AT) => mailMessage(told, PEOPLE, epochMs(at));

  test("firing and resolved of a group belong together and are two mails", () => {
    const fires = message(notification([outgoing()]));
    const resolves = message(notification([ended(outgoing())]), epochMs(AT + 90_000));
    expect(resolves.references).toBe(fires.references);
    expect(resolves.inReplyTo).toBe(fires.inReplyTo);
    expect(resolves.messageId).not.toBe(fires.messageId);
  });

  test.each([
    ["another group", { groupKey: '{}:{alertname="Other"}' }],
    ["another receiver", { receiver: "others" }],
    ["another sentinel", { externalUrl: "https://other.example" }],
  ])("%s is another thread", (_, rest) => {
    expect(message(notification([outgoing()], rest)).references).not.toBe(
      message(notification([outgoing()])).references,
    );
  });

  test("the same mail is recognised, a repetition is not the same", () => {
    const told = notification([outgoing()]);
    expect(message(told).messageId).toBe(message(told).messageId);
    expect(message(told, epochMs(AT + 1)).messageId).not.toBe(message(told).messageId);
  });
});

describe("the body", () => {
  test("has room for fifty alerts and counts the rest", () => {
    const view = mailView(notification(Array.from({ length: 62 }, (_, n) => outgoing({ model: `m-${n}` }))));
    expect([view.alerts.length, view.omitted]).toEqual([50, 12]);
    for (const part of [mailHtml(view), mailText(view)]) {
      expect(part).toContain("m-49");
      expect(part).not.toContain("m-50");
      expect(part).toContain("and 12 more alerts");
    }
  });

  test("has room for forty labels and counts the rest", () => {
    const labels = Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`label_${n}`, "x"]));
    expect(mailView(notification([outgoing(labels)])).alerts[0]?.labels.at(-1)).toEqual(["…", "24 more"]);
  });

  test.each([
    ['https://runbooks.example/x?a=1&b="', ["Runbook (runbooks.example)", "https://runbooks.example/x?a=1&b=%22"]],
    ["docs/runbooks/X.md", undefined],
    ["javascript:alert(1)", undefined],
    ["https://bank.example@evil.example/", undefined],
    ["data:text/html,x", undefined],
  ])("the runbook %j is a link: %j", (address, link) => {
    const alert = outgoing({}, { annotations: { runbook_url: address }, generatorUrl: "" });
    const [told] = mailView(notification([alert])).alerts;
    expect(told?.links).toEqual(link === undefined ? [] : [link]);
    if (link === undefined) expect(told?.texts).toContainEqual(["Runbook", address]);
  });

  test("says severity in words, and since when and until when", () => {
    const html = mailHtml(mailView(notification([ended(outgoing())])));
    expect(html).toContain("resolved · critical");
    expect(html).toContain("2026-11-22 12:01:00 UTC");
  });
});
