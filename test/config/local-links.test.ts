import { expect, test } from "vitest";
import { loadConfig } from "../../src/config/load-config.ts";

const warned = (text: string): string[] => {
  const loaded = loadConfig("c.yml", text, new Map());
  if (loaded.kind !== "ok") throw new Error(JSON.stringify(loaded.mistakes));
  return loaded.warnings.map(({ line, column, severity, message }) => `${line}:${column} ${severity} ${message}`);
};

const OUTPUT = 'outputs: { webhook: [{ name: a, url: "https://a/" }] }\n';

test.each([
  ["a webhook", OUTPUT],
  ["an Alertmanager", 'alerting: { alertmanagers: [{ static_configs: [{ targets: ["am:9093"] }] }] }\n'],
  ["mail", "outputs: { email: [{ name: a, to: a@b, from: a@b, smarthost: 'c:25' }] }\n"],
])("links that lead to localhost are warned of where %s is told of alerts", (_, output) => {
  expect(warned(`${output}web: { listen_address: ":9464" }`)).toEqual([
    expect.stringMatching(
      /^2:24 warning web\.listen_address: links in alerts lead to http:\/\/localhost:9464: expected/,
    ),
  ]);
});

test.each([
  ["nobody is told", 'web: { listen_address: ":9464" }'],
  ["the URL is said", `${OUTPUT}web: { listen_address: ":9464", external_url: https://a.example }`],
  ["it listens in one place", `${OUTPUT}web: { listen_address: "10.0.0.7:9464" }`],
  ["nothing is said", OUTPUT],
])("there is no warning where %s", (_, text) => {
  expect(warned(text)).toEqual([]);
});
