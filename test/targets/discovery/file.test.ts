import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { durationMs } from "../../../src/series/time.ts";
import { makeDiscovery } from "../../../src/targets/discovery/index.ts";
import { Finds, TestPorts } from "./ports.ts";

let folder: string;
let ports: TestPorts;
let stop: () => Promise<void>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "file-sd-"));
  ports = new TestPorts();
});
afterEach(async () => {
  await stop();
  rmSync(folder, { recursive: true });
});

const write = (name: string, content: string): void => writeFileSync(join(folder, name), content);

function discover(...files: string[]): Finds {
  const discovery = makeDiscovery(
    { kind: "file", files: files.map((name) => join(folder, name)), refreshInterval: durationMs(300_000) },
    ports,
  );
  stop = () => discovery.stop();
  return new Finds(discovery);
}

/** Lets the next look happen and end. */
async function look(ms = 5_000): Promise<void> {
  await ports.clock.armed();
  await ports.clock.pass(ms);
  await ports.clock.armed();
}

test("reads JSON and YAML, one file after the other, and says where a target is from", async () => {
  write("b.yml", "- targets: [gpu-2:8002, 'gpu-3:8002']\n  labels: { rack: 7, __metrics_path__: /m }\n");
  write("a.json", '[{"targets": ["gpu-1:8002"], "labels": {"team": "vision"}}]');
  write("c.txt", "no");
  const finds = discover("*.json", "*.yml");
  await finds.count(1);
  const from = (name: string) => ({ __meta_filepath: join(folder, name) });
  expect(finds.targets).toEqual([
    { __address__: "gpu-1:8002", team: "vision", ...from("a.json") },
    { __address__: "gpu-2:8002", rack: "7", __metrics_path__: "/m", ...from("b.yml") },
    { __address__: "gpu-3:8002", rack: "7", __metrics_path__: "/m", ...from("b.yml") },
  ]);
  expect(ports.failures).toEqual([]);
});

test("takes up what changes, comes and goes within five seconds, and tells nothing while nothing changes", async () => {
  write("a.json", '[{"targets": ["one:1"]}]');
  const finds = discover("*.json");
  await finds.count(1);
  await look(60_000);
  expect(finds.all).toHaveLength(1);
  write("a.json", '[{"targets": ["one:1", "two:2"]}]');
  write("b.json", '[{"targets": ["three:3"]}]');
  await look();
  expect(finds.addresses).toEqual(["one:1", "two:2", "three:3"]);
  rmSync(join(folder, "a.json"));
  await look();
  expect(finds.addresses).toEqual(["three:3"]);
});

test("sees a folder of links swapped, as Kubernetes does with ConfigMaps", async () => {
  for (const [version, target] of [
    ["v1", "one:1"],
    ["v2", "two:2"],
  ] as const) {
    mkdirSync(join(folder, version));
    write(`${version}/targets.json`, `[{"targets": ["${target}"]}]`);
  }
  symlinkSync("v1", join(folder, "..data"));
  symlinkSync("..data/targets.json", join(folder, "targets.json"));
  const finds = discover("targets.json");
  await finds.count(1);
  symlinkSync("v2", join(folder, "..new"));
  renameSync(join(folder, "..new"), join(folder, "..data"));
  await look();
  expect(finds.addresses).toEqual(["two:2"]);
});

test("a file that is broken keeps its targets, and what is wrong is told once, with its place", async () => {
  write("a.yml", "- targets: [one:1]\n");
  const finds = discover("a.yml");
  await finds.count(1);
  write("a.yml", "- targets: [one:1]\n  lables: { a: b }\n");
  await look();
  await look(600_000);
  const place = `file: ${join(folder, "a.yml")}:2:3:`;
  expect(ports.failures).toEqual([expect.stringContaining(place)]);
  expect(ports.failures[0]).toContain('unknown field "lables"');
  expect([finds.all.length, finds.addresses]).toEqual([1, ["one:1"]]);
  write("a.yml", "- targets: [two:2]\n");
  await look();
  expect(finds.addresses).toEqual(["two:2"]);
});

test.each([
  ["labels that are no names", '[{"targets": ["a:1"], "labels": {"a-b": "x"}}]', 'Cannot use label "a-b"'],
  ["a value too long", `[{"targets": ["a:1"], "labels": {"a": "${"x".repeat(5_000)}"}}]`, "4096"],
  ["no list", "targets: [a:1]", "expected"],
  ["nothing", "", "expected"],
  ["no YAML", "[{", "Cannot read YAML"],
])("refuses %s", async (_, content, why) => {
  write("a.yml", content);
  const finds = discover("a.yml");
  await finds.count(1);
  expect([finds.addresses, ports.failures]).toEqual([[], [expect.stringContaining(why)]]);
});

/** A group of so many targets with so many labels. */
const group = (targets: number, labels: number): string =>
  JSON.stringify([
    {
      targets: Array.from({ length: targets }, (_, i) => `gpu-${i}:1`),
      labels: Object.fromEntries(Array.from({ length: labels }, (_, i) => [`label_${i}`, "x"])),
    },
  ]);

test("labels and targets of a file are bounded, and what is too much keeps its targets and is told once", async () => {
  write("a.json", '[{"targets": ["one:1"]}]');
  const finds = discover("a.json");
  await finds.count(1);
  write("a.json", group(5_000, 5_000));
  await look();
  await look(600_000);
  expect(ports.failures).toEqual([expect.stringContaining("Cannot use 5000 labels: expected at most 64")]);
  expect(finds.addresses).toEqual(["one:1"]);
});

test("files are bounded together: the one that is too much keeps its targets", async () => {
  write("a.json", group(12_000, 10));
  write("b.json", '[{"targets": ["one:1"]}]');
  const finds = discover("*.json");
  await finds.count(1);
  write("b.json", group(9_000, 0));
  await look();
  await look();
  expect(ports.failures).toEqual([
    expect.stringMatching(/b\.json, together with .* 21000 targets: expected at most 20000/),
  ]);
  expect(finds.addresses.length).toBe(12_001);
  write("a.json", group(11_000, 0));
  await look();
  write("b.json", group(8_999, 0));
  await look();
  expect(finds.addresses.length).toBe(19_999);
});

test("a file named that is not there is told once, and found when it comes", async () => {
  const finds = discover("late.json");
  await finds.count(1);
  await look(60_000);
  expect(ports.failures).toEqual([expect.stringMatching(/^file: Cannot find file ".*late.json"$/)]);
  write("late.json", '[{"targets": ["one:1"]}]');
  await look();
  expect(finds.addresses).toEqual(["one:1"]);
});

test("a change that leaves no trace in the file's times is taken up at the refresh interval at the latest", async () => {
  write("a.json", '[{"targets": ["one:1"]}]');
  const finds = discover("a*.j*n");
  await finds.count(1);
  await look(310_000);
  expect([finds.all.length, ports.failures]).toEqual([1, []]);
});
