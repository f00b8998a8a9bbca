import { describe, expect, test } from "vitest";
import { sampleQuery } from "./sample-query.ts";
import { jsonOf, site } from "./site.ts";

const asked = async (path: string, query: Partial<typeof sampleQuery> = {}) => {
  const { ask } = await site({ query: { ...sampleQuery, ...query } });
  return ask(path);
};

const SUBJECT = sampleQuery.subjects().subjects[0]!;
const NOISY = { ...SUBJECT, id: "1", noisy: true, raised: { nats: 5, byBudget: 1, byNoise: 4, alarms: 4 } };
const QUIET = { ...SUBJECT, id: "2", raised: { nats: 1, byBudget: 1, byNoise: 0, alarms: 0 } };

describe("the API", () => {
  test("says what a budget of false alarms asks of each rule", async () => {
    const got = await asked("/api/v1/status/sensitivity");
    expect(jsonOf(got).data).toEqual(sampleQuery.sensitivity());
  });

  test("lists noisy subjects alone where it is asked to", async () => {
    const query = { subjects: () => ({ subjects: [NOISY, QUIET] }) };
    const ids = async (path: string) =>
      jsonOf(await asked(path, query)).data.subjects.map(({ id }: { readonly id: string }) => id);
    expect(await ids("/api/v1/subjects?noisy=true")).toEqual(["1"]);
    expect(await ids("/api/v1/subjects?noisy=false")).toEqual(["1", "2"]);
    expect((await asked("/api/v1/subjects?noisy=very", query)).status).toBe(400);
  });

  test("names the alert that keeps back another one", async () => {
    const [alert] = sampleQuery.alerts(false).alerts;
    const query = { alerts: () => ({ alerts: [{ ...alert!, inhibitedBy: ["0123456789abcdef"] }] }) };
    expect(jsonOf(await asked("/api/v1/alerts", query)).data.alerts[0].inhibitedBy).toEqual(["0123456789abcdef"]);
    expect((await asked("/", query)).text).toContain("not told: another alert says it");
  });
});

describe("the status page", () => {
  const pageWith = async (sensitivity: Partial<ReturnType<typeof sampleQuery.sensitivity>>) =>
    (await asked("/", { sensitivity: () => ({ falseAlarmsPerWeek: null, rules: [], noisy: [], ...sensitivity }) }))
      .text;

  test("says nothing of sensitivity where nothing is raised", async () => {
    expect(await pageWith({})).not.toContain("Sensitivity");
  });

  test("says what the budget is and raises", async () => {
    const rule = { rule: "R", labels: {}, subjects: 3, noisySubjects: 0, ownNats: 12 };
    const rules = [
      { ...rule, raiseNats: 1.8 },
      { ...rule, raiseNats: 0 },
    ];
    expect(await pageWith({ falseAlarmsPerWeek: 1, neededNats: 13.8, rules })).toContain(
      "Budget: 1 false alarms a week for the whole fleet, a look needs 13.8 nats; 1 of 2 rules are raised, by 1.8 nats at most",
    );
    expect(await pageWith({ falseAlarmsPerWeek: 1 })).toContain("not counted yet");
  });

  test("lists noisy subjects", async () => {
    const noisy = [{ id: "1", rule: "R", labels: { model: "bert", instance: "gpu-7:8002" }, raiseNats: 4, alarms: 4 }];
    const page = await pageWith({ noisy });
    for (const text of ["Sensitivity", "bert", "gpu-7:8002", "4 nats"]) expect(page).toContain(text);
  });
});
