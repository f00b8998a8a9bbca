import { on, type Scenario, type Stage } from "./scenario.ts";

/** Seconds of a day. */
const DAY = 86_400;

/** So many requests wait for bert from now on. */
const waiting = ({ triton }: Stage, requests: number): void => {
  triton.model("bert").pending = requests;
};

/** What a model's own traffic shows: usual traffic for a while, then something. */
export const INFERENCE: readonly Scenario[] = [
  {
    alert: "TritonErrorRatioAnomaly",
    story: "a third of the requests fail",
    fires: true,
    play: on((stage) => stage.pass(120).pass(10, { bert: { requests: 14, failures: 7 } })),
  },
  {
    alert: "TritonErrorRatioAnomaly",
    story: "four requests fail",
    fires: false,
    play: on((stage) =>
      stage
        .pass(120)
        .pass(1, { bert: { failures: 4 } })
        .pass(60),
    ),
  },
  {
    alert: "TritonErrorRatioCreep",
    story: "the share of failures grows by an eighth each day for eleven days",
    fires: true,
    play: on((stage) => {
      stage.pass(3 * DAY, { bert: { requests: 6_000, failures: 60 } });
      return stage.each(11 * DAY, (seconds) => ({
        bert: { requests: 6_000, failures: Math.round(60 * 1.125 ** (seconds / DAY)) },
      }));
    }, 300),
  },
  {
    alert: "TritonErrorRatioCreep",
    story: "one request in a hundred fails throughout",
    fires: false,
    play: on((stage) => stage.pass(8 * DAY, { bert: { requests: 6_000, failures: 60 } }), 300),
  },
  {
    alert: "TritonRequestRateCreep",
    story: "traffic grows by a sixth each day for six days",
    fires: true,
    play: on((stage) => {
      stage.pass(8 * DAY, { bert: { requests: 6_000 } });
      return stage.each(6 * DAY, (seconds) => ({ bert: { requests: Math.round(6_000 * (7 / 6) ** (seconds / DAY)) } }));
    }, 300),
  },
  {
    alert: "TritonRequestRateCreep",
    story: "the same traffic throughout",
    fires: false,
    play: on((stage) => stage.pass(12 * DAY, { bert: { requests: 6_000 } }), 300),
  },
  {
    alert: "TritonRequestRateSurge",
    story: "ten times the usual traffic",
    fires: true,
    play: on((stage) => stage.pass(180).pass(10, { bert: { requests: 200 } })),
  },
  {
    alert: "TritonRequestRateSurge",
    story: "twice the usual traffic",
    fires: false,
    play: on((stage) => stage.pass(180).pass(120, { bert: { requests: 40 } })),
  },
  {
    alert: "TritonRequestRateDrop",
    story: "no traffic for five minutes",
    fires: true,
    play: on((stage) => stage.pass(300).pass(300, { bert: { requests: 0 } })),
  },
  {
    alert: "TritonRequestRateDrop",
    story: "no traffic for two minutes",
    fires: false,
    play: on((stage) =>
      stage
        .pass(300)
        .pass(120, { bert: { requests: 0 } })
        .pass(60),
    ),
  },
  {
    alert: "TritonLatencyShift",
    story: "a request takes twice as long to compute",
    fires: true,
    play: on((stage) => stage.pass(180).pass(40, { bert: { us: 4_000 } })),
  },
  {
    alert: "TritonLatencyShift",
    story: "a request takes a tenth longer to compute",
    fires: false,
    play: on((stage) => stage.pass(180).pass(120, { bert: { us: 2_200 } })),
  },
  {
    alert: "TritonLatencyShift",
    story: "the response cache begins to answer half of the requests",
    fires: false,
    play: on((stage) => stage.pass(180).pass(120, { bert: { requests: 20, hits: 10 } })),
  },
  {
    alert: "TritonQueueBacklog",
    story: "sixty requests wait for ten seconds",
    fires: true,
    play: on((stage) => stage.pass(120).pass(10, {}, () => waiting(stage, 60))),
  },
  {
    alert: "TritonQueueBacklog",
    story: "sixty requests wait at a single scrape",
    fires: false,
    play: on((stage) => {
      stage.pass(120).pass(1, {}, () => waiting(stage, 60));
      stage.triton.model("bert").pending = 0;
      return stage.pass(20);
    }),
  },
  {
    alert: "TritonBatchShapeShift",
    story: "executions take four inferences and not one",
    fires: true,
    play: on((stage) => stage.pass(240).pass(60, { bert: { batch: 4 } })),
  },
  {
    alert: "TritonBatchShapeShift",
    story: "executions take a tenth more inferences",
    fires: false,
    play: on((stage) => stage.pass(240).pass(120, { bert: { batch: 1.1 } })),
  },
  {
    alert: "TritonCacheHitRatioShift",
    story: "the cache answers a tenth of the requests and not nine tenths",
    fires: true,
    play: on((stage) => {
      stage.pass(300, { bert: { requests: 40, hits: 36 } });
      return stage.pass(120, { bert: { requests: 40, hits: 4 } });
    }),
  },
  {
    alert: "TritonCacheHitRatioShift",
    story: "the cache answers half of the requests throughout",
    fires: false,
    play: on((stage) => stage.pass(420, { bert: { requests: 40, hits: 20 } })),
  },
];
