import { EventLog } from "../../../src/app/event-log.ts";
import type { ReloadReport } from "../../../src/app/reload.ts";
import { type ApiSources, ApiViews } from "../../../src/app/views/api-views.ts";
import { Labels } from "../../../src/series/labels.ts";
import { epochMs, SECOND } from "../../../src/series/time.ts";
import type { ScrapeJob } from "../../../src/targets/job.ts";
import type { Target } from "../../../src/targets/target.ts";
import { Bench } from "../../monitor/bench.ts";
import { SimulatedTriton } from "../../monitor/simulated-triton.ts";

const JOB = { jobName: "triton" } as ScrapeJob;

/** How the loading of a configuration went that nothing was wrong with. */
export const LOADED: ReloadReport = {
  at: epochMs(0),
  trigger: "start",
  error: undefined,
  loadedAt: epochMs(0),
  hash: "0123456789abcdef",
  changes: { added: [], removed: [], changed: [], ended: 0 },
  warnings: [],
};

/** A target of job "triton" as discovery would have left it. */
export const targetOf = (instance: string): Target => ({
  job: JOB,
  url: `http://user:password@${instance}/metrics`,
  labels: Labels.of({ job: "triton", instance }),
  discoveredLabels: Labels.of({ __address__: instance }),
  scrapeInterval: SECOND,
  scrapeTimeout: SECOND,
});

/** API views of a world that are told everything as it happens. */
export function watched(more: Partial<ApiSources> = {}, options: ConstructorParameters<typeof Bench>[0] = {}) {
  const bench = new Bench(options);
  const events = new EventLog(1);
  const views = new ApiViews({
    world: bench.world,
    buildInfo: { version: "1.2.3", revision: "abc", nodeVersion: "v20" },
    startedAt: bench.time,
    flags: { config: "sentinel.yml" },
    events,
    modelsOf: ({ inventory }) => inventory.known(),
    now: () => bench.time,
    stopping: () => false,
    configText: () => "global: {}\n",
    targets: () => ({ active: [targetOf("gpu:8002")], dropped: [] }),
    outputs: () => [],
    inhibitedBy: () => () => undefined,
    reload: () => LOADED,
    residentBytes: () => 1_000_000,
    metrics: async () => "# EOF\n",
    ...more,
  });
  const triton = new SimulatedTriton("bert", "resnet");
  const tick = (pages: Record<string, string | undefined> = { "gpu:8002": triton.page() }) => {
    for (const event of bench.tick(pages)) {
      views.tell(event);
      events.tell(event);
    }
  };
  return { bench, events, views, triton, tick };
}
