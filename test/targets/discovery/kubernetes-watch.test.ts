import { beforeEach, expect, test } from "vitest";
import type { FakeKubernetes } from "../../support/fake-kubernetes.ts";
import { Cluster, pod } from "./cluster.ts";
import type { Finds, TestPorts } from "./ports.ts";

let api: FakeKubernetes;
let ports: TestPorts;
let cluster: Cluster;

beforeEach(async () => {
  cluster = await Cluster.start();
  ({ api, ports } = cluster);
});

/** A discovery whose watch runs. */
async function watching(): Promise<Finds> {
  api.apply("pods", pod("triton-0"));
  const finds = cluster.discover();
  await finds.count(1);
  await api.asked(/watch=true/);
  return finds;
}

/** Lets the changes settle and waits for a find with these addresses' hosts. */
async function until(finds: Finds, hosts: readonly string[]): Promise<void> {
  for (let times = finds.all.length; ; times++) {
    const found = new Set(finds.addresses.map((address) => address?.split(":")[0]));
    if (JSON.stringify([...found].sort()) === JSON.stringify(hosts)) return;
    await ports.clock.armed();
    await ports.clock.pass(30_000);
    await Promise.race([finds.count(times + 1), ports.clock.armed()]);
  }
}

test("are taken over from the watch: new, changed and removed pods", async () => {
  const finds = await watching();
  api.apply("pods", pod("triton-1", "10.0.0.2"));
  await until(finds, ["10.0.0.1", "10.0.0.2"]);
  api.apply("pods", pod("triton-1", "10.0.0.3"));
  await until(finds, ["10.0.0.1", "10.0.0.3"]);
  api.remove("pods", pod("triton-0"));
  await until(finds, ["10.0.0.3"]);
  expect(ports.failures).toEqual([]);
  expect(api.requests.filter((request) => !request.includes("watch"))).toHaveLength(1);
});

test("are not lost while no watch runs: it begins again where it ended, bookmarks included", async () => {
  const finds = await watching();
  api.bookmark();
  api.apply("pods", pod("triton-1", "10.0.0.2"));
  await until(finds, ["10.0.0.1", "10.0.0.2"]);
  api.endWatches();
  api.apply("pods", pod("triton-2", "10.0.0.3"));
  await until(finds, ["10.0.0.1", "10.0.0.2", "10.0.0.3"]);
  expect(api.requests.filter((request) => !request.includes("watch"))).toHaveLength(1);
  expect(api.requests.at(-1)).toContain("resourceVersion=103");
});

test.each(["told in the watch", "told when asked"] as const)(
  "that the server has forgotten are listed again, %s",
  async (how) => {
    const finds = await watching();
    api.remove("pods", pod("triton-0"));
    api.apply("pods", pod("triton-9", "10.0.0.9"));
    api.forget(how);
    await until(finds, ["10.0.0.9"]);
    expect(ports.failures).toEqual([]);
  },
);

test.each(["no JSON", '{"type":"ADDED","object":{}}', '{"type":"ERROR","object":{"message":"broken"}}'])(
  "after an event that is none (%s) are listed again, and it is told",
  async (line) => {
    const finds = await watching();
    const failure = ports.failure();
    api.say(line);
    expect(await failure).toMatch(/^kubernetes: \/api\/v1\/pods: (an event|the watch ended: broken)/);
    api.apply("pods", pod("triton-1", "10.0.0.2"));
    await until(finds, ["10.0.0.1", "10.0.0.2"]);
  },
);

test("that cannot be asked for keep the targets; it asks ever more rarely until it is answered", async () => {
  const finds = await watching();
  api.refusal = { status: 403, message: "pods is forbidden:\nno" };
  api.endWatches();
  const waits: number[] = [];
  for (let i = 0; i < 8; i++) {
    const from = ports.clock.time;
    const failure = ports.failure();
    const asked = ports.failures.length;
    while (ports.failures.length === asked) {
      await ports.clock.armed();
      await ports.clock.pass(1_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await failure).toBe("kubernetes: /api/v1/pods: the API server answered 403: pods is forbidden:\\nno");
    waits.push(ports.clock.time - from);
  }
  expect(waits.at(-1)).toBeGreaterThanOrEqual(25_000);
  expect(finds.addresses).toHaveLength(2);
  api.refusal = undefined;
  api.remove("pods", pod("triton-0"));
  await until(finds, []);
});
