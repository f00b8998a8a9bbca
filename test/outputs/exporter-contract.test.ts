import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { renderExporterPage } from "../../src/outputs/exporter.ts";
import { busyTelemetry, hostileViews } from "./exporter-page.ts";

/** A row of the document's tables: the name, the type, the labels where all are named, and the meaning. */
interface Row {
  readonly name: string;
  readonly type: string;
  readonly labels: string;
  readonly help: string;
}

const documented: readonly Row[] = [
  ...readFileSync(new URL("../../docs/metrics.md", import.meta.url), "utf8").matchAll(
    /^\| `(\w+)` \| (\w+) \| ?(.*?) \| (.*) \|$/gm,
  ),
].map(([, name, type, labels, help]) => ({ name: name!, type: type!, labels: labels!, help: help! }));

/** The same of a page that has a sample of everything. */
async function shown(): Promise<Row[]> {
  const page = renderExporterPage(await busyTelemetry().metricsText(), hostileViews(), 10_000);
  return page
    .split(/^(?=# HELP )/m)
    .filter((family) => family.startsWith("# HELP triton_sentinel_"))
    .map((family) => {
      const [, name, help, type] = /^# HELP (\w+) (.*)\n# TYPE \w+ (\w+)\n/.exec(family)!;
      return { name: name!, type: type!, labels: labelsOf(family), help: help! };
    });
}

/** The label names of a family's samples as the document writes them. */
function labelsOf(family: string): string {
  const names = [...family.matchAll(/[{,](\w+)="(?:[^"\\\n]|\\.)*"/g)].map(([, name]) => name!);
  return [...new Set(names)]
    .filter((name) => name !== "le")
    .sort()
    .map((name) => `\`${name}\``)
    .join(", ");
}

const byName = (a: Row, b: Row) => (a.name < b.name ? -1 : 1);

test("docs/metrics.md lists every metric of the page with its type and meaning, and no other", async () => {
  const brief = ({ name, type, help }: Row) => `${name} ${type} ${help}`;
  expect(documented.toSorted(byName).map(brief)).toEqual((await shown()).sort(byName).map(brief));
});

test("where docs/metrics.md names the labels, they are those on the page", async () => {
  const exact = documented.filter(({ labels }) => /^(`\w+`(, )?)*$/.test(labels));
  expect(exact.length).toBeGreaterThan(30);
  const page = new Map((await shown()).map(({ name, labels }) => [name, labels]));
  expect(exact.map(({ name, labels }) => [name, labels])).toEqual(exact.map(({ name }) => [name, page.get(name)]));
});
