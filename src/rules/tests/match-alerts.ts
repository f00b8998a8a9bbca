import type { Labels } from "../../series/labels.ts";
import type { ExpectedAlert } from "./types.ts";

/** An alert as it was, or a subject of a detector (which has no annotations). */
export interface SeenAlert {
  readonly labels: Labels;
  readonly annotations: Readonly<Record<string, string>>;
}

/** One label or annotation that is not what was expected; undefined is absent. */
export interface FieldDifference {
  readonly what: "label" | "annotation";
  readonly name: string;
  readonly expected: string | undefined;
  readonly came: string | undefined;
}

/** What became of the expected alerts and of those that came: pairs that differ, and those that are alone. */
export interface AlertMatch {
  readonly differing: readonly {
    readonly expected: ExpectedAlert;
    readonly came: SeenAlert;
    readonly fields: readonly FieldDifference[];
  }[];
  readonly missing: readonly ExpectedAlert[];
  readonly unexpected: readonly SeenAlert[];
}

/** Beyond so many alerts left over, which resembles which is not worked out. */
const MAX_COMPARED = 50;

/** How an alert differs from an expected one; with `subset` only in what was expected of it. */
export function fieldDifferences(
  expected: ExpectedAlert,
  came: SeenAlert,
  subset: boolean,
): readonly FieldDifference[] {
  return [
    ...differences("label", expected.labels, new Map(came.labels.pairs), subset),
    ...differences("annotation", expected.annotations, new Map(Object.entries(came.annotations)), subset),
  ];
}

function differences(
  what: FieldDifference["what"],
  expected: ReadonlyMap<string, string>,
  came: ReadonlyMap<string, string>,
  subset: boolean,
): readonly FieldDifference[] {
  const names = subset ? expected.keys() : new Set([...expected.keys(), ...came.keys()]);
  return [...names]
    .filter((name) => expected.get(name) !== came.get(name))
    .sort()
    .map((name) => ({ what, name, expected: expected.get(name), came: came.get(name) }));
}

/**
 * Pairs expected alerts with those that came, each with one at most, as many as can be; what is left is paired by
 * resemblance. Nothing differs and nothing is alone where all is as expected.
 */
export function matchAlerts(
  expected: readonly ExpectedAlert[],
  came: readonly SeenAlert[],
  subset: boolean,
): AlertMatch {
  const holders = assign(expected, came, subset);
  const paired = new Set(holders.values());
  const missing = expected.filter((one) => !paired.has(one));
  const unexpected = came.filter((_, i) => !holders.has(i));
  const differing: AlertMatch["differing"][number][] = [];
  // One that is expected and one that comes are meant to be the same, however little they have in common.
  const alone = missing.length === 1 && unexpected.length === 1;
  if (missing.length * unexpected.length <= MAX_COMPARED ** 2) {
    for (;;) {
      const nearest = nearestPair(missing, unexpected, subset, alone);
      if (!nearest) break;
      differing.push(nearest);
      missing.splice(missing.indexOf(nearest.expected), 1);
      unexpected.splice(unexpected.indexOf(nearest.came), 1);
    }
  }
  return { differing, missing, unexpected };
}

/**
 * Which expected alert each of those that came stands for, by its index. Augmenting paths (Kuhn): with `subset` one that came
 * may do for several that are expected, and the first that takes it need not be the one that must have it.
 */
function assign(
  expected: readonly ExpectedAlert[],
  came: readonly SeenAlert[],
  subset: boolean,
): ReadonlyMap<number, ExpectedAlert> {
  const holders = new Map<number, ExpectedAlert>();
  const fits = new Map(
    expected.map((one) => [
      one,
      came.flatMap((seen, i) => (fieldDifferences(one, seen, subset).length === 0 ? [i] : [])),
    ]),
  );
  const place = (one: ExpectedAlert, tried: Set<number>): boolean => {
    for (const i of fits.get(one)!) {
      if (tried.has(i)) continue;
      tried.add(i);
      const holder = holders.get(i);
      // Exact fits are all alike: one that is taken cannot be freed.
      if (holder === undefined || (subset && place(holder, tried))) {
        holders.set(i, one);
        return true;
      }
    }
    return false;
  };
  for (const one of expected) place(one, new Set());
  return holders;
}

/** The pair that differs in the fewest fields; unless `any` is one, only alerts that have a label in common are a pair. */
function nearestPair(
  missing: readonly ExpectedAlert[],
  unexpected: readonly SeenAlert[],
  subset: boolean,
  any: boolean,
): AlertMatch["differing"][number] | undefined {
  let best: AlertMatch["differing"][number] | undefined;
  for (const expected of missing) {
    for (const came of unexpected) {
      const fields = fieldDifferences(expected, came, subset);
      if (!any && !resemble(expected, came)) continue;
      if (best === undefined || fields.length < best.fields.length) best = { expected, came, fields };
    }
  }
  return best;
}

function resemble({ labels }: ExpectedAlert, came: SeenAlert): boolean {
  for (const [name, value] of labels) if (name !== "alertname" && came.labels.get(name) === value) return true;
  return false;
}
