import fc from "fast-check";
import { expect, test } from "vitest";
import { Labels } from "../../src/series/labels.ts";
import { buildTarget } from "../../src/targets/target-builder.ts";
import { readTargetUrl } from "../../src/targets/target-url.ts";
import { jobOf, ruleOf } from "./job-of.ts";

const built = (labels: Record<string, string>, job = jobOf()) => buildTarget(job, Labels.of(labels));

/** What matters of a target, or why there is none. */
function told(labels: Record<string, string>, job = jobOf()) {
  const made = built(labels, job);
  return made.kind === "dropped" ? made.dropped.why : { url: made.target.url, labels: made.target.labels.toJSON() };
}

test("a target carries its job, its address as instance and what discovery adds, but nothing with two underscores", () => {
  const job = jobOf();
  const made = built({ __address__: "gpu-7:8002", rack: "7", __meta_x: "y", __tmp: "z" }, job);
  expect(made).toMatchObject({
    kind: "target",
    target: { job, url: "http://gpu-7:8002/metrics", scrapeInterval: 15_000, scrapeTimeout: 10_000 },
  });
  if (made.kind !== "target") return;
  expect(made.target.labels.toJSON()).toEqual({ job: "triton", instance: "gpu-7:8002", rack: "7" });
  expect(made.target.discoveredLabels.toJSON()).toEqual({
    job: "triton",
    rack: "7",
    __address__: "gpu-7:8002",
    __meta_x: "y",
    __tmp: "z",
    __scheme__: "http",
    __metrics_path__: "/metrics",
    __scrape_interval__: "15s",
    __scrape_timeout__: "10s",
  });
});

test("what discovery says of scheme, path, times, parameters, job and instance goes before the job", () => {
  const made = built({
    __address__: "gpu-7",
    __scheme__: "https",
    __metrics_path__: "/a b?c",
    __scrape_interval__: "30s",
    __scrape_timeout__: "1s",
    __param_b: "x y",
    __param_a: "&",
    job: "mine",
    instance: "seven",
  });
  expect(made).toMatchObject({
    kind: "target",
    target: { url: "https://gpu-7/a%20b%3Fc?a=%26&b=x+y", scrapeInterval: 30_000, scrapeTimeout: 1_000 },
  });
  expect(made.kind === "target" && made.target.labels.toJSON()).toEqual({ job: "mine", instance: "seven" });
});

test("rules see what was discovered, and what they leave decides", () => {
  const relabel = [
    ruleOf({ action: "keep", sourceLabels: ["__meta_port"], regex: "metrics" }),
    ruleOf({ sourceLabels: ["__meta_pod", "__address__"], separator: "@", targetLabel: "instance" }),
    ruleOf({ sourceLabels: ["__address__"], regex: "(.*):.*", replacement: "$1:9", targetLabel: "__address__" }),
  ];
  const discovered = { __address__: "10.0.0.1:8002", __meta_pod: "triton-0", __meta_port: "metrics" };
  expect(told(discovered, jobOf({ relabel }))).toEqual({
    url: "http://10.0.0.1:9/metrics",
    labels: { job: "triton", instance: "triton-0@10.0.0.1:8002" },
  });
  expect(told({ ...discovered, __meta_port: "http" }, jobOf({ relabel }))).toBe("relabelling dropped it");
});

test.each<[Record<string, string>, RegExp]>([
  [{}, /^it has no address$/],
  [{ __address__: "http://gpu-7:8002" }, /^Cannot use address "http:\/\/gpu-7:8002": expected a host and a port/],
  [{ __address__: "gpu-7:8002/x" }, /^Cannot use address/],
  [{ __address__: "user:pw@gpu-7" }, /^Cannot use address/],
  [{ __address__: "gpu-7:99999" }, /^Cannot use address/],
  [{ __address__: "fd00::1" }, /^Cannot use address/],
  [{ __address__: "a\nb" }, /^Cannot use address "a\\\\nb"/],
  [{ __address__: "a".repeat(2_000) }, /^Cannot use address/],
  [{ __address__: "a:1", __scheme__: "ftp" }, /^Cannot use scheme "ftp"/],
  [{ __address__: "a:1", __metrics_path__: "metrics" }, /^Cannot use metrics path "metrics"/],
  [{ __address__: "a:1", __scrape_interval__: "often" }, /^Cannot parse duration "often"/],
  [{ __address__: "a:1", __scrape_interval__: "0s" }, /^Cannot use __scrape_interval__ "0s": expected more than 0/],
  [{ __address__: "a:1", __scrape_timeout__: "16s" }, /^Cannot use scrape timeout "16s": expected at most .* 15s/],
])("%j is no target, and why is said", (labels, why) => {
  expect(told(labels)).toMatch(why);
});

test("IPv6 addresses stand in brackets", () => {
  expect(told({ __address__: "[fd00::1]:8002" })).toMatchObject({ url: "http://[fd00::1]:8002/metrics" });
});

test("whatever is discovered, a target's URL can be scraped and no label of it is hidden", () => {
  const text = fc.oneof(fc.string(), fc.constantFrom("gpu:1", "http", "https", "/x", "10s", "[::1]:80", "a..b", "%"));
  const names = ["__address__", "__scheme__", "__metrics_path__", "__scrape_interval__", "__param_x", "a"];
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names), text), (labels) => {
      const made = built(labels);
      if (made.kind === "dropped") expect(made.dropped.why).toMatch(/^\P{Cc}+$/u);
      else {
        const { url, labels: own } = made.target;
        expect(() => readTargetUrl(url)).not.toThrow();
        expect(own.pairs.some(([name]) => name.startsWith("__"))).toBe(false);
      }
    }),
  );
});
