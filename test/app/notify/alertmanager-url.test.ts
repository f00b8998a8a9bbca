import { RE2JS } from "re2js";
import { expect, test } from "vitest";
import { alertmanagerUrl } from "../../../src/app/notify/alertmanager-url.ts";
import { Labels } from "../../../src/series/labels.ts";
import type { RelabelRule } from "../../../src/series/relabel-rule.ts";

const GROUP = { scheme: "http", pathPrefix: "", relabel: [] } as const;
const found = (labels: Record<string, string>, group: Partial<Parameters<typeof alertmanagerUrl>[1]> = {}) => {
  const result = alertmanagerUrl(Labels.of(labels), { ...GROUP, ...group });
  return result.kind === "url" ? result.url : result.why;
};

const replacing = (targetLabel: string, replacement: string): RelabelRule => ({
  action: "replace",
  sourceLabels: [],
  separator: ";",
  regex: RE2JS.compile("^(?s:(.*))$"),
  replacement,
  targetLabel,
  modulus: 0,
});

test.each([
  ["am:9093", {}, "http://am:9093"],
  ["am:9093", { pathPrefix: "/alertmanager" }, "http://am:9093/alertmanager"],
  ["am", {}, "http://am:80"],
  ["am", { scheme: "https" as const }, "https://am:443"],
  ["[::1]:9093", {}, "http://[::1]:9093"],
  ["10.0.0.7", {}, "http://10.0.0.7:80"],
  ["", {}, "its address is no host and port"],
  ["am:99999", {}, "its address is no host and port"],
  ["evil/path?", {}, "its address is no host and port"],
  ["user@am:9093", {}, "its address is no host and port"],
])("the address %j of a group %j is %s", (address, group, url) => {
  expect(found({ __address__: address }, group)).toBe(url);
});

test.each([
  [replacing("__scheme__", "https"), "https://am:9093"],
  [replacing("__address__", "other:1"), "http://other:1"],
  [replacing("__alerts_path__", "/am/api/v2/alerts"), "http://am:9093/am"],
  [replacing("__alerts_path__", "/somewhere"), "its path does not end in /api/v2/alerts"],
  [replacing("__scheme__", "ftp"), "its scheme is neither http nor https"],
  [{ ...replacing("", ""), action: "drop" } as const, "relabel_configs drop it"],
])("relabelling changes where it is (%#)", (rule, url) => {
  expect(found({ __address__: "am:9093" }, { relabel: [rule] })).toBe(url);
});
