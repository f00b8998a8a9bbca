import { expect, test } from "vitest";
import { loadRuleGroups } from "../../../src/app/rule-files.ts";
import { readSettings } from "../../../src/app/settings.ts";
import { exportRules } from "../../../src/rules/export/export-rules.ts";
import { durationMs } from "../../../src/series/time.ts";
import { episodesOfPrometheus, episodesOfReplay } from "./episodes.ts";
import { scrapesOf } from "./gridded.ts";

const EVERY = Number(process.env["EVERY"] ?? "1");
test("explore", async () => {
  const settings = await readSettings({ urls: [] });
  const groups = await loadRuleGroups(settings.rules);
  const { text } = exportRules(groups, {
    version: "0",
    command: "x",
    interval: durationMs(EVERY * 1000),
    baselineWindow: durationMs(300_000),
    jobs: ["triton"],
    dialect: "prometheus",
    onUnknown: "hold",
    changeWindows: [],
  });
  for (const name of (process.env["REC"] ?? "explicit").split(",")) {
    const scrapes = scrapesOf(name, EVERY);
    const ours = await episodesOfReplay(settings, scrapes, EVERY);
    const t = performance.now();
    const theirs = episodesOfPrometheus(text, scrapes, EVERY);
    console.log(name, scrapes.length, `${Math.round(performance.now() - t)} ms`);
    for (const e of ours) console.log("  ours  ", e.from, e.to, e.alert);
    for (const e of theirs) console.log("  theirs", e.from, e.to, e.alert);
  }
  expect(1).toBe(1);
}, 600_000);
