import type { MonitorEvent } from "../monitor/events.ts";
import { fingerprint, Labels } from "../series/labels.ts";
import { type EpochMs, epochMs, formatTime } from "../series/time.ts";
import type { Json } from "../web/api-types.ts";
import { bounded, type EventOf, type Happening } from "./happening.ts";
import { feedbackGiven, rebaselined } from "./learning-text.ts";
import { noiseChanged } from "./noise-text.ts";

/** What a step did, in one sentence; undefined where it is nothing people want to hear of. */
export function describeEvent(event: MonitorEvent): Happening | undefined {
  switch (event.kind) {
    case "scraped":
      return scraped(event);
    case "model":
      return modelChanged(event);
    case "transition":
      return alertChanged(event);
    case "announcement":
      return announced(event);
    case "feedback":
      return feedbackGiven(event);
    case "rebaselined":
      return rebaselined(event);
    case "noise":
      return noiseChanged(event);
    case "target-gone":
      return targetGone(event);
    case "reloaded":
      return reloaded(event);
    case "rule-failed":
      return error(event.at, "rule", `Rule ${event.rule} cannot be evaluated: ${event.why}`, { rule: event.rule });
    case "alerts-cut":
      return alertsCut(event);
    case "exception-ended":
      return exceptionEnded(event);
    case "bug":
      return error(event.at, "bug", `An internal error was contained (${event.where}); see the log`, {
        where: event.where,
      });
  }
}

/** The outcome of a reload by hand or by signal that did not come to be. */
export const reloadFailed = (at: EpochMs, why: string): Happening => ({
  at,
  kind: "reload",
  what: "failed",
  labels: {},
  text: bounded(`The configuration could not be reloaded: ${why}`),
  details: {},
});

/** A target had more to tell than is told of one in a minute. */
export const eventsLeftOut = (instance: string, count: number, at: EpochMs): Happening =>
  error(
    at,
    "limit",
    `${count} further events of models and alerts of ${instance} are not listed: too many in a minute`,
    {
      instance: bounded(instance),
      count,
    },
  );

function alertsCut({ at, rule, target, cut }: EventOf<"alerts-cut">): Happening {
  const instance = target?.get("instance");
  const where = instance === undefined ? "" : ` of ${instance}`;
  const text = `Rule ${rule} finds more${where} than it may have alerts: ${cut} are cut off, those there are stay`;
  return error(at, "limit", text, { rule, cut, ...(instance !== undefined && { instance: bounded(instance) }) });
}

function scraped({ target, at, outcome, why }: EventOf<"scraped">): Happening {
  const instance = target.get("instance") ?? "";
  const base = { at, kind: "target", labels: target.toJSON() } as const;
  if (outcome === "page") return { ...base, what: "up", text: bounded(`${instance} answers`), details: {} };
  const text = bounded(`${instance} cannot be scraped: ${outcome}${why === undefined ? "" : `, ${why}`}`);
  return { ...base, what: "down", text, details: { outcome, ...(why !== undefined && { why: bounded(why) }) } };
}

function modelChanged({ target, event, announced: by }: EventOf<"model">): Happening {
  const instance = target.get("instance") ?? "";
  const labels = event.kind === "restarted" ? target : target.with(event.id);
  const cover = by === undefined ? "" : `, announced: ${by.name} by ${by.by}`;
  return {
    at: event.at,
    kind: "model",
    what: event.kind,
    labels: labels.toJSON(),
    text: bounded(`${modelSentence(event)} on ${instance}${cover}`),
    details: { ...modelDetails(event), ...(by && { announced: { name: by.name, by: by.by, reason: by.reason } }) },
  };
}

