import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { filesUnder, ROOT, textOf } from "./sources.ts";

interface WrittenAlert {
  readonly alert: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

const rules: readonly Partial<WrittenAlert>[] = parse(textOf("rules/triton.yml")).groups.flatMap(
  (group: { readonly rules: readonly Partial<WrittenAlert>[] }) => group.rules,
);
const alerts = rules.filter((rule): rule is WrittenAlert => rule.alert !== undefined);
const names = [...new Set(alerts.map(({ alert }) => alert))].sort();
const readme = textOf("README.md");
const manifest = JSON.parse(textOf("package.json"));

describe.each(alerts.map((alert) => [alert.alert, alert] as const))("%s", (name, { labels, annotations }) => {
  test("says how grave it is and of what kind", () => {
    expect(["critical", "warning", "info", "none"]).toContain(labels["severity"]);
    expect(labels["category"]).toMatch(/^[a-z]+$/);
  });

  test("names techniques of MITRE ATLAS as they are written there", () => {
    if (labels["attack"] !== undefined) expect(labels["attack"]).toMatch(/^AML\.T\d{4}(\.\d{3})?$/);
    else expect(labels["category"]).toBe("monitor");
  });

  test("tells people what is so, what it means and what to do", () => {
    for (const annotation of ["summary", "description", "remediation"]) {
      expect(annotations[annotation]?.length, annotation).toBeGreaterThan(10);
    }
  });

  test("has a runbook of its name", () => {
    expect(annotations["runbook_url"]).toBe(`docs/runbooks/${name}.md`);
    expect(textOf(annotations["runbook_url"]!)).toMatch(new RegExp(`^# ${name}\n`));
  });
});

test("every runbook belongs to an alert", () => {
  expect(filesUnder("docs/runbooks", "*.md")).toEqual(names.map((name) => `docs/runbooks/${name}.md`));
});

test("the README lists every packaged alert with its severity and techniques", () => {
  const rows = [...readme.matchAll(/^\| \[(\w+)\]\(docs[^|]*\| (\w+) \|[^|]*\| ([^|]*)\|$/gm)];
  const listed = rows.map(([, name, severity, techniques]) => `${name} ${severity} ${techniques!.trim()}`);
  const packaged = names.map((name) => {
    const own = alerts.filter(({ alert }) => alert === name).map(({ labels }) => labels);
    const techniques = [...new Set(own.flatMap((labels) => labels["attack"] ?? []))].sort().join(", ");
    return `${name} ${own[0]!["severity"]} ${techniques}`;
  });
  expect(listed.sort()).toEqual(packaged.sort());
});

test("the README gives a reason for every dependency and for no other package", () => {
  const [, section = ""] = /^## Dependencies\n([\s\S]*?)(?=^## )/m.exec(readme) ?? [];
  const listed = [...section.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name);
  expect(listed.sort()).toEqual(Object.keys(manifest.dependencies).sort());
});

test("every npm script the README speaks of exists", () => {
  const spoken = [...readme.matchAll(/npm run ([a-z:]+)/g)].map(([, name]) => name!);
  expect(spoken.filter((name) => manifest.scripts[name] === undefined)).toEqual([]);
});

test("every triton-sentinel command in the documents exists, with its flags", () => {
  const blocks = ["README.md", ...filesUnder("docs", "**/*.md")].flatMap((path) => codeOf(textOf(path)));
  const used = new Map<string, Set<string>>();
  for (const block of blocks) {
    for (const [, command, rest = ""] of block.matchAll(
      /\btriton-sentinel ((?:(?:check|outputs|rules) )?[a-z]+)([^\n#|&]*)/g,
    )) {
      const flags = used.get(command!) ?? new Set();
      for (const [flag] of rest.matchAll(/(?<=\s)--?[a-z][a-z-]*/g)) flags.add(flag);
      used.set(command!, flags);
    }
  }
  expect([...used.keys()]).toEqual(expect.arrayContaining(["check config", "check target", "outputs test", "run"]));
  for (const [command, flags] of used) {
    const help = execFileSync(process.execPath, ["dist/main.js", ...command.split(" "), "--help"], { cwd: ROOT });
    expect([...flags].filter((flag) => !help.toString().includes(flag))).toEqual([]);
  }
});

/** The shell commands of a document. */
const codeOf = (text: string): string[] => [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, code]) => code!);

test("links between documents lead to files that exist", () => {
  const broken = ["README.md", "CHANGELOG.md", ...filesUnder("docs", "**/*.md")].flatMap((path) =>
    [...textOf(path).matchAll(/\]\((?!https?:)([^)#\s]+)[^)]*\)/g)]
      .map(([, link]) => join(dirname(path), link!))
      .filter((file) => !existsSync(join(ROOT, file)))
      .map((file) => `${path}: ${file}`),
  );
  expect(broken).toEqual([]);
});
