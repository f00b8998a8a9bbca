import { expect, test } from "vitest";
import { Bench, rulesOf, transitionsOf } from "./bench.ts";
import { SimulatedTriton } from "./simulated-triton.ts";

const rule = (summary: string) => `
groups:
  - name: g
    rules:
      - alert: Asks
        expr: up == 1
        annotations:
          summary: '${summary}'
`;

/** What the alert says on the second page of a Triton with two models. */
function said(summary: string): string | undefined {
  const world = new Bench({ rules: rulesOf(rule(summary)) });
  const triton = new SimulatedTriton("bert", "resnet");
  const events = [...world.tick({ "gpu:8002": triton.page() }), ...world.tick({ "gpu:8002": triton.page() })];
  return transitionsOf(events)[0]?.annotations["summary"];
}

test("templates query the samples in memory, also of families that nothing else reads", () => {
  const asked = '{{ range query "sort(nv_model_load_duration_secs)" }}{{ .Labels.model }} {{ end }}';
  expect(said(asked)?.trim().split(" ").sort()).toEqual(["bert", "resnet"]);
  expect(said('{{ query "count(nv_model_load_duration_secs)" | first | value }}')).toBe("2");
  expect(said('{{ with query "no_such_metric" }}there{{ else }}none{{ end }}')).toBe("none");
});

test("a query that is wrong says so in its annotation, and the alert fires all the same", () => {
  expect(said('{{ query "up[" | first | value }}')).toMatch(/error expanding template.*Cannot/);
  expect(said('{{ query "up[5m]" | first | value }}')).toMatch(/error expanding template/);
});
