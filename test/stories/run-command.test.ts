import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { SimulatedTriton } from "../monitor/simulated-triton.ts";
import { promtool, promtoolMissing } from "../outputs/promtool.ts";
import { FakeTriton } from "../support/fake-triton.ts";
import { listen, refusedPort } from "../support/ports.ts";
import { cli, start } from "./cli.ts";

const directory = mkdtempSync(join(tmpdir(), "run-"));
const undo: (() => unknown)[] = [() => rmSync(directory, { recursive: true })];
afterEach(async () => {
  for (const one of undo.splice(1).reverse()) await one();
});

/** A simulated Triton on a real port; `scraped` resolves after so many more requests. */
async function fakeTriton() {
  const triton = new SimulatedTriton("bert");
  const server = await FakeTriton.start();
  let asked = () => {};
  server.serve(() => {
    asked();
    return triton.page();
  });
  undo.push(() => server.close());
  const scraped = async (times: number) => {
    for (let i = 0; i < times; i++)
      await new Promise<void>((resolve) => {
        asked = resolve;
      });
  };
  return { triton, server, scraped };
}

test("run greets in three lines, prints alerts, serves its own metrics, and ends with 0 when told to", async () => {
  const { triton, server } = await fakeTriton();
  const run = start(["run", server.url, "--listen", "127.0.0.1:0", "--scrape-interval", "1s"]);
  undo.push(() => run.process.kill("SIGKILL"));
  const greeting = await run.saying("alerting rules");
  expect(greeting).toMatch(
    new RegExp(
      "^triton-sentinel \\S+: (http://127\\.0\\.0\\.1:\\d+)/ \\(metrics at \\1/metrics, alerts at \\1/api/v1/alerts\\)\n" +
        `watching ${server.url} every 1s\n` +
        "with \\d+ alerting rules; what alerts do is printed here, logs go to standard error\n",
    ),
  );
  await run.saying("SentinelWatchdog");
  triton.load("evil");
  await run.saying("model evil version 1 was loaded");

  const base = /http:\/\/127\.0\.0\.1:\d+/.exec(greeting)![0];
  const page = await (await fetch(`${base}/metrics`)).text();
  expect(page).toMatch(/triton_sentinel_alert_state\{alertname="TritonModelLoaded".*\} 2\n/);
  if (!promtoolMissing) expect(await promtool(["check", "metrics"], page)).toMatchObject({ code: 0 });
  const healthy = await fetch(`${base}/-/healthy`);
  expect([healthy.status, await healthy.text()]).toEqual([200, expect.stringContaining("Healthy")]);

  run.process.kill("SIGTERM");
  const { code, stdout, stderr } = await run.ended;
  expect([code, stderr.includes("internal error")]).toEqual([0, false]);
  expect(stdout).toMatch(
    /Z {2}firing {4}critical {2}TritonModelLoaded {2}model evil version 1 was loaded on 127\.0\.0\.1:\d+/,
  );
});

test("run on a port that is taken ends with 2 and says so in one line", async () => {
  const taken = createServer();
  const port = await listen(taken);
  undo.push(() => taken.close());
  const { code, stderr } = await cli(["run", "http://127.0.0.1:9/metrics", "--listen", `127.0.0.1:${port}`]);
  expect(code).toBe(2);
  expect(stderr.split("\n").at(-2)).toBe(`Cannot listen on 127.0.0.1:${port}: another program listens there`);
  expect(stderr).not.toContain("    at ");
});

test.each([
  [["run", "--listen", "9464"], /Cannot listen on "9464": expected a host and a port/],
  [["run", "ftp://gpu-7/metrics"], /Cannot use target "ftp:\/\/gpu-7\/metrics"/],
  [["run", "http://user:secret@gpu-7/metrics"], /expected a URL without credentials/],
  [["run", "--scrape-interval", "100ms"], /expected at least 500ms/],
  [["run", "--config", "nowhere.yml"], /Cannot read nowhere\.yml/],
  [["run", "--config", "nowhere.yml", "http://gpu-7"], /Cannot use --config, --demo and URLs together/],
  [["run", "--demo", "http://gpu-7"], /Cannot use --config, --demo and URLs together/],
  [["announce", "--model", "bert", "--ttl", "5m", "--reason", "x"], /Cannot announce without a token/],
  [["announce", "--model", "bert", "--ttl", "soon", "--reason", "x"], /Cannot parse duration "soon"/],
  [["check", "target", "ftp://gpu-7"], /Cannot use target/],
  [["run", "--rules", "nothing-*.yml"], /Cannot find rule files "nothing-\*\.yml"/],
  [["run", "--rules", "nothing-*.yml", "http://gpu-7"], /Cannot find rule files "nothing-\*\.yml"/],
  [["replay", "--rules", "rules/triton.yml"], /Cannot replay nothing: expected a recording/],
  [["rnu"], /Did you mean run\?/],
])("wrong usage %j ends with 2 and a sentence", async (args, message) => {
  const { code, stdout, stderr } = await cli(args);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/ {4}at |secret/);
});

