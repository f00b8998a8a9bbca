import { z } from "zod";
import { parseDuration } from "../../series/time.ts";
import type {
  ApiAnnounce,
  ApiAnnouncement,
  ApiBuildInfo,
  ApiConfig,
  ApiDeployments,
  ApiFlags,
  ApiReload,
  ApiRuntimeInfo,
} from "../api-types.ts";
import { component } from "./component.ts";
import { time } from "./time.ts";

/** Characters of one text of an announcement, as the monitor has it. */
const MAX_TEXT = 1_000;

export const buildInfo: z.ZodType<ApiBuildInfo> = component(
  "BuildInfo",
  z.object({ version: z.string(), revision: z.string(), nodeVersion: z.string() }),
);

export const config: z.ZodType<ApiConfig> = component(
  "Config",
  z.object({ yaml: z.string().describe("The configuration in force with every default, secrets as <secret>") }),
);

export const flags: z.ZodType<ApiFlags> = component("Flags", z.record(z.string(), z.string()));

export const runtimeInfo: z.ZodType<ApiRuntimeInfo> = component(
  "RuntimeInfo",
  z.object({
    startTime: time,
    serverTime: time,
    lastConfigTime: time,
    reloadConfigSuccess: z.boolean(),
    reloadConfigError: z.exactOptional(z.string()).describe("Why the last reload failed"),
    timeSeriesCount: z.number(),
    storeBytes: z.number(),
    storeReachSeconds: z.number(),
    residentBytes: z.number(),
    learning: z
      .object({ subjects: z.number(), slowest: z.exactOptional(z.string()) })
      .describe("Subjects of detectors that still learn, and what that one lacks which takes longest"),
    targets: z.number(),
    targetsUp: z.number(),
    models: z.number(),
    rules: z.number(),
    alerts: z.object({ pending: z.number(), firing: z.number() }),
    outputs: z.array(
      z.object({
        kind: z.enum(["alertmanager", "email", "webhook", "log"]),
        name: z.string(),
        queued: z.number(),
        sent: z.number(),
        failed: z.number(),
        dropped: z.number(),
        lastError: z.exactOptional(z.string()),
      }),
    ),
  }),
);

export const reload: z.ZodType<ApiReload> = component(
  "Reload",
  z.object({
    at: time.describe("When the last attempt ended"),
    trigger: z.enum(["start", "signal", "api", "files"]),
    success: z.boolean(),
    error: z.exactOptional(z.string()).describe("Why it was refused: every mistake with its place"),
    loadedAt: time.describe("When the configuration in force was loaded"),
    configHash: z.string(),
    rules: z
      .object({ added: z.array(z.string()), removed: z.array(z.string()), changed: z.array(z.string()) })
      .describe("What the last successful reload did to rules, by name"),
    alertsEnded: z.number().describe("Alerts that ended with their rule"),
    warnings: z.array(z.string()).describe("What takes a restart"),
  }),
);

export const announcement: z.ZodType<ApiAnnouncement> = component(
  "Announcement",
  z.object({
    instance: z.exactOptional(z.string()),
    model: z.string(),
    version: z.exactOptional(z.string()),
    by: z.string(),
    reason: z.string(),
    from: time,
    until: time,
  }),
);

export const deployments: z.ZodType<ApiDeployments> = component(
  "Deployments",
  z.object({
    windows: z.array(z.object({ name: z.string(), reason: z.string(), match: z.array(z.string()), times: z.string() })),
    announcements: z.array(announcement),
  }),
);

const text = z
  .string({ error: "expected a text" })
  .min(1, "expected a text that is not empty")
  .max(MAX_TEXT, `expected ${MAX_TEXT} characters at most`);

/** What `POST /api/v1/deployments` takes. */
export const announce: z.ZodType<ApiAnnounce> = component(
  "Announce",
  z.strictObject({
    instance: z.exactOptional(text).describe("Only on this target; absent: on any"),
    model: text,
    version: z.exactOptional(text).describe("Only this version; absent: any"),
    ttl: z
      .string({ error: "expected a text" })
      .refine(isLength, 'expected a duration, for example "30m"')
      .describe("Prometheus' duration, from now, for example 30m"),
    by: text.describe("Who announces it"),
    reason: text,
  }),
);

function isLength(written: string): boolean {
  try {
    return written.length <= 100 && parseDuration(written) > 0;
  } catch {
    return false;
  }
}
