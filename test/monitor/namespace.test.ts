import { expect, test } from "vitest";
import { aliasNamespace } from "../../src/monitor/namespace.ts";
import { Bench } from "./bench.ts";

test("a namespace is shown by the last part of its path and twelve digits that keep paths apart", () => {
  expect(aliasNamespace("/data/team-a/models")).toMatch(/^models~[0-9a-f]{12}$/);
  expect(aliasNamespace("/data/team-b/models")).not.toBe(aliasNamespace("/data/team-a/models"));
  expect(aliasNamespace("/data/team-a/models")).toBe(aliasNamespace("/data/team-a/models"));
});

test.each(["", "/", "///", "no-slash", "/a/b/"])("the path %j has an alias too", (path) => {
  expect(aliasNamespace(path)).toMatch(/^[^/]*~[0-9a-f]{12}$/);
});

test("two models of the same name in two namespaces are two models", () => {
  const bench = new Bench();
  const page = (...paths: readonly string[]) =>
    paths.map((path) => `nv_inference_request_success{model="m",version="1",namespace="${path}"} 1\n`).join("");
  bench.tick({ a: page("/data/one") });
  bench.tick({ a: page("/data/one", "/data/two") });
  expect(bench.transitions.map(({ labels }) => [labels.get("alertname"), labels.get("namespace")])).toContainEqual([
    "TritonModelLoaded",
    aliasNamespace("/data/two"),
  ]);
});
