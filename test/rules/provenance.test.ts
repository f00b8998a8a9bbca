import { expect, test } from "vitest";
import { loadRules } from "../../src/rules/load.ts";
import { fieldsOf } from "../../src/rules/provenance.ts";

const PACK = `groups:
- name: pack
  labels: { team: ml, severity: info }
  rules:
  - alert: Errors
    detect:
      ratio: { bad: failures, total: [successes, failures] }
      fire: { min_bad: 3 }
    labels: { severity: warning, version: 1.10 }
    except:
    - { match: { model: bench }, reason: x }
  - record: a:b
    expr: sum(up)
`;
const MINE = `overrides:
- alert: Errors
  set: { for: 2m, detect.fire.above: 0.05, labels.severity: critical }
`;

/** `path value file:line` of each field of the rule of an index. */
function shown(index: number): readonly string[] {
  const loaded = loadRules([
    { file: "pack.yml", text: PACK },
    { file: "mine.yml", text: MINE },
  ]);
  expect(loaded.mistakes).toEqual([]);
  return fieldsOf(loaded.placed[index]!).map(
    ({ path, value, from }) => `${path} ${JSON.stringify(value)} ${from ? `${from.file}:${from.line}` : "default"}`,
  );
}

test("every field tells where it was written: in the rule, its group or an override", () => {
  expect(shown(0).filter((line) => !line.endsWith("default"))).toEqual([
    'alert "Errors" pack.yml:5',
    'detect.ratio.bad "failures" pack.yml:7',
    'detect.ratio.total ["successes","failures"] pack.yml:7',
    "detect.fire.min_bad 3 pack.yml:8",
    "detect.fire.above 0.05 mine.yml:3",
    'labels.severity "critical" mine.yml:3',
    'labels.version "1.10" pack.yml:9',
    'except[0].match.model "bench" pack.yml:11',
    'except[0].reason "x" pack.yml:11',
    'for "2m" mine.yml:3',
    'labels.team "ml" pack.yml:3',
  ]);
});

test("what nobody wrote is there with its default", () => {
  expect(shown(0).filter((line) => line.endsWith("default"))).toEqual([
    'keep_firing_for "0s" default',
    'detect.detector "counts" default',
    'detect.by ["instance","model","version","namespace"] default',
    'detect.direction "up" default',
    'detect.against "baseline" default',
    'detect.baseline.season "auto" default',
    'detect.baseline.half_life "1d12h" default',
    "detect.fire.score 1 default",
    "detect.fire.times 2.5 default",
    "detect.fire.lasting.above 0.05 default",
    "detect.fire.lasting.times 1.2 default",
    "detect.clear.score 0.5 default",
    "detect.learning.widen 2 default",
    "detect.learning.above 0.1 default",
  ]);
});

test("a part of lasting that an override sets tells so, and the other is a default", () => {
  const text = `overrides:\n- alert: Errors\n  set: { detect.fire.lasting.above: 0.004, detect.fire.lasting.times: 2 }\n`;
  const { placed, mistakes } = loadRules([
    { file: "pack.yml", text: PACK },
    { file: "mine.yml", text },
  ]);
  expect(mistakes).toEqual([]);
  const fields = fieldsOf(placed[0]!).filter(({ path }) => path.startsWith("detect.fire.lasting"));
  expect(fields.map(({ path, value, from }) => [path, value, from?.file])).toEqual([
    ["detect.fire.lasting.above", 0.004, "mine.yml"],
    ["detect.fire.lasting.times", 2, "mine.yml"],
  ]);
});

test("of a threshold there is nothing that is learned", () => {
  const text = `groups:
- name: g
  rules:
  - alert: A
    detect: { rate: requests, detector: threshold, fire: { above: 10 } }
  - alert: B
    detect: { level: memory, detector: threshold, fire: { below: 10, over: 5m } }
`;
  const { placed } = loadRules([{ file: "mine.yml", text }]);
  const shown = placed.map((one) => fieldsOf(one).map(({ path, value }) => `${path} ${JSON.stringify(value)}`));
  const by = 'detect.by ["instance","model","version","namespace"]';
  expect(shown[0]!.slice(2)).toEqual([
    'detect.detector "threshold"',
    "detect.fire.above 10",
    'for "0s"',
    'keep_firing_for "0s"',
    by,
    'detect.direction "up"',
    "detect.fire.min_bad 0",
    'detect.fire.over "1m"',
    "detect.clear.score 1",
  ]);
  expect(shown[1]!.slice(-3)).toEqual([by, 'detect.direction "down"', "detect.clear.score 1"]);
});

test("a recording rule has no defaults, but its group's labels", () => {
  expect(shown(1)).toEqual([
    'record "a:b" pack.yml:12',
    'expr "sum(up)" pack.yml:13',
    'labels.team "ml" pack.yml:3',
    'labels.severity "info" pack.yml:3',
  ]);
});
