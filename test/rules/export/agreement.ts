import type { Episode } from "./episodes.ts";

/** How often two ways to evaluate one rule found the same. */
export interface Agreement {
  both: number;
  onlyReplay: number;
  onlyExport: number;
  /** By how many scrapes their beginnings differ at most. */
  apart: number;
}

/** Holds episodes of replay against those of an export, rule by rule; those that overlap, or nearly do, are the same. */
export function agreementOf(
  replayed: readonly Episode[],
  exported: readonly Episode[],
  table: Map<string, Agreement> = new Map(),
): Map<string, Agreement> {
  const row = ({ alert }: Episode): Agreement => {
    const name = alert.split(" ")[0]!;
    const found = table.get(name) ?? { both: 0, onlyReplay: 0, onlyExport: 0, apart: 0 };
    table.set(name, found);
    return found;
  };
  const left = new Set(exported);
  for (const one of replayed) {
    const twin = [...left].find((other) => same(one, other));
    if (!twin) {
      row(one).onlyReplay++;
      continue;
    }
    left.delete(twin);
    row(one).both++;
    row(one).apart = Math.max(row(one).apart, Math.abs(one.from - twin.from));
  }
  for (const one of left) row(one).onlyExport++;
  return table;
}

const same = (a: Episode, b: Episode): boolean => a.alert === b.alert && a.from < b.to && b.from < a.to;

/** The table for people. */
export function printed(table: ReadonlyMap<string, Agreement>): string {
  const rows = [...table].sort(([a], [b]) => (a < b ? -1 : 1));
  const lines = rows.map(([name, { both, onlyReplay, onlyExport, apart }]) =>
    [name.padEnd(28), ...[both, onlyReplay, onlyExport, apart].map((n) => String(n).padStart(12))].join(""),
  );
  const head = ["rule".padEnd(28), ...["both", "only replay", "only export", "apart"].map((t) => t.padStart(12))];
  return `${[head.join(""), ...lines].join("\n")}\n`;
}

/** The parts of what replay found that the export found, and of what the export found that replay did. */
export function shares(table: ReadonlyMap<string, Agreement>): { readonly found: number; readonly right: number } {
  let both = 0;
  let ours = 0;
  let theirs = 0;
  for (const row of table.values()) {
    both += row.both;
    ours += row.both + row.onlyReplay;
    theirs += row.both + row.onlyExport;
  }
  return { found: both / ours, right: both / theirs };
}
