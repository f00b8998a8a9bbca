import { Resolver } from "node:dns/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { durationMs } from "../../../src/series/time.ts";
import { makeDiscovery } from "../../../src/targets/discovery/index.ts";
import type { DnsDiscoveryOptions } from "../../../src/targets/job.ts";
import { FakeDns } from "../../support/fake-dns.ts";
import { Finds, TestPorts } from "./ports.ts";

let dns: FakeDns;
let ports: TestPorts;
let stop: () => Promise<void>;

beforeEach(async () => {
  dns = await FakeDns.start();
  ports = new TestPorts();
  const resolver = new Resolver({ timeout: 10_000, tries: 1 });
  resolver.setServers([`127.0.0.1:${dns.port}`]);
  ports.resolver = () => resolver;
});
afterEach(async () => {
  await stop();
  await dns.close();
});

function discover(type: DnsDiscoveryOptions["type"], ...names: string[]): Finds {
  const discovery = makeDiscovery({ kind: "dns", names, type, port: 8002, refreshInterval: durationMs(30_000) }, ports);
  stop = () => discovery.stop();
  return new Finds(discovery);
}

async function look(): Promise<void> {
  await ports.clock.armed();
  await ports.clock.pass(30_000);
  await ports.clock.armed();
}

test("a name server that does not answer does not hold up the end", async () => {
  dns.silent = true;
  discover("A", "triton.example.com");
  await dns.asked();
  await stop();
  expect(ports.failures).toEqual([]);
});

test("A and AAAA records become addresses with the port of the options", async () => {
  dns.records.set("A triton.example.com", ["10.0.0.2", "10.0.0.1"]);
  const a = discover("A", "triton.example.com");
  await a.count(1);
  expect(a.targets).toEqual([
    { __address__: "10.0.0.1:8002", __meta_dns_name: "triton.example.com" },
    { __address__: "10.0.0.2:8002", __meta_dns_name: "triton.example.com" },
  ]);
  await stop();
  dns.records.set("AAAA triton.example.com", ["2001:db8::1"]);
  const aaaa = discover("AAAA", "triton.example.com.");
  await aaaa.count(1);
  expect(aaaa.addresses).toEqual(["[2001:db8::1]:8002"]);
});

test("SRV records bring their hosts and ports", async () => {
  dns.records.set("SRV _metrics._tcp.example.com", ["gpu-1.example.com:9000"]);
  const finds = discover("SRV", "_metrics._tcp.example.com");
  await finds.count(1);
  expect(finds.targets).toEqual([
    {
      __address__: "gpu-1.example.com:9000",
      __meta_dns_name: "_metrics._tcp.example.com",
      __meta_dns_srv_record_target: "gpu-1.example.com.",
      __meta_dns_srv_record_port: "9000",
    },
  ]);
});

test("a name without an answer is looked for in the search domains", async () => {
  ports.domains = ["svc.cluster.local", "cluster.local"];
  dns.records.set("A triton.ml.cluster.local", ["10.0.0.1"]);
  const finds = discover("A", "triton.ml");
  await finds.count(1);
  expect(finds.addresses).toEqual(["10.0.0.1:8002"]);
});

test("a server that fails keeps the targets; a name that is gone loses them", async () => {
  dns.records.set("A triton.example.com", ["10.0.0.1"]);
  const finds = discover("A", "triton.example.com");
  await finds.count(1);
  dns.broken = true;
  await look();
  expect(ports.failures).toEqual([expect.stringMatching(/^dns: Cannot look up "triton.example.com": ESERVFAIL/)]);
  expect([finds.all.length, finds.addresses]).toEqual([1, ["10.0.0.1:8002"]]);
  dns.broken = false;
  await look();
  expect(finds.all).toHaveLength(1);
  dns.records.clear();
  await look();
  expect([finds.all.length, finds.addresses]).toEqual([2, []]);
});
