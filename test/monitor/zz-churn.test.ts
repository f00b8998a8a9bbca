import { test } from "vitest";
import { Bench } from "/work/main/test/monitor/bench.ts";
test("churn", () => {
  const N = Number(process.env.N ?? 5000);
  const bench = new Bench({ every: 15 });
  let id = 0;
  for (let s = 0; s < Number(process.env.S ?? 40); s++) {
    let page = 'nv_inference_request_success{model="steady",version="1"} ' + s + "\n";
    for (let i = 0; i < N; i++) page += `nv_inference_request_success{model="m${id++}",version="1"} 1\n`;
    const t = performance.now();
    const ev = bench.tick({ "a:1": page });
    bench.events.length = 0;
    const w = bench.world;
    if (s % 5 === 4 || s<3) console.log(s, Math.round(performance.now() - t), "ms", ev.length, "events rss", Math.round(process.memoryUsage().rss / 1e6), "heap", Math.round(process.memoryUsage().heapUsed / 1e6), "cols", [...w.targets.values()][0]!.table.size, "rec", w.store.recorder.size, "budget", Math.round(w.store.budget.bytes/1e6));
  }
}, 600000);
