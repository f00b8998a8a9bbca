import { afterEach, beforeEach, expect, test } from "vitest";
import { durationMs } from "../../../src/series/time.ts";
import { makeDiscovery } from "../../../src/targets/discovery/index.ts";
import { type Answer, FakeTriton } from "../../support/fake-triton.ts";
import { Finds, TestPorts } from "./ports.ts";

let fake: FakeTriton;
let ports: TestPorts;
let stop: () => Promise<void>;

beforeEach(async () => {
  fake = await FakeTriton.start();
  ports = new TestPorts();
});
afterEach(async () => {
  await stop();
  await fake.close();
});

function discover(url = fake.url): Finds {
  const discovery = makeDiscovery({ kind: "http", url, refreshInterval: durationMs(60_000), http: {} }, ports);
  stop = () => discovery.stop();
  return new Finds(discovery);
}

const json = (body: string, type = "application/json; charset=utf-8"): Answer => ({
  status: 200,
  body,
  headers: { "content-type": type },
});
/** One group with so many labels and targets. */
const group = (labels: number, targets: number): string =>
  JSON.stringify([
    {
      targets: Array.from({ length: targets }, (_, i) => `gpu-${i}:1`),
      labels: Object.fromEntries(Array.from({ length: labels }, (_, i) => [`label_${i}`, "x".repeat(10)])),
    },
  ]);
const ONE = '[{"targets":["gpu-1:8002"],"labels":{"rack":"7"}}]';

test("asks politely and finds what the server answers", async () => {
  fake.serve(json(ONE));
  const finds = discover(fake.url.replace("//", "//me:s3cret@"));
  await finds.count(1);
  expect(finds.targets).toEqual([{ __address__: "gpu-1:8002", rack: "7", __meta_url: fake.url }]);
  expect(fake.headers).toMatchObject({
    accept: "application/json",
    "user-agent": "triton-sentinel/test",
    "x-prometheus-refresh-interval-seconds": "60",
    authorization: `Basic ${Buffer.from("me:s3cret").toString("base64")}`,
  });
});

test("asks again at each refresh interval and tells what has changed", async () => {
  fake.serve([json(ONE), json(ONE), json("[]")]);
  const finds = discover();
  await finds.count(1);
  await ports.clock.armed();
  await ports.clock.pass(60_000);
  await ports.clock.armed();
  await ports.clock.pass(60_000);
  await finds.count(2);
  expect([fake.requests, finds.targets]).toEqual([3, []]);
});

test.each<[string, Answer, RegExp]>([
  ["another status", { status: 500 }, /\/metrics: the server answered 500$/],
  ["another type", json(ONE, "text/html"), /of type "text\/html": expected application\/json$/],
  ["no JSON", json("<html>"), /expected JSON, for example/],
  ["other JSON", json('{"targets":[]}'), /Cannot read target groups: /],
  ["a field nobody knows", json('[{"targets":[],"x":1}]'), /Cannot read target groups: \[0\]: .*x/],
  ["a number for a target", json('[{"targets":[1]}]'), /\[0\]\.targets\[0\]: /],
  ["a target too many", json(group(0, 20_001)), /Cannot use 20001 targets: expected at most 20000$/],
  ["a group too many", json(`[${"{},".repeat(20_000)}{}]`), /Cannot use 20001 groups: expected at most 20000$/],
  ["a label too many", json(group(65, 1)), /\[0\]\.labels: Cannot use 65 labels: expected at most 64$/],
  ["a small answer that would fill the memory", json(group(5_000, 5_000)), /Cannot use 5000 labels/],
  ["many labels on many targets", json(group(64, 20_000)), /20000 targets with labels of \d+ characters/],
  ["very many lists", json(`[${"[],".repeat(100_000)}[]]`), /expected at most 100000 of \[ and \{$/],
])("%s keeps the targets there were, and why is told without credentials", async (_, answer, why) => {
  fake.serve([json(ONE), answer]);
  const finds = discover(fake.url.replace("//", "//me:s3cret@"));
  await finds.count(1);
  await ports.clock.armed();
  const failure = ports.failure();
  await ports.clock.pass(60_000);
  expect(await failure).toMatch(why);
  expect(ports.failures.join()).not.toContain("s3cret");
  expect([finds.all.length, finds.addresses]).toEqual([1, ["gpu-1:8002"]]);
});

test("an answer of allowed size is taken whole", async () => {
  fake.serve(json(group(10, 20_000)));
  const finds = discover();
  await finds.count(1);
  expect([finds.targets.length, ports.failures]).toEqual([20_000, []]);
});

test("what stands in the query is told to nobody: it may be a token", async () => {
  fake.serve(json(ONE));
  const finds = discover(`${fake.url}?token=s3cret&s3cret`);
  await finds.count(1);
  expect(finds.targets[0]?.["__meta_url"]).toBe(`${fake.url}?token=***&***`);
  expect(JSON.stringify(finds.all)).not.toContain("s3cret");
});

test("stopping ends a request under way", async () => {
  fake.serve({ behaves: "hang" });
  const finds = discover();
  await stop();
  expect([finds.all, ports.failures]).toEqual([[], []]);
});
