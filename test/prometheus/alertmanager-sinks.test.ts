import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { alertmanagerMissing } from "../support/alertmanager.ts";
import { parseMail } from "../support/mail.ts";
import { type ExampleAlertmanager, startExample } from "./example-alertmanager.ts";
import { postAlerts } from "./post-alerts.ts";

/** Everything an attacker may try who chooses a model's name, in the labels and in what is written from them. */
const MODEL = "evil <!channel> *bold* _slanted_ ~struck~ `code` \u202egnp.exe";
/** The end of a description: what people must get to see, however long a name stands before it. */
const SEEN =
  "Seen: 6 of 30 (20 %) in 5s; expected about 0.246 %; up to 19 % would not have fired; since 2026-11-22T13:07:40Z.";
const HOSTILE = {
  summary: `model ${MODEL} was loaded <http://evil.example/x|click here> & more`,
  description: `<script>alert(1)</script>\r\nBcc: everybody@evil.example\r\n\r\n<h1>Hello</h1>\u0000\u001b[31m http://evil.example/y ${"m".repeat(4_096)} ${SEEN}`,
  remediation: `<!here> <@U123> ${"A".repeat(5_000)}`,
  runbook_url: "javascript:alert(1)//http://evil.example/z",
};

/** All texts in a JSON value. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

describe.skipIf(alertmanagerMissing)("what the example's Alertmanager sends of a hostile model", () => {
  let example: ExampleAlertmanager;
  const bodyOf = (path: string) => example.sink.requests.find((request) => request.path === path)?.body ?? "";
  const mail = () => example.mails[0]?.raw ?? "";

  beforeAll(async () => {
    example = await startExample();
    const labels = {
      alertname: "TritonModelLoaded",
      severity: "critical",
      category: "integrity",
      job: "triton",
      instance: "gpu-7:8002",
      model: MODEL,
    };
    const generatorURL = "https://sentinel.example.com/alerts/0123456789abcdef";
    await postAlerts(example.alertmanager.url, [{ labels, annotations: HOSTILE, generatorURL }]);
    const arrived = () => {
      for (const path of ["/slack", "/v2/enqueue", "/siem"]) expect(bodyOf(path), path).not.toBe("");
      expect(mail()).not.toBe("");
    };
    await vi.waitFor(arrived, { timeout: 25_000 });
  });

  afterAll(async () => {
    await example?.close();
  });

  test("mentions nobody in Slack, links nowhere and is not formatted", () => {
    const texts = textsIn(JSON.parse(bodyOf("/slack")));
    const all = texts.join("\n");
    expect(all).toContain("evil &lt;!channel&gt; bold slanted struck code");
    expect(all).toContain("&lt;http[:]//evil.example/x|click here&gt; &amp; more");
    expect(all).toContain("&lt;!here&gt; &lt;@U123&gt;");
    expect(all).toContain("Evidence: https://sentinel.example.com/alerts/0123456789abcdef");
    expect(all).toContain(SEEN);
    for (const text of texts)
      expect(text).not.toMatch(/[<>`*~\r]|\u202e|\/\/evil.*\/\/evil|(?<!\[:\])\/\/evil|(^|\s)_/);
    expect(all.length).toBeLessThan(3_000);
  });

  test("is plain text for PagerDuty", () => {
    const body = bodyOf("/v2/enqueue");
    expect(body).not.toMatch(/<|[^\P{Cc}\n]|\u202e/u);
    const { payload, ...rest } = JSON.parse(body);
    expect(payload.severity).toBe("critical");
    expect(payload.summary).toMatch(/^\[FIRING:1\] critical TritonModelLoaded on gpu-7:8002, model evil <!channel>/);
    const lines = payload.custom_details.firing.split("\n");
    expect(lines[0]).toContain("<http[:]//evil.example/x|click here>");
    expect(lines.slice(1, 5)).toEqual([
      expect.stringMatching(
        /^<script>alert\(1\)<\/script> Bcc: everybody@evil\.example .*since 2026-11-22T13:07:40Z\.$/,
      ),
      expect.stringMatching(/^What to do: <!here> <@U123> A+…A+$/),
      "Runbook: javascript:alert(1)//http[:]//evil.example/z",
      "Evidence: https://sentinel.example.com/alerts/0123456789abcdef",
    ]);
    expect(lines[1]).toContain(SEEN);
    const texts = textsIn([payload, rest]);
    for (const text of texts) expect(text).not.toMatch(/http:\/\/evil|javascript:alert\(1\)\/\/http:/);
    expect(texts.join("").length).toBeLessThan(3_000);
  });

  test("is one subject, no header and no markup in a mail", () => {
    const raw = mail();
    const { headers, header, part } = parseMail(raw);
    expect(headers.map(([name]) => name).sort()).toEqual(
      ["content-type", "date", "from", "message-id", "mime-version", "subject", "to"].sort(),
    );
    expect(header("subject")).toMatch(/^\[FIRING:1\] critical TritonModelLoaded on gpu-7:8002, model evil <!channel>/);
    expect(raw.split("\r\n").filter((line) => line.length > 998 || /^bcc/i.test(line))).toEqual([]);
    const html = part("text/html");
    expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt; Bcc: everybody@evil.example &lt;h1&gt;Hello");
    expect(html.match(/<[a-z0-9]+/gi)?.filter((tag) => /script|<a$|<img|<form/i.test(tag))).toEqual([]);
    for (const text of [html, part("text/plain")]) {
      expect(text).toContain("TritonModelLoaded");
      expect(text).toContain(SEEN);
      expect(text).not.toMatch(/http:\/\/evil|\u202e|[^\P{Cc}\r\n]/u);
      expect(text.length).toBeLessThan(6_000);
    }
    expect(part("text/plain")).not.toMatch(/^bcc/im);
  });

  test("reaches the webhook as data: nothing in it can be taken for markup or for another line", () => {
    const body = bodyOf("/siem");
    expect(body).not.toMatch(/[<>&]|[^\P{Cc}\n]/u);
    const { alerts } = JSON.parse(body);
    expect(alerts[0].labels.model).toBe(MODEL);
    expect(alerts[0].annotations).toEqual(HOSTILE);
  });
});
