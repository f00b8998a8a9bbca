import { describe, expect, test } from "vitest";
import { loadConfig } from "../../src/config/load-config.ts";

const said = (text: string, env: Readonly<Record<string, string>> = {}): string[] => {
  const loaded = loadConfig("c.yml", text, new Map(Object.entries(env)));
  return loaded.kind === "ok" ? [] : loaded.mistakes.map(({ line, column, message }) => `${line}:${column} ${message}`);
};

describe("what does not fit between scrape configs is told", () => {
  test("together with mistakes of other parts", () => {
    const text = `
scrape_configs:
- job_name: triton
  sample_limit: 0
  static_configs: [{ targets: ["a:1", "b:1", b] }]
- job_name: triton
  scrape_timeout: 20s
  static_configs: [{ targets: ["b:1"] }]
outputs: { sms: x }
`;
    expect(said(text)).toEqual([
      "4:17 scrape_configs[0].sample_limit: expected at least 1, found 0",
      expect.stringContaining('5:46 scrape_configs[0].static_configs[0].targets[2]: Cannot use target "b"'),
      '6:13 scrape_configs[1].job_name: Cannot use job name "triton" twice',
      expect.stringContaining("7:19 scrape_configs[1].scrape_timeout: Cannot use this scrape_timeout"),
      '8:32 scrape_configs[1].static_configs[0].targets[0]: Cannot use target "b:1" twice in job "triton"',
      '9:12 outputs: unknown field "sms"',
    ]);
  });

  test("as far as it can be read", () => {
    const text = `
scrape_configs:
- 5
- job_name: [a]
  static_configs: [{ targets: ["a:1"] }]
- job_name: b
  static_configs: [7, { targets: 8 }, { targets: [["a:1"], "a:1", "a:1"], labels: 9 }]
`;
    expect(said(text).filter((message) => message.includes("twice"))).toEqual([
      '7:67 scrape_configs[2].static_configs[2].targets[2]: Cannot use target "a:1" twice in job "b"',
    ]);
  });

  test("without the address where that is none, nor what the environment holds", () => {
    const twice = (target: string) =>
      `scrape_configs: [{ job_name: a, static_configs: [{ targets: [${target}, ${target}] }] }]`;
    expect(said(twice('"u:hunter2@a:1"')).join()).not.toMatch(/twice|hunter2/);
    expect(said(twice('"$' + '{HOST}"'), { HOST: "hunter2:1" })).toEqual([
      expect.stringContaining('Cannot use target "$' + '{HOST}" twice in job "a"'),
    ]);
  });

  test("and bounded, however much there is", () => {
    const jobs = "- { job_name: a, static_configs: [{ targets: ['a:1'] }] }\n".repeat(500);
    expect(said(`scrape_configs:\n${jobs}`)).toHaveLength(200);
  });
});
