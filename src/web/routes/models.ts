import { printable } from "../../telemetry/printable.ts";
import type { ApiModelDetail } from "../api-types.ts";
import { type Answer, data } from "../envelope.ts";
import { choice, flag, text } from "../parameters.ts";
import type { WebPorts } from "../ports.ts";
import { type Route, reads } from "../route.ts";
import { modelDetails, models, subjectHistory, subjects, targets } from "../schemas/monitor.ts";

const instance = text("Only on this target");
const MODEL = "The model's name, percent-encoded (a slash as %2F)";

/** What is watched: targets, their models, and what detectors think of them. */
export const modelRoutes: readonly Route[] = [
  reads({
    path: "/api/v1/targets",
    id: "listTargets",
    summary: "Targets that are scraped, and those that relabelling dropped",
    query: {
      state: choice("Which targets", ["active", "dropped", "any"], "any"),
      scrapePool: text("Only targets of this job"),
    },
    answer: targets,
    answers: ({ query }, ask) => {
      const { state, scrapePool } = ask.query;
      const found = query.targets();
      const wanted = (target: { readonly scrapePool: string }) =>
        scrapePool === undefined || target.scrapePool === scrapePool;
      return data({
        activeTargets: state === "dropped" ? [] : found.activeTargets.filter(wanted),
        droppedTargets: state === "active" ? [] : found.droppedTargets.filter(wanted),
        droppedTargetCounts: state === "active" ? {} : found.droppedTargetCounts,
      });
    },
  }),
  reads({
    path: "/api/v1/models",
    id: "listModels",
    summary: "Model versions that serve or did",
    query: { model: text("Only this model"), version: text("Only this version"), instance },
    answer: models,
    answers: ({ query }, ask) => {
      const asked = Object.entries(ask.query);
      const found = query.models().models;
      return data({
        models: found.filter(({ labels }) =>
          asked.every(([name, value]) => value === undefined || labels[name] === value),
        ),
      });
    },
  }),
  reads({
    path: "/api/v1/models/{model}",
    id: "getModel",
    summary: "One model, for each of its targets and versions, with events, alerts and subjects",
    parts: { model: MODEL },
    errors: ["not_found"],
    query: { instance },
    answer: modelDetails,
    answers: (ports, { parts, query }) => details(ports, parts["model"]!, undefined, query.instance),
  }),
  reads({
    path: "/api/v1/models/{model}/{version}",
    id: "getModelVersion",
    summary: "One version of a model, for each of its targets, with events, alerts and subjects",
    parts: { model: MODEL, version: "Its version" },
    errors: ["not_found"],
    query: { instance },
    answer: modelDetails,
    answers: (ports, { parts, query }) => details(ports, parts["model"]!, parts["version"], query.instance),
  }),
  reads({
    path: "/api/v1/subjects",
    id: "listSubjects",
    summary: "What detect: rules watch: observed, expected, the band and the score as they stand",
    query: {
      rule: text("Only subjects of this rule"),
      model: text("Only subjects of this model"),
      instance,
      noisy: flag("Only subjects whose own alarms raised their threshold"),
    },
    answer: subjects,
    answers: ({ query }, ask) => {
      const { rule, model, instance: target, noisy } = ask.query;
      const found = query.subjects().subjects.filter((subject) => {
        if (noisy && !subject.noisy) return false;
        const is = (wanted: string | undefined, value: string | undefined) => wanted === undefined || wanted === value;
        return is(rule, subject.rule) && is(model, subject.labels["model"]) && is(target, subject.labels["instance"]);
      });
      return data({ subjects: found });
    },
  }),
  reads({
    path: "/api/v1/subjects/{id}",
    id: "getSubject",
    summary: "One subject over the history held",
    parts: { id: "As the list of subjects gives it" },
    errors: ["not_found"],
    answer: subjectHistory,
    answers: ({ query }, { parts }) => {
      const found = query.subject(parts["id"]!);
      return found ? data(found) : missing("subject", parts["id"]!, "expected an id of /api/v1/subjects");
    },
  }),
];

function details(
  { query }: WebPorts,
  model: string,
  version: string | undefined,
  target: string | undefined,
): Answer<readonly ApiModelDetail[]> {
  const found = query.model(model, version, target);
  if (found.length > 0) return data(found);
  return missing("model", version === undefined ? model : `${model} ${version}`, "expected one of /api/v1/models");
}

const missing = (what: string, name: string, hint: string): Answer<never> => ({
  kind: "not_found",
  why: `Cannot find ${what} ${JSON.stringify(printable(name, 100))}: ${hint}`,
});
