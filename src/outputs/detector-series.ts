import { renderFamily, renderSample, renderSeries } from "../exposition/render.ts";
import { Labels } from "../series/labels.ts";
import type { SubjectView } from "./exporter-views.ts";
import { pageLabels } from "./page-labels.ts";
import { PageRoom } from "./page-room.ts";

const BANDS = ["observed", "expected", "lower", "upper"] as const;

const FAMILIES = [
  ["anomaly_score", "How anomalous a rule finds its subject; 1 is the boundary."],
  ["observed", "The value a rule watches, in the unit of its signal."],
  ["expected", "The value a rule expects."],
  ["lower", "The lower bound of what a rule finds normal."],
  ["upper", "The upper bound of what a rule finds normal."],
  ["learning", "1 while a rule is still learning what is normal for its subject."],
] as const;

type FamilyName = (typeof FAMILIES)[number][0];

/** The detectors' part of a page, and how many series found no room on it. */
interface DetectorSeries {
  readonly text: string;
  readonly leftOut: number;
}

/** Characters of labels above which a subject has to wait until the others have their place. */
const LONG = 512;

/**
 * Renders at most `maxSeries` series: the scores of all subjects first, then the bands of those that are not normal, then the
 * rest; each time those with long names come last. A subject's band (observed, expected, bounds, learning) goes in whole or not at all.
 */
export function renderDetectorSeries(subjects: Iterable<SubjectView>, maxSeries: number): DetectorSeries {
  const room = new PageRoom(maxSeries);
  const scored = shortFirst([...subjects]).filter((subject) => {
    if (room.take(1, labelText(subject).length)) return true;
    room.leftOut += bandSize(subject);
    return false;
  });
  const lines = new Map<FamilyName, string>();
  const add = (name: FamilyName, subject: SubjectView, value: number) => {
    const line = `triton_sentinel_${name}${labelText(subject)} ${valueText(value)}\n`;
    lines.set(name, (lines.get(name) ?? "") + line);
  };
  for (const subject of scored) add("anomaly_score", subject, subject.score);
  for (const normal of [false, true]) {
    for (const subject of scored) {
      if (subject.normal !== normal || !room.take(bandSize(subject), labelText(subject).length)) continue;
      add("learning", subject, subject.learning ? 1 : 0);
      for (const band of BANDS) if (subject[band] !== undefined) add(band, subject, subject[band]);
    }
  }
  const text = FAMILIES.map(([name, help]) => {
    const head = renderFamily({ name: `triton_sentinel_${name}`, help, type: "gauge", samples: [] });
    return head + (lines.get(name) ?? "");
  });
  return { text: text.join(""), leftOut: room.leftOut };
}

const shortFirst = (subjects: readonly SubjectView[]): readonly SubjectView[] => {
  const isLong = (subject: SubjectView) => labelText(subject).length > LONG;
  return [...subjects.filter((subject) => !isLong(subject)), ...subjects.filter(isLong)];
};

/** How many series a subject's band takes. */
const bandSize = (subject: SubjectView): number => 1 + BANDS.filter((band) => subject[band] !== undefined).length;

/** A subject's labels live as long as the subject, so their text is worked out once and not six times a page. */
const known = new WeakMap<Labels, Map<string, string>>();

/** `{rule="…",…}` as it stands behind the name of each of the subject's series. */
function labelText({ labels, rule }: SubjectView): string {
  const byRule = known.get(labels) ?? new Map<string, string>();
  known.set(labels, byRule);
  const text = byRule.get(rule) ?? renderSeries("_", pageLabels(labels, [["rule", rule]])).slice(1);
  byRule.set(rule, text);
  return text;
}

/** A number as the page writes it; only the rare ones that are not finite have a spelling of their own. */
const valueText = (value: number): string =>
  Number.isFinite(value) ? String(value) : renderSample("_", Labels.EMPTY, value).slice(2, -1);
