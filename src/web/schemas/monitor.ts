import { z } from "zod";
import type { ApiEvent, ApiEvents, ApiModelDetail, ApiModels, ApiTargets } from "../api-types.ts";
import type { ApiTolerance } from "../feedback-types.ts";
import type { ApiSubject, ApiSubjectHistory, ApiSubjects } from "../subject-types.ts";
import { alert, json, labels } from "./alerts.ts";
import { component } from "./component.ts";
import { raise } from "./sensitivity.ts";
import { time } from "./time.ts";

export const targets: z.ZodType<ApiTargets> = component(
  "Targets",
  z.object({
    activeTargets: z.array(
      z.object({
        discoveredLabels: labels,
        labels,
        scrapePool: z.string(),
        scrapeUrl: z.string().describe("Without credentials"),
        globalUrl: z.string(),
        lastError: z.string(),
        lastScrape: time,
        lastScrapeDuration: z.number().describe("Seconds"),
        health: z.enum(["unknown", "up", "down"]),
        scrapeInterval: z.string(),
        scrapeTimeout: z.string(),
      }),
    ),
    droppedTargets: z.array(z.object({ discoveredLabels: labels, scrapePool: z.string(), why: z.string() })),
    droppedTargetCounts: z.record(z.string(), z.number()),
  }),
);

const event: z.ZodType<ApiEvent> = component(
  "Event",
  z.object({
    id: z.int().describe("Grows"),
    at: time,
    kind: z.enum(["model", "alert", "target", "announcement", "feedback", "reload", "error"]),
    what: z.string().describe("What exactly: loaded, firing, down, accepted, …"),
    labels,
    text: z.string().describe("One sentence for people"),
    details: json,
  }),
);

export const events: z.ZodType<ApiEvents> = component(
  "Events",
  z.object({ events: z.array(event).describe("Newest first") }),
);

const tolerance: z.ZodType<ApiTolerance> = component(
  "Tolerance",
  z.object({
    side: z.enum(["up", "down"]),
    limit: z.number().describe("The farthest value tolerated now; it nears what was expected with time"),
    badPerSecond: z.exactOptional(z.number()).describe("The most bad events a second, of a ratio"),
    secondsInARow: z.exactOptional(z.number()).describe("The longest time in a row"),
    verdict: z.enum(["false", "expected"]),
    by: z.string(),
    note: z.string(),
    from: time,
    until: time,
  }),
);

const subjectShape = {
  id: z.string().describe("Names the subject in paths"),
  rule: z.string(),
  labels,
  signal: z.enum(["ratio", "rate", "mean", "level"]),
  state: z.enum(["learning", "normal", "anomalous", "unknown"]),
  score: z.number().describe("1 is the boundary"),
  observed: z.exactOptional(z.number()),
  expected: z.exactOptional(z.number()),
  lower: z.exactOptional(z.number()),
  upper: z.exactOptional(z.number()),
  raised: z.exactOptional(raise).describe("By how much its threshold is higher than its detector's own"),
  noisy: z.exactOptional(z.boolean()).describe("Its own alarms raised it"),
  tolerated: z.exactOptional(z.array(tolerance)).describe("What people called normal of it, as far as it holds now"),
  learning: z.exactOptional(
    z
      .object({
        seconds: z.number(),
        scrapes: z.number(),
        events: z.number().describe("Requests of a ratio, events of a rate, blocks of a mean or a level"),
        text: z.string().describe("In words"),
      })
      .describe("What is missing until it is judged by what was learned; absent once nothing is"),
  ),
  prior: z.exactOptional(labels).describe("The sibling whose normal it began with"),
};

const subject: z.ZodType<ApiSubject> = component("Subject", z.object(subjectShape));

export const subjects: z.ZodType<ApiSubjects> = component("Subjects", z.object({ subjects: z.array(subject) }));

const column = z.array(z.number().nullable());

export const subjectHistory: z.ZodType<ApiSubjectHistory> = component(
  "SubjectHistory",
  z.object({
    ...subjectShape,
    unit: z.string().describe('The kind of signal, or "duration" where values are microseconds'),
    verdict: z.string().describe("How it stands, in one sentence"),
    looked: z
      .object({
        test: z.string(),
        windowSeconds: z.number(),
        numerator: z.number(),
        denominator: z.number(),
        evidenceNats: z.number(),
        thresholdNats: z.number(),
      })
      .describe("The test that speaks loudest now"),
    history: z
      .object({
        at: z.array(z.number()).describe("Unix seconds"),
        observed: column,
        expected: column,
        lower: column,
        upper: column,
        score: column,
      })
      .describe("Columns of equal length, null where nothing is known"),
  }),
);

const modelShape = {
  labels,
  serving: z.boolean(),
  firstSeen: time,
  servingSince: z.exactOptional(time),
  goneAt: z.exactOptional(time),
  loadSeconds: z.exactOptional(z.number()).describe("Seconds its last load took"),
  successes: z.exactOptional(z.number()),
  failures: z.exactOptional(z.number()),
};

export const models: z.ZodType<ApiModels> = component(
  "Models",
  z.object({ models: z.array(component("Model", z.object(modelShape))) }),
);

/** What the paths of one model answer with: a detail for each target and version that has it. */
export const modelDetails: z.ZodType<readonly ApiModelDetail[]> = component(
  "ModelDetails",
  z.array(z.object({ ...modelShape, events: z.array(event), alerts: z.array(alert), subjects: z.array(subject) })),
);