test("what record writes, replay reads: the same scrapes and the alerts they call for", async () => {
  const { triton, server, scraped } = await fakeTriton();
  const file = join(directory, "recorded.jsonl.gz");
  const record = start(["record", server.url, "-o", file, "--scrape-interval", "500ms"]);
  undo.push(() => record.process.kill("SIGKILL"));
  await scraped(3);
  triton.load("evil");
  await scraped(3);
  record.process.kill("SIGINT");
  const { code, stderr } = await record.ended;
  expect(code).toBe(0);
  const [, written] = /(\d+) scrapes written \(0 failed\)/.exec(stderr)!;
  const replay = await cli(["replay", "--format", "json", file]);
  expect(JSON.parse(replay.stdout.trimEnd().split("\n").at(-1)!).summary).toMatchObject({
    ...{ scrapes: Number(written), failed_scrapes: 0 },
  });
  expect(replay.stdout).toMatch(/"state":"firing","alertname":"TritonModelLoaded"/);
});

test("record ends with 3 where the target never answered, and with 2 where the file is there already", async () => {
  const file = join(directory, "unreachable.jsonl");
  const args = ["record", `http://127.0.0.1:${await refusedPort()}/metrics`, "-o", file, "--scrape-interval", "500ms"];
  const first = await cli([...args, "--for", "2s"]);
  expect([first.code, first.stderr]).toEqual([3, expect.stringMatching(/(\d+) scrapes written \(\1 failed\)/)]);
  const second = await cli(args);
  expect([second.code, second.stderr]).toEqual([2, expect.stringMatching(/^[^\n]*unreachable\.jsonl[^\n]*\n$/)]);
});

test("run --demo needs no Triton: it has learned what was before, and shows a reload within seconds", async () => {
  const run = start(["run", "--demo", "--listen", "127.0.0.1:0"]);
  undo.push(() => run.process.kill("SIGKILL"));
  const greeting = await run.saying("is loaded on triton-1");
  const base = /http:\/\/127\.0\.0\.1:\d+/.exec(greeting)![0];
  const data = async (path: string) => JSON.parse(await (await fetch(`${base}/api/v1/${path}`)).text()).data;
  const { subjects } = await data("subjects");
  expect(subjects.some(({ state }: { state: string }) => state === "normal")).toBe(true);
  await run.saying("TritonModelReloaded  model resnet version 1 was reloaded on triton-1");
  const { alerts } = await data("alerts");
  expect(alerts.map(({ labels }: { labels: Record<string, string> }) => labels["alertname"])).toContain(
    "TritonModelReloaded",
  );
  run.process.kill("SIGTERM");
  expect(await run.ended).toMatchObject({ code: 0 });
});

test("run goes on when nobody reads what it prints any more", async () => {
  const { triton, server, scraped } = await fakeTriton();
  const run = start(["run", server.url, "--listen", "127.0.0.1:0", "--scrape-interval", "500ms"]);
  undo.push(() => run.process.kill("SIGKILL"));
  const base = /http:\/\/127\.0\.0\.1:\d+/.exec(await run.saying("alerting rules"))![0];
  run.process.stdout.destroy();
  await scraped(2);
  triton.load("evil");
  await scraped(3);
  expect(await (await fetch(`${base}/api/v1/alerts`)).text()).toContain('"evil"');
  run.process.kill("SIGTERM");
  expect(await run.ended).toMatchObject({ code: 0, stderr: expect.stringContaining("nobody reads what is printed") });
});
