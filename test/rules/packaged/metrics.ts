import { readFileSync } from "node:fs";
import { Bench, scrapeOf } from "../../monitor/bench.ts";
import { on, type Scenario, type Stage } from "./scenario.ts";

/** A buffer that fails where the page reader looks at a part of it: a stand-in for a bug in our own code. */
class HostileBuffer extends Uint8Array {
  override subarray(): never {
    throw new Error("a bug in the page reader");
  }
}

const IDLE = { bert: { requests: 0 }, resnet: { requests: 0 } };

/** What the page says of itself, and of this program. */
export const METRICS: readonly Scenario[] = [
  {
    alert: "TritonMetricsFrozen",
    story: "a real server with counter_latencies=false goes on answering",
    fires: true,
    play: () =>
      frozenServer((page, i) => page.replace(/(first_response_histogram_ms_count\{.*\}) \d+/, `$1 ${20 + i}`)),
  },
  {
    alert: "TritonMetricsFrozen",
    story: "a real server with counter_latencies=false has no traffic",
    fires: false,
    play: () => frozenServer((page) => page),
  },
  {
    alert: "TritonModelChurn",
    story: "a server loads three hundred models at once, more than there is a place for alerts of one rule",
    fires: true,
    play: on((stage) => {
      stage.pass(10);
      for (let i = 0; i < 300; i++) stage.triton.load(`invented-${i}`);
      return stage.pass(3);
    }),
  },
  {
    alert: "TritonModelChurn",
    story: "a server loads twenty models at once",
    fires: false,
    play: on((stage) => {
      stage.pass(10);
      for (let i = 0; i < 20; i++) stage.triton.load(`released-${i}`);
      return stage.pass(3);
    }),
  },
  {
    alert: "TritonMetricsFrozen",
    story: "the queue grows and shrinks while no counter moves",
    fires: true,
    play: on((stage) => {
      stage.pass(10);
      return stage.pass(40, IDLE, (i) => {
        stage.triton.model("bert").pending = i % 2 === 0 ? 5 : 1;
      });
    }),
  },
  {
    alert: "TritonMetricsFrozen",
    story: "a GPU works for eleven minutes while no counter moves",
    fires: true,
    play: on((stage) => gpuBusy(stage, 660)),
  },
  {
    alert: "TritonMetricsFrozen",
    story: "a GPU works for five minutes while no counter moves",
    fires: false,
    play: on((stage) => gpuBusy(stage, 300)),
  },
  tampered("a series stands twice", true, ({ triton }) => {
    triton.extra = 'nv_inference_request_success{model="bert",version="1"} 5\n';
  }),
  tampered("a line is not of the format", true, ({ triton }) => {
    triton.extra = "nv_inference_request_success{ 5\n";
  }),
  tampered("a line stands there in our own name, which nobody reads", true, ({ triton }) => {
    triton.extra = 'triton_sentinel_alert_state{alertname="TritonTargetDown"} 0\n';
  }),
  tampered("a counter goes back", true, ({ triton }) => {
    triton.model("bert").computeUs = 1;
  }),
  tampered("a model is loaded again, so that its counters begin at 0", false, ({ triton }) => triton.load("bert")),
  tampered("the server restarts", false, ({ triton }) => triton.restart()),
  {
    alert: "SentinelInternalError",
    story: "the very first page meets a bug of this program",
    fires: true,
    play: () => {
      const bench = new Bench();
      const outcome = { kind: "body", body: new HostileBuffer(new TextEncoder().encode("a 1\nb")), length: 4 } as const;
      bench.give([{ ...scrapeOf("gpu:8002", undefined, bench.time), outcome }]);
      return bench;
    },
  },
  {
    alert: "SentinelInternalError",
    story: "a page is rubbish, which is the server's mistake",
    fires: false,
    play: () => {
      const bench = new Bench();
      for (let i = 0; i < 20; i++) bench.tick({ "gpu:8002": "<html>\u0000\n" });
      return bench;
    },
  },
  { alert: "SentinelWatchdog", story: "all is well", fires: true, play: on((stage) => stage.pass(1)) },
];

function frozenServer(next: (page: string, i: number) => string): Bench {
  const file = new URL("../../golden/exposition/sample_metrics_summary_hist_nocounters.txt", import.meta.url);
  const page = readFileSync(file, "utf8");
  const bench = new Bench();
  for (let i = 0; i < 40; i++) bench.tick({ "gpu:8002": next(page, i) });
  return bench;
}

function gpuBusy(stage: Stage, seconds: number): Stage {
  stage.pass(10);
  stage.triton.gauges.set("nv_gpu_utilization", [0.8, { gpu_uuid: "GPU-1" }]);
  return stage.pass(seconds, IDLE);
}

function tampered(story: string, fires: boolean, happens: (stage: Stage) => void): Scenario {
  const play = on((stage) => {
    stage.pass(20);
    happens(stage);
    return stage.pass(5);
  });
  return { alert: "TritonMetricsTampered", story, fires, play };
}
