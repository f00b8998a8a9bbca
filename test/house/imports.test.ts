import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { filesUnder, ROOT } from "./sources.ts";

/** The table of the architecture: whose door each room may open. A name in brackets is open to types only. */
const TABLE: Readonly<Record<string, string>> = {
  series: "",
  documents: "series",
  exposition: "series",
  models: "series",
  signals: "series",
  detectors: "series",
  promql: "series",
  rules: "series documents signals detectors models promql",
  alerts: "series (rules)",
  monitor: "series documents exposition models signals detectors promql rules alerts",
  http: "series telemetry",
  targets: "series documents exposition http telemetry",
  outputs: "series exposition http telemetry (alerts) (rules)",
  state: "series telemetry",
  web:
    "series telemetry (documents) (exposition) (models) (signals) (detectors) (promql) (rules) (alerts) (monitor) " +
    "(targets) (outputs) (state) (config) (app) (http)",
  telemetry: "",
  config: "series documents (alerts) (http) (outputs) (targets)",
  app:
    "series documents exposition models signals detectors promql rules alerts monitor targets outputs state web " +
    "telemetry config http",
  commands:
    "series documents telemetry config app http (exposition) (models) (signals) (detectors) (promql) (rules) (alerts) " +
    "(monitor) (targets) (outputs) (state) (web)",
};
const ROOMS = Object.keys(TABLE);

interface Report {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: {
    readonly violations: readonly {
      readonly from: string;
      readonly to: string;
      readonly rule: { readonly name: string };
    }[];
  };
}

async function cruise(cwd: string): Promise<Report> {
  const command = join(ROOT, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");
  const args = [command, "--config", ".dependency-cruiser.cjs", "--output-type", "json", "src"];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd, maxBuffer: 2 ** 26 });
  return JSON.parse(stdout);
}

const found = ({ summary }: Report): string[] => summary.violations.map((v) => `${v.rule.name}: ${v.from} → ${v.to}`);

test("the import law holds, over every file of src/", async () => {
  const report = await cruise(ROOT);
  const seen = report.modules.map(({ source }) => source).filter((source) => source.startsWith("src/"));
  expect(seen.sort()).toEqual(filesUnder("src", "**/*.ts"));
  expect(found(report)).toEqual([]);
}, 60_000);

describe("in a house where every room imports every other", () => {
  let house: string;
  let violations: Report["summary"]["violations"];

  beforeAll(async () => {
    house = await mkdtemp(join(tmpdir(), "sentinel-house-"));
    for (const file of [".dependency-cruiser.cjs", "tsconfig.json", "package.json"]) {
      await cp(join(ROOT, file), join(house, file));
    }
    await symlink(join(ROOT, "node_modules"), join(house, "node_modules"));
    for (const [path, text] of strangeHouse()) {
      await mkdir(dirname(join(house, path)), { recursive: true });
      await writeFile(join(house, path), text);
    }
    violations = (await cruise(house)).summary.violations;
  }, 60_000);

  afterAll(() => rm(house, { recursive: true, force: true }));

  const reported = (from: string): string[] => violations.filter((v) => v.from === from).map((v) => v.rule.name);

  test.each(ROOMS)("%s may open exactly the doors the table says", (room) => {
    const others = ROOMS.filter((other) => other !== room);
    const open = others.filter((other) => reported(`src/${room}/uses-${other}.ts`).length === 0);
    const openToTypes = others.filter((other) => reported(`src/${room}/names-${other}.ts`).length === 0);
    const may = TABLE[room]!.split(" ").filter((word) => word !== "");
    expect(open.sort()).toEqual(may.filter((word) => !word.startsWith("(")).sort());
    expect(openToTypes.sort()).toEqual(may.map((word) => word.replace(/[()]/g, "")).sort());
  });

  test.each([
    ["src/config/uses-schema.ts", []],
    ["src/main.ts", ["main-starts-commands"]],
    ["src/attic/thing.ts", ["no-unknown-room"]],
    ["src/series/alone.ts", ["no-orphans"]],
    ["src/series/first.ts", ["no-circular"]],
    ["src/rules/net.ts", ["pure-rooms-stay-pure"]],
    ["src/app/tool.ts", ["dependencies-are-declared"]],
    ["src/app/missing.ts", ["no-unresolvable"]],
    ["src/web/ui/page.ts", ["browser-part-knows-the-api-only"]],
  ])("of %s it says %j", (from, rules) => {
    expect([...new Set(reported(from))]).toEqual(rules);
  });
});

/** Files that break each rule once, and for each pair of rooms one that imports a value and one that imports a type. */
function strangeHouse(): [path: string, text: string][] {
  const pairs = ROOMS.flatMap((room) => ROOMS.filter((other) => other !== room).map((other) => [room, other] as const));
  return [
    ...ROOMS.map((room): [string, string] => [
      `src/${room}/door.ts`,
      "export interface Door { open: true }\nexport const door: Door = { open: true };\n",
    ]),
    ...pairs.flatMap(([room, other]): [string, string][] => [
      [`src/${room}/uses-${other}.ts`, `import { door } from "../${other}/door.ts";\nexport const a = door;\n`],
      [`src/${room}/names-${other}.ts`, `import type { Door } from "../${other}/door.ts";\nexport type A = Door;\n`],
    ]),
    ["src/rules/schema-match.ts", 'export { door } from "./door.ts";\n'],
    ["src/config/uses-schema.ts", 'export { door } from "../rules/schema-match.ts";\n'],
    ["src/main.ts", 'import { door } from "./commands/door.ts";\nimport "./app/door.ts";\nexport const a = door;\n'],
    ["src/attic/thing.ts", 'import "./other.ts";\n'],
    ["src/attic/other.ts", "export const a = 1;\n"],
    ["src/series/alone.ts", "export const a = 1;\n"],
    ["src/series/first.ts", 'import type { B } from "./second.ts";\nexport type A = B;\n'],
    ["src/series/second.ts", 'import type { A } from "./first.ts";\nexport type B = A | 1;\n'],
    ["src/rules/net.ts", 'import { request } from "undici";\nexport const a = request;\n'],
    ["src/app/tool.ts", 'import ts from "typescript";\nexport const a = ts;\n'],
    ["src/app/missing.ts", 'import { gone } from "./gone.ts";\nexport const a = gone;\n'],
    ["src/web/ui/page.ts", 'import type { Door } from "../../series/door.ts";\nexport type A = Door;\n'],
  ];
}
