import { expect, test } from "vitest";
import type { Config } from "../../../src/config/config.ts";
import { loadConfig } from "../../../src/config/load-config.ts";

function outputs(text: string): Config["outputs"] {
  const loaded = loadConfig("c.yml", `outputs:\n${text}`, new Map());
  if (loaded.kind === "mistakes") throw new Error(loaded.mistakes.map((m) => m.message).join("\n"));
  return loaded.config.outputs;
}

const mail = (rest: string) => outputs(`  email: [{ name: a, from: s@x.example, to: o@x.example, ${rest} }]`).email[0]!;

test.each([
  ['smarthost: "m:587"', "starttls"],
  ['smarthost: "m:25", require_tls: true', "starttls"],
  ['smarthost: "m:587", require_tls: false', "opportunistic"],
  ['smarthost: "m:465"', "implicit"],
  ['smarthost: "m:465", implicit_tls: false', "starttls"],
  ['smarthost: "m:2465", implicit_tls: true', "implicit"],
])("mail with { %s } goes by %s", (rest, security) => {
  expect(mail(rest).security).toBe(security);
});

test("a mail receiver has its defaults", () => {
  expect(mail('smarthost: "[::1]:25"')).toEqual({
    name: "a",
    from: "s@x.example",
    to: ["o@x.example"],
    smarthost: { host: "::1", port: 25 },
    security: "starttls",
    timeout: 30_000,
    receiver: {
      name: "a",
      match: [],
      sendResolved: true,
      groupBy: ["alertname", "job", "instance"],
      groupWait: 5_000,
      groupInterval: 60_000,
      repeatInterval: 14_400_000,
    },
  });
});

test.each([
  ["a@b.example", ["a@b.example"]],
  ["a@b.example,c@d.example", ["a@b.example", "c@d.example"]],
  ['"Doe, Jane" <j@b.example>, Ops <o@b.example>', ['"Doe, Jane" <j@b.example>', "Ops <o@b.example>"]],
])("the receivers %s are %j", (to, expected) => {
  const { email } = outputs(`  email: [{ name: a, from: s@x.example, to: ${JSON.stringify(to)}, smarthost: "m:25" }]`);
  expect(email[0]!.to).toEqual(expected);
});

test.each([
  "a",
  "a@b, ",
  "a@b <c>",
  "A <a@b> <c@d>",
  "a@b\r\nBcc: c@d",
  "a b@c",
  'a@b, "x',
  "<a@b",
  "a@@b",
  `${"a".repeat(320)}@b`,
])("%j is no list of mail addresses", (to) => {
  const text = `  email: [{ name: a, from: s@x.example, to: ${JSON.stringify(to)}, smarthost: "m:25" }]`;
  expect(() => outputs(text)).toThrow("Cannot use mail address");
});

test("a webhook's URL is a secret, and so is what a file holds", () => {
  const { webhook } = outputs(`
  webhook:
  - { name: a, url: "https://chat.example.com/T0/x?y=z", group_by: ["..."], group_wait: 0s }
  - { name: b, url_file: /etc/hook, match: { severity: critical }, max_alerts: 3 }`);
  const [a, b] = webhook;
  expect(a!.url.kind === "inline" && a!.url.secret.reveal()).toBe("https://chat.example.com/T0/x?y=z");
  expect(a).toMatchObject({ http: {}, timeout: 10_000, maxAlerts: 100, receiver: { groupBy: ["..."], groupWait: 0 } });
  expect(b).toMatchObject({ url: { kind: "file", path: "/etc/hook" }, maxAlerts: 3 });
  expect(b!.receiver.match.map(({ name, op, value }) => name + op + value)).toEqual(["severity=critical"]);
});

test("receivers of different kinds may have the same name", () => {
  const text = `
  email: [{ name: a, from: s@x.example, to: o@x.example, smarthost: "m:25" }]
  webhook: [{ name: a, url: "http://b" }]`;
  expect(outputs(text).webhook).toHaveLength(1);
});
