import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { fingerprint, isFingerprint, Labels } from "../../src/series/labels.ts";

/** Fingerprints as Alertmanager 0.25 gave them over its API. */
const GOLDEN: readonly (readonly [Record<string, string>, string])[] = [
  [{ alertname: "A" }, "d2c6efc389df0927"],
  [
    { alertname: "TritonErrorRatioAnomaly", instance: "gpu-7:8002", model: "bert", version: "1", severity: "warning" },
    "ffe6a22dbeed66b7",
  ],
  [{ alertname: 'ü☺ "quoted" \\ \n', model: "日本語" }, "57b21fdcad1747ec"],
  [{ alertname: "\u{1F600} and \uFFFD", z: "\u{10FFFF}", _a: "x", A: "y", a1: "" }, "31d2db97445fb95e"],
];

const hasAlertmanager = spawnSync("prometheus-alertmanager", ["--version"]).status === 0;

test.each(GOLDEN)("the fingerprint of %j is Alertmanager's", (labels, expected) => {
  expect(fingerprint(Labels.of(labels))).toBe(expected);
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** Starts an Alertmanager and waits for the line that says it listens. */
async function start(folder: string): Promise<{ child: ChildProcess; url: string }> {
  writeFileSync(join(folder, "am.yml"), "route: {receiver: none}\nreceivers: [{name: none}]\n");
  const url = `http://127.0.0.1:${await freePort()}`;
  const child = spawn(
    "prometheus-alertmanager",
    [
      "--config.file=am.yml",
      "--storage.path=data",
      "--cluster.listen-address=",
      `--web.listen-address=${url.slice(7)}`,
    ],
    { cwd: folder, stdio: ["ignore", "ignore", "pipe"] },
  );
  for await (const line of createInterface({ input: child.stderr! })) if (/Listening on/.test(line)) break;
  child.stderr!.resume();
  return { child, url };
}

test.skipIf(!hasAlertmanager)("the real Alertmanager gives the same fingerprints", async () => {
  const folder = mkdtempSync(join(tmpdir(), "alertmanager-"));
  const { child, url } = await start(folder);
  try {
    const body = JSON.stringify(GOLDEN.map(([labels]) => ({ labels })));
    const posted = await fetch(`${url}/api/v2/alerts`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    expect(posted.status).toBe(200);
    const alerts = (await (await fetch(`${url}/api/v2/alerts`)).json()) as {
      labels: Record<string, string>;
      fingerprint: string;
    }[];
    const theirs = new Map(alerts.map((alert) => [Labels.of(alert.labels).key, alert.fingerprint]));
    expect(GOLDEN.map(([labels]) => theirs.get(Labels.of(labels).key))).toEqual(GOLDEN.map(([, expected]) => expected));
  } finally {
    child.kill();
    await once(child, "exit");
    rmSync(folder, { recursive: true });
  }
});

test("what a fingerprint looks like is known without looking for one, and one label set has one for life", () => {
  const labels = Labels.of({ alertname: "A", instance: "gpu é:8002" });
  expect(fingerprint(labels)).toBe(fingerprint(Labels.of(labels.toJSON())));
  expect(fingerprint(labels)).toBe(fingerprint(labels));
  expect([fingerprint(labels), "0".repeat(15), "0".repeat(17), "A".repeat(16), "<b>"].map(isFingerprint)).toEqual([
    ...[true, false, false, false, false],
  ]);
});
