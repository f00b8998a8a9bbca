import { Bench } from "../../monitor/bench.ts";
import { SimulatedTriton } from "../../monitor/simulated-triton.ts";
import type { Scenario } from "./scenario.ts";

/** Several servers with the models bert and resnet, under steady traffic; on some, half of bert's requests fail in the end. */
function fleet(servers: number, failing: number, models: readonly string[] = ["bert"]): Bench {
  const bench = new Bench({ every: 5 });
  const tritons = Array.from({ length: servers }, () => new SimulatedTriton("bert", "resnet"));
  const pass = (ticks: number, fails: (server: number, model: string) => boolean) => {
    for (let i = 0; i < ticks; i++) {
      const pages = tritons.map((triton, server) => {
        for (const model of ["bert", "resnet"]) {
          const failures = fails(server, model) ? 50 : 0;
          triton.serve(model, { requests: 100 - failures + (i % 5), failures });
        }
        return [`gpu-${server}:8002`, triton.page()] as const;
      });
      bench.tick(Object.fromEntries(pages));
    }
  };
  pass(60, () => false);
  pass(12, (server, model) => server < failing && models.includes(model));
  pass(60, () => false);
  return bench;
}

/** What befalls many at once. */
export const FLEET: readonly Scenario[] = [
  {
    alert: "TritonFleetAnomaly",
    story: "a model fails on three of six servers at once",
    fires: true,
    play: () => fleet(6, 3),
  },
  {
    alert: "TritonFleetAnomaly",
    story: "one model of twelve fails",
    fires: false,
    play: () => fleet(6, 1),
  },
  {
    alert: "TritonFleetAnomaly",
    story: "both models of one server fail, and there is no other server",
    fires: false,
    play: () => fleet(1, 1, ["bert", "resnet"]),
  },
  {
    alert: "TritonFleetAnomaly",
    story: "three of forty subjects fail on three servers, less than a tenth",
    fires: false,
    play: () => fleet(20, 3),
  },
];
