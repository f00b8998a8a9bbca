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
    'detect.baseline.half_life "3d" default',
    "detect.fire.score 1 default",
    "detect.fire.times 2.5 default",
    "detect.fire.lasting.above 0.05 default",
    "detect.fire.lasting.times 1.3 default",
    "detect.clear.score 0.5 default",
    "detect.learning.widen 2 default",
    "detect.learning.above 0.1 default",
  ]);
});

test("a recording rule has no defaults, but its group's labels", () => {
  expect(shown(1)).toEqual([
    'record "a:b" pack.yml:12',
    'expr "sum(up)" pack.yml:13',
    'labels.team "ml" pack.yml:3',
    'labels.severity "info" pack.yml:3',
  ]);
});
