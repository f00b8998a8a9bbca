import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { IGNORE_COMMENT } from "../../../src/rules/lint/ignores.ts";
import { LINTS } from "../../../src/rules/lint/index.ts";
import { said } from "./lint.ts";

const folder = new URL("../../../docs/rules/", import.meta.url);
const IDS = [...LINTS.map(({ id }) => id), IGNORE_COMMENT];

const pageOf = (id: string): string => readFileSync(new URL(`${id}.md`, folder), "utf8");
const exampleOf = (id: string, title: "Bad" | "Good"): string =>
  new RegExp(`^## ${title}\\n\\n\`\`\`yaml\\n([\\s\\S]*?)^\`\`\`$`, "m").exec(pageOf(id))?.[1] ?? "";
/** A recording in which only exceptions of servers that are there are hit. */
const options = {
  hits: ({ match }: { match: readonly { value: string }[] }) => (match[0]?.value.startsWith("never") ? 0 : 3),
};

test("every lint has a page, and every page a lint", () => {
  expect(readdirSync(folder).sort()).toEqual(IDS.map((id) => `${id}.md`).sort());
  expect(new Set(IDS).size).toBe(IDS.length);
});

describe.each(IDS)("%s", (id) => {
  test("finds something in the bad example of its page", () => {
    expect(said(id, exampleOf(id, "Bad"), options).length).toBeGreaterThan(0);
  });

  test("finds nothing in the good one", () => {
    expect(exampleOf(id, "Good")).not.toBe("");
    expect(said(id, exampleOf(id, "Good"), options)).toEqual([]);
  });
});

describe.each(LINTS)("the page of $id", ({ id, severity, about }) => {
  test("has the name, the severity, and says how to disable it", () => {
    expect(pageOf(id)).toMatch(new RegExp(`^# ${id}\\n\\nSeverity: ${severity}\\.\\n`));
    expect(pageOf(id)).toContain(`# lint:ignore ${id}: `);
    expect(about).toMatch(/^[A-Za-z].*\.$/);
  });

  test("its bad example is quiet with a comment and a reason", () => {
    const bad = exampleOf(id, "Bad");
    expect(said(id, `# lint:ignore ${id}: wanted here\n${bad}`, options).length).toBeLessThan(
      said(id, bad, options).length,
    );
    const whole = `# lint:ignore-file ${id}: wanted here\ngroups:\n- name: g\n  rules:\n${bad.replace(/^(?=.)/gm, "  ")}`;
    expect(said(id, whole, options)).toEqual([]);
  });
});

test("docs/rules.md lists every lint with its severity and what it is about, in the order of the registry", () => {
  const page = readFileSync(new URL("../rules.md", folder), "utf8");
  const rows = [...page.matchAll(/^\| \[([a-z-]+)\]\(rules\/([a-z-]+)\.md\) \| (\w+) \| (.*) \|$/gm)];
  expect(rows.map(([, id, file]) => [id, file])).toEqual(IDS.map((id) => [id, id]));
  expect(rows.slice(0, LINTS.length).map(([, , , severity, about]) => [severity, about])).toEqual(
    LINTS.map(({ severity, about }) => [severity, about]),
  );
});