function modelSentence(event: EventOf<"model">["event"]): string {
  if (event.kind === "restarted") return `The server restarted, ${event.models} models served before it,`;
  const model = `Model ${event.id.get("model") ?? ""} version ${event.id.get("version") ?? ""}`;
  switch (event.kind) {
    case "loaded":
      return `${model} was loaded`;
    case "reloaded":
      return `${model} was loaded again while it served`;
    case "unloaded":
      return `${model} was unloaded`;
    case "version_changed":
      return `${model} took the place of version ${event.from}`;
    case "flashed":
      return `${model} came and went between two scrapes`;
    case "vanished":
      return `${model} did not come back after the restart`;
  }
}

/** What the sentence leaves out, as plain JSON. */
function modelDetails(event: EventOf<"model">["event"]): Readonly<Record<string, Json>> {
  const { kind: _kind, at: _at, ...rest } = event;
  const plain = Object.entries(rest).filter(([, value]) => !(value instanceof Labels) && value !== undefined);
  return Object.fromEntries(plain.map(([name, value]) => [name, typeof value === "object" ? String(value) : value]));
}

function alertChanged({ transition }: EventOf<"transition">): Happening {
  const { labels, state, at, reason, annotations, activeAt, firedAt } = transition;
  const verb = { pending: "is pending", firing: "fires", resolved: "is resolved" }[state];
  const summary = annotations["summary"] ?? "";
  return {
    at,
    kind: "alert",
    what: state,
    labels: labels.toJSON(),
    text: bounded(`${labels.get("alertname") ?? ""} ${verb}${summary === "" ? "" : `: ${summary}`}`),
    details: {
      fingerprint: fingerprint(labels),
      severity: labels.get("severity") ?? "",
      activeAt: formatTime(activeAt),
      ...(firedAt !== undefined && { firedAt: formatTime(firedAt) }),
      ...(reason !== undefined && { reason }),
    },
  };
}

function exceptionEnded({ at, rule, position, reason }: EventOf<"exception-ended">): Happening {
  const place = `${position.file}:${position.line}`;
  return {
    at,
    kind: "alert",
    what: "exception-ended",
    labels: { alertname: rule },
    text: bounded(`An exception of ${rule} has ended, what it covered alerts again: ${reason} (${place})`),
    details: { reason: bounded(reason), position: place },
  };
}

function announced({ at, announcement, outcome, why }: EventOf<"announcement">): Happening {
  const { instance, model, version, by, reason, from, until } = announcement;
  const what = `model ${model}${version === undefined ? "" : ` version ${version}`}`;
  const where = instance === undefined ? "" : ` on ${instance}`;
  const sentence =
    outcome === "accepted"
      ? `${by} announced a change of ${what}${where} until ${formatTime(epochMs(until))}: ${reason}`
      : `An announcement of ${by} for ${what}${where} was refused: ${why ?? ""}`;
  return {
    at,
    kind: "announcement",
    what: outcome,
    labels: Labels.of({ model, version: version ?? "", instance: instance ?? "" }).toJSON(),
    text: bounded(sentence),
    details: { by: bounded(by), reason: bounded(reason), from: formatTime(from), until: formatTime(until) },
  };
}

function targetGone({ target, at }: EventOf<"target-gone">): Happening {
  return {
    at,
    kind: "target",
    what: "gone",
    labels: target.toJSON(),
    text: bounded(`${target.get("instance") ?? ""} is no longer watched`),
    details: {},
  };
}

function reloaded({ at, added, removed, changed, ended }: EventOf<"reloaded">): Happening {
  const counts = `${added.length} rules added, ${removed.length} removed, ${changed.length} changed`;
  return {
    at,
    kind: "reload",
    what: "reloaded",
    labels: {},
    text: `The configuration was reloaded: ${counts}`,
    details: { added: added.slice(0, 100), removed: removed.slice(0, 100), changed: changed.slice(0, 100), ended },
  };
}

function error(at: EpochMs, what: string, text: string, details: Readonly<Record<string, Json>>): Happening {
  return { at, kind: "error", what, labels: {}, text: bounded(text), details };
}
