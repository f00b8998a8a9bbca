// How long one step with the packaged rules takes: a server with so many models, a page every 15 s, traffic on every model.
//   npm run bench:rules            [MODELS=128]

import { loadRuleGroups } from "../../dist/app/rule-files.js";
import { DEFAULT_WORLD } from "../../dist/monitor/options.js";
import { RuleSet } from "../../dist/monitor/rule-set.js";
import { step } from "../../dist/monitor/step.js";
import { World } from "../../dist/monitor/world.js";
import { Labels } from "../../dist/series/labels.js";

const MODELS = Number(process.env.MODELS ?? 128);
const WARM_UP = 60;
const STEPS = 200;
const FAMILIES = [
  ["nv_inference_request_success", 50],
  ["nv_inference_count", 80],
  ["nv_inference_exec_count", 40],
  ["nv_inference_request_duration_us", 300_000],
  ["nv_inference_queue_duration_us", 20_000],
  ["nv_inference_compute_input_duration_us", 10_000],
  ["nv_inference_compute_infer_duration_us", 250_000],
  ["nv_inference_compute_output_duration_us", 10_000],
  ["nv_inference_pending_request_count", 0],
  ["nv_model_load_duration_secs", 0],
];
const REASONS = ["REJECTED", "CANCELED", "BACKEND", "OTHER"];

function page(tick) {
  let text = "";
  for (const [family, rate] of FAMILIES) {
    for (let m = 0; m < MODELS; m++) {
      const value = rate === 0 ? (family.endsWith("secs") ? 0.5 + m : 1) : tick * (rate + ((tick * 7 + m) % 5));
      text += `${family}{model="model-${m}",version="1"} ${value}\n`;
    }
  }
  for (let m = 0; m < MODELS; m++) {
    for (const reason of REASONS) {
      text += `nv_inference_request_failure{model="model-${m}",reason="${reason}",version="1"} ${Math.floor(tick / 50)}\n`;
    }
  }
  return Buffer.from(text);
}

const groups = await loadRuleGroups({ packaged: true, patterns: [], base: process.cwd() });
const world = new World({ ...DEFAULT_WORLD, rules: new RuleSet(groups) });
const target = Labels.of({ job: "triton", instance: "bench:8002" });
const times = [];
for (let tick = 1; tick <= WARM_UP + STEPS; tick++) {
  const body = page(tick);
  const at = 1_800_000_000_000 + tick * 15_000;
  const input = { kind: "scrape", target, at, seconds: 0.01, outcome: { kind: "body", body, length: body.length } };
  const began = performance.now();
  step(world, [input], at);
  if (tick > WARM_UP) times.push(performance.now() - began);
}
let subjects = 0;
for (const rules of world.targetRules.values()) {
  for (const [, judge] of rules.judges()) for (const _ of judge.judged()) subjects++;
}
times.sort((a, b) => a - b);
const at = (q) => times[Math.floor(q * (times.length - 1))];
const samples = MODELS * (FAMILIES.length + REASONS.length);
console.log(
  `${MODELS} models, ${samples} samples, ${world.ruleStates.size} alerting rules, ${subjects} subjects of detect rules`,
);
console.log(`step: min ${at(0).toFixed(2)}, median ${at(0.5).toFixed(2)}, p99 ${at(0.99).toFixed(2)} ms`);
console.log(
  `median: ${((at(0.5) * 1e6) / samples).toFixed(0)} ns a sample, ${((at(0.5) * 1e3) / subjects).toFixed(1)} µs a subject`,
);
