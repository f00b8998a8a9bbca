import { on, type Scenario } from "./scenario.ts";

const GIB = 2 ** 30;
const HOUR = 3_600;

/** Availability of the server, and what it runs out of. */
export const AVAILABILITY: readonly Scenario[] = [
  {
    alert: "TritonTargetDown",
    story: "two scrapes in a row fail",
    fires: true,
    play: on((stage) => stage.pass(5).down(2)),
  },
  {
    alert: "TritonTargetDown",
    story: "every second scrape fails, twice",
    fires: false,
    play: on((stage) => stage.pass(5).down(1).pass(1).down(1).pass(1)),
  },
  {
    alert: "TritonTargetDown",
    story: "every second scrape fails, three times",
    fires: true,
    play: on((stage) => stage.pass(5).down(1).pass(1).down(1).pass(1).down(1).pass(1)),
  },
  {
    alert: "TritonServerRestarted",
    story: "another process answers",
    fires: true,
    play: on((stage) => {
      stage.pass(30);
      stage.triton.restart();
      return stage.pass(5);
    }),
  },
  {
    alert: "TritonServerRestarted",
    story: "scrapes fail and the same process answers again",
    fires: false,
    play: on((stage) => stage.pass(30).down(20).pass(5)),
  },
  ...gauge("gpu_memory", "nv_gpu_memory_used_bytes", "nv_gpu_memory_total_bytes", 80 * GIB, { gpu_uuid: "GPU-1" }),
  ...gauge("gpu_power", "nv_gpu_power_usage", "nv_gpu_power_limit", 400, { gpu_uuid: "GPU-1" }),
  ...gauge("pinned_memory", "nv_pinned_memory_pool_used_bytes", "nv_pinned_memory_pool_total_bytes", 2 ** 28, {}),
  ...gauge("cpu_memory", "nv_cpu_memory_used_bytes", "nv_cpu_memory_total_bytes", 256 * GIB, {}),
];

/** A resource that is half used, and then leaks 20 points in four hours, or does not. */
function gauge(
  resource: string,
  used: string,
  total: string,
  bound: number,
  labels: Readonly<Record<string, string>>,
): readonly Scenario[] {
  const play = (leak: number) =>
    on((stage) => {
      const { gauges } = stage.triton;
      const use = (share: number) => {
        gauges.set(used, [share * bound, labels]);
        gauges.set(total, [bound, labels]);
      };
      stage.pass(2 * HOUR, {}, (i) => use(0.5 + 0.01 * Math.sin(i)));
      return stage.pass(4 * HOUR, {}, (i) => use(0.5 + 0.01 * Math.sin(i) + (leak * i) / 480));
    }, 30);
  const alert = "TritonResourceExhaustion";
  return [
    { alert, resource, story: `${resource} leaks 20 points in four hours`, fires: true, play: play(0.2) },
    { alert, resource, story: `${resource} stays as it is`, fires: false, play: play(0) },
  ];
}
