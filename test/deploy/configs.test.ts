import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { loadConfig } from "../../src/config/load-config.ts";
import { filesUnder, ROOT, textOf } from "../house/sources.ts";

const yamls = [...filesUnder("deploy", "**/*.yml"), ...filesUnder("deploy", "**/*.yaml")];
const configs = yamls.filter((path) => path.endsWith("/triton-sentinel.yml") && !path.includes("/grafana/"));

test.each(yamls)("%s is YAML", (path) => {
  const mistakes = parseAllDocuments(textOf(path), { merge: true }).flatMap(({ errors }) => errors.map(String));
  expect(mistakes).toEqual([]);
});

test("there is a configuration for every way of deployment", () => {
  expect(configs.map((path) => path.split("/")[1])).toEqual([
    "compose",
    "container",
    "kubernetes",
    "kubernetes",
    "systemd",
  ]);
});

describe.each(configs)("%s", (path) => {
  const text = textOf(path);

  test("names its schema in the first line", () => {
    const [, schema] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text) ?? [];
    expect(schema).toMatch(/triton-sentinel-config\.schema\.json$/);
    expect(existsSync(join(ROOT, dirname(path), schema!))).toBe(true);
  });

  test("is a configuration without mistakes, and nothing has to be set for it", () => {
    expect(loadConfig(path, text, new Map(), "/etc/triton-sentinel")).toMatchObject({ kind: "ok" });
  });

  test("serves where it is deployed: on all interfaces of a container, on the loopback of a machine", () => {
    const loaded = loadConfig(path, text, new Map(), "/etc/triton-sentinel");
    const host = loaded.kind === "ok" ? loaded.config.web.listenAddress.host : "";
    expect(host === "127.0.0.1").toBe(path.includes("/systemd/"));
  });
});

test("no file of ours carries a secret, only paths to them", () => {
  const secret = /(password|token|secret)s?["']?[ \t]*[:=][ \t]*["']?(?![^\s"']*\/)[\w+-]{8,}/i;
  expect(filesUnder("deploy", "**/*").filter((path) => secret.test(textOf(path)))).toEqual([]);
});
