import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SimulatedTriton } from "../monitor/simulated-triton.ts";
import { alertmanagerMissing, type RunningAlertmanager, startAlertmanager } from "../support/alertmanager.ts";
import { FakeTriton } from "../support/fake-triton.ts";
import { type Sink, startSink } from "../support/sink.ts";
import { type RunningSmtp, startSmtp } from "../support/smtp.ts";
import { cli, start } from "./cli.ts";

/** Waits for what another process does, for at most twenty seconds. */
const soon = { timeout: 20_000, interval: 100 };

/** What a new user does in the first hour, on the built program, with real neighbours. */
describe.skipIf(alertmanagerMissing)("the first hour, with a real Alertmanager (skipped: there is none)", () => {
  const folder = mkdtempSync(join(tmpdir(), "first-hour-"));
  const config = join(folder, "triton-sentinel.yml");
  const token = join(folder, "token");
  const triton = new SimulatedTriton("bert");
  let server: FakeTriton;
  let sink: Sink;
  let mail: RunningSmtp;
  let alertmanager: RunningAlertmanager;
  let running: ReturnType<typeof start>;
  let base = "";

  beforeAll(async () => {
    server = await FakeTriton.start();
    server.serve(() => triton.page());
    sink = await startSink();
    mail = await startSmtp();
    alertmanager = await startAlertmanager();
    writeFileSync(join(folder, "tokens"), "ci:a-token-for-the-release-pipeline\n", { mode: 0o600 });
    writeFileSync(token, "a-token-for-the-release-pipeline\n", { mode: 0o600 });
    writeFileSync(config, configured());
    running = start(["run", "--config", config]);
    base = /http:\/\/127\.0\.0\.1:\d+/.exec(await running.saying("alerting rules"))![0];
  }, 60_000);

  afterAll(async () => {
    running?.process.kill("SIGKILL");
    await Promise.all([server?.close(), sink?.close(), mail?.close(), alertmanager?.stop()]);
    rmSync(folder, { recursive: true });
  });

  const configured = (more = "") => `
global: { scrape_interval: 500ms, external_labels: { cluster: test } }
scrape_configs:
  - job_name: triton
    static_configs: [{ targets: ["${new URL(server.url).host}"] }]
alerting:
  alertmanagers:
    - static_configs: [{ targets: ["${new URL(alertmanager.url).host}"] }]
outputs:
  webhook: [{ name: soc, url: "${sink.url}/hook", group_wait: 0s, group_interval: 1s }]
  email: [{ name: ops, to: ops@example.com, from: sentinel@example.com, smarthost: "127.0.0.1:${mail.port}", require_tls: false, group_wait: 0s }]
web: { listen_address: "127.0.0.1:0", api_tokens_file: tokens }
${more}`;
  const ask = async (path: string) => {
    const response = await fetch(`${base}${path}`);
    return { status: response.status, body: await response.text() };
  };
  const data = async (path: string) => JSON.parse((await ask(path)).body).data;
  const firing = async (): Promise<readonly string[]> => {
    const { alerts } = await data("/api/v1/alerts");
    return alerts.map(
      ({ labels }: { labels: Record<string, string> }) => `${labels["alertname"]} ${labels["model"] ?? ""}`,
    );
  };
  const reload = (bearer?: string) =>
    fetch(`${base}/-/reload`, {
      method: "POST",
      headers: bearer === undefined ? {} : { authorization: `Bearer ${bearer}` },
    });

  test("it is ready once the target has been scraped", async () => {
    await expect.poll(() => ask("/-/ready").then(({ status }) => status), soon).toBe(200);
  });

  test("a model nobody announced is an alert in the API, the Alertmanager, the webhook and the mail", async () => {
    triton.load("evil");
    await expect.poll(firing, soon).toContain("TritonModelLoaded evil");
    await expect
      .poll(async () => (await alertmanager.alerts()).map(({ labels }) => labels["model"]), soon)
      .toContain("evil");
    const held = (await alertmanager.alerts()).find(({ labels }) => labels["model"] === "evil")!;
    expect(held.labels).toMatchObject({ alertname: "TritonModelLoaded", cluster: "test", severity: "critical" });
    await expect.poll(() => sink.requests.some(({ body }) => body.includes('"evil"')), soon).toBe(true);
    await expect.poll(() => mail.mails.some(({ raw }) => /Subject: .*TritonModelLoaded/.test(raw)), soon).toBe(true);
    const { alerts } = await data("/api/v1/alerts");
    const own = alerts.find(({ labels }: { labels: Record<string, string> }) => labels["model"] === "evil");
    expect(held.generatorURL).toContain(`/alerts/${own.fingerprint}`);
  });

  test("an announced model raises none, and the event says who announced it", async () => {
    const said = await cli([
      ...["announce", "--url", base, "--token-file", token, "--model", "good", "--ttl", "5m"],
      ...["--reason", "release 42", "--by", "pipeline"],
    ]);
    expect([said.code, said.stdout]).toEqual([0, expect.stringContaining("good may change until")]);
    triton.load("good");
    const events = async () => {
      const { events } = await data("/api/v1/events");
      return events.find(
        (e: { what: string; labels: Record<string, string> }) => e.what === "loaded" && e.labels["model"] === "good",
      );
    };
    await expect.poll(events, soon).toBeDefined();
    expect(JSON.stringify(await events())).toContain("pipeline");
    expect(await firing()).not.toContain("TritonModelLoaded good");
  });

  test("a wrong token announces nothing", async () => {
    writeFileSync(join(folder, "wrong"), "another-token-of-enough-characters");
    const said = await cli([
      ...["announce", "--url", base, "--token-file", join(folder, "wrong"), "--model", "bad", "--ttl", "5m"],
      ...["--reason", "none"],
    ]);
    expect(said.code).toBe(2);
    expect(said.stderr).toMatch(/^Cannot announce the change: /);
  });

  test("feedback on an alert stands on it, with who gave it, and is an event; without the token it is refused", async () => {
    const { alerts } = await data("/api/v1/alerts?resolved=true");
    const { fingerprint } = alerts.find(({ labels }: { labels: Record<string, string> }) => labels["model"] === "evil");
    const say = (file: string) =>
      cli([
        ...["feedback", fingerprint, "--url", base, "--token-file", file],
        ...["--verdict", "true", "--note", "nobody meant to", "--by", "alice"],
      ]);
    const said = await say(token);
    expect([said.code, said.stdout]).toEqual([0, expect.stringContaining("nothing is learned from it")]);
    const { alerts: after } = await data("/api/v1/alerts?resolved=true");
    expect(after.find((alert: { fingerprint: string }) => alert.fingerprint === fingerprint)).toMatchObject({
      feedback: { verdict: "true", note: "nobody meant to", by: expect.stringContaining("alice") },
    });
    const { events } = await data("/api/v1/events");
    expect(events.find(({ kind }: { kind: string }) => kind === "feedback")).toMatchObject({ what: "true" });
    const wrong = await say(join(folder, "wrong"));
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringMatching(/^Cannot give feedback: /)]);
  });

  test("a broken configuration is refused with line and column, and everything goes on", async () => {
    writeFileSync(config, configured("evaluation: { lookbak: 5m }\n"));
    expect((await reload()).status).toBeGreaterThanOrEqual(401);
    const refused = await reload("a-token-for-the-release-pipeline");
    expect(refused.status).toBe(500);
    expect(await refused.text()).toMatch(/triton-sentinel\.yml:\d+:\d+: .*did you mean "?lookback/);
    expect((await data("/api/v1/status/runtimeinfo")).reloadConfigSuccess).toBe(false);
    expect((await ask("/metrics")).body).toContain("triton_sentinel_config_last_reload_successful 0\n");
    expect(await firing()).toContain("TritonModelLoaded evil");
  });

  test("a mended one is taken up: a rule more, the alerts there were go on", async () => {
    writeFileSync(
      join(folder, "mine.yml"),
      "groups: [{ name: mine, rules: [{ alert: Mine, expr: up == 1, labels: { severity: info } }] }]\n",
    );
    writeFileSync(config, configured("rule_files: [mine.yml]\n"));
    const done = await reload("a-token-for-the-release-pipeline");
    expect([done.status, await done.text()]).toEqual([200, expect.anything()]);
    await expect.poll(firing, soon).toContain("Mine ");
    expect(await firing()).toContain("TritonModelLoaded evil");
    expect((await ask("/metrics")).body).toContain("triton_sentinel_config_last_reload_successful 1\n");
  });

  test("a target that is taken out of the configuration is watched no longer", async () => {
    const other = await FakeTriton.start();
    other.serve(() => new SimulatedTriton("bert").page());
    writeFileSync(config, configured().replace(new URL(server.url).host, new URL(other.url).host));
    process.kill(running.process.pid!, "SIGHUP");
    const targets = async () => {
      const { activeTargets } = await data("/api/v1/targets");
      return activeTargets.map(
        (t: { labels: Record<string, string>; health: string }) => `${t.labels["instance"]} ${t.health}`,
      );
    };
    await expect.poll(targets, soon).toEqual([`${new URL(other.url).host} up`]);
    await expect.poll(firing, soon).not.toContain("TritonModelLoaded evil");
    await other.close();
  });

  test("SIGTERM ends it with 0", async () => {
    running.process.kill("SIGTERM");
    expect(await running.ended).toMatchObject({ code: 0 });
  });
});
