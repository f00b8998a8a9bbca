import { z } from "zod";
import { onEveryMap, parsed, positiveDuration } from "../../documents/fields.ts";
import type {
  DnsDiscoveryOptions,
  FileDiscoveryOptions,
  HttpDiscoveryOptions,
  StaticDiscoveryOptions,
} from "../../targets/job.ts";
import { parseAddress, parseServerUrl, told } from "../address.ts";
import { fieldsSet } from "./exclusive.ts";
import { hostPort, webUrl } from "./hints.ts";
import { httpMistakes, httpOptions, httpShape } from "./http.ts";
import { targetLabels } from "./labels.ts";

const staticConfig = z
  .strictObject({
    targets: z.array(parsed(parseAddress).meta(hostPort)).describe("Addresses, host and port, for example gpu-7:8002"),
    labels: targetLabels.prefault({}).describe("Labels of all of these targets"),
  })
  .transform((written): StaticDiscoveryOptions => ({ kind: "static", ...written }))
  .meta({ id: "static_config" });

/** As in Prometheus: one star at most, in the last segment, and an ending that says how to read the file. */
const SD_FILE = /^[^*]*(?:\*[^*/]*)?\.(?:json|yml|yaml|JSON|YML|YAML)$/;

const fileConfig = z
  .strictObject({
    files: z
      .array(
        z.string().regex(SD_FILE, {
          error: (issue) =>
            `Cannot use file ${told(String(issue.input))}: expected a name that ends in .json, .yml or .yaml, with "*" in its last part at most`,
        }),
      )
      .min(1)
      .describe("Files of target groups, relative to this file; the last part of a path may hold one *"),
    refresh_interval: positiveDuration.prefault("5m").describe("How often files are read again, changed or not"),
  })
  .transform((written): FileDiscoveryOptions => {
    return { kind: "file", files: written.files, refreshInterval: written.refresh_interval };
  })
  .meta({ id: "file_sd_config" });

const httpConfig = z
  .strictObject({
    url: parsed(parseServerUrl).meta(webUrl).describe("Answers with target groups in JSON"),
    refresh_interval: positiveDuration.prefault("1m").describe("How often it is asked"),
    ...httpShape,
  })
  .superRefine(httpMistakes, onEveryMap)
  .transform((written): HttpDiscoveryOptions => {
    return { kind: "http", url: written.url, refreshInterval: written.refresh_interval, http: httpOptions(written) };
  })
  .meta({ id: "http_sd_config" });

const dnsConfig = z
  .strictObject({
    names: z.array(z.string().min(1).max(253)).min(1).describe("Names to look up"),
    type: z.enum(["SRV", "A", "AAAA"]).prefault("SRV").describe("Which records; SRV records bring their ports"),
    port: z.int().min(1).max(65_535).optional().describe("The targets' port; required for A and AAAA"),
    refresh_interval: positiveDuration.prefault("30s").describe("How often names are looked up"),
  })
  .superRefine((written, ctx) => {
    const addresses = written.type === "A" || written.type === "AAAA";
    if (!addresses || fieldsSet(written, ["port"]).length > 0) return;
    ctx.addIssue(`a port is required for records of type ${written.type}`);
  }, onEveryMap)
  .transform((written): DnsDiscoveryOptions => {
    const { names, type, port = 0, refresh_interval } = written;
    return { kind: "dns", names, type, port, refreshInterval: refresh_interval };
  })
  .meta({ id: "dns_sd_config" });

/** The ways to find targets that Alertmanagers have as well. */
export const plainDiscoveryShape = {
  static_configs: z.array(staticConfig).prefault([]).describe("Addresses that are known beforehand"),
  file_sd_configs: z.array(fileConfig).prefault([]).describe("Files of target groups that others write"),
  dns_sd_configs: z.array(dnsConfig).prefault([]).describe("Names that resolve to targets"),
};

/** `http_sd_configs:`. */
export const httpSdConfigs = z.array(httpConfig).prefault([]).describe("Servers that answer with target groups");

/** Adds a mistake where nothing says whom to look for. */
export function requireDiscovery(written: unknown, fields: readonly string[], ctx: z.core.$RefinementCtx): void {
  const map = written as Readonly<Record<string, unknown>>;
  const isEmpty = (value: unknown): boolean => value === undefined || (Array.isArray(value) && value.length === 0);
  if (!fields.every((field) => isEmpty(map[field]))) return;
  ctx.addIssue(`Cannot find anything: expected at least one of ${fields.join(", ")}`);
}
