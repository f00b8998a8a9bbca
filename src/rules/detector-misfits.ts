import { quote } from "../documents/mistakes.ts";
import { ANCHORED, DETECTORS_OF } from "./load-defaults.ts";
import type { DetectorName, Direction, Signal } from "./types.ts";

/** Something in a `detect:` block that its detector has no use for, and where. */
export interface Misfit {
  readonly path: readonly string[];
  readonly message: string;
}

/** A block as it was written; where the file is wrong, values may be of any kind. */
interface Block {
  readonly detector?: unknown;
  readonly direction?: unknown;
  readonly against?: unknown;
  readonly baseline?: unknown;
  readonly fire?: unknown;
  readonly learning?: unknown;
}

/** What only a detector that learns can have. */
const LEARNED = ["against", "baseline", "learning"] as const;
const LEARNED_OF_FIRE = ["score", "times", "lasting"] as const;
/** Detectors without a test of five minutes and more that reads `lasting`. */
const NEVER_LASTING: readonly DetectorName[] = ["backlog", "gauge", "envelope"];
/** What only a detector that is told its bounds can have. */
const TOLD_OF_FIRE = ["below", "over"] as const;

/** What does not go together with the detector that a block names, or that its signal has by itself. */
export function detectorMisfits(signal: Exclude<Signal["kind"], "models">, block: Block): readonly Misfit[] {
  const fitting = DETECTORS_OF[signal];
  const detector = fitting.find((name) => name === (block.detector ?? fitting[0]));
  if (detector === undefined) {
    const named = quote(String(block.detector));
    const message = `Cannot judge a ${signal} with detector ${named}: expected ${fitting.join(" or ")}`;
    return [{ path: ["detector"], message }];
  }
  return detector === "threshold" ? ofThreshold(signal, block) : ofLearner(detector, block);
}

function ofLearner(detector: DetectorName, block: Block): Misfit[] {
  const fire = fieldsOf(block.fire);
  const misfits: Misfit[] = TOLD_OF_FIRE.filter((name) => fire[name] !== undefined).map((name) => ({
    path: ["fire", name],
    message: `'${name}' can be set for detector "threshold" only`,
  }));
  if (fire["lasting"] !== undefined && NEVER_LASTING.includes(detector)) {
    const message = `'lasting' cannot be set for detector ${quote(detector)}: all of its tests ask for the same`;
    misfits.push({ path: ["fire", "lasting"], message });
  }
  if (block.against !== "anchor" || ANCHORED.includes(detector)) return misfits;
  const message = `Cannot judge against the anchor with detector ${quote(detector)}, which keeps none: expected baseline`;
  return [...misfits, { path: ["against"], message }];
}

function ofThreshold(signal: Signal["kind"], block: Block): Misfit[] {
  const fire = fieldsOf(block.fire);
  const learned = (path: readonly string[]): Misfit => ({
    path,
    message: `'${path.at(-1)}' cannot be set for detector "threshold": it learns nothing and fires at its bound`,
  });
  const misfits = [
    ...LEARNED.filter((name) => block[name] !== undefined).map((name) => learned([name])),
    ...LEARNED_OF_FIRE.filter((name) => fire[name] !== undefined).map((name) => learned(["fire", name])),
  ];
  if (signal === "level" && fire["min_bad"] !== undefined) {
    const message = "'min_bad' cannot be set for a threshold of a level: there are no events to count";
    misfits.push({ path: ["fire", "min_bad"], message });
  }
  const { above, below } = fire;
  const side = sideOfBounds(fire);
  if (side === undefined) {
    const message = `Cannot judge by detector "threshold" without a bound: expected fire.above or fire.below, for example fire: { above: 100 }`;
    return [...misfits, { path: ["detector"], message }];
  }
  if (typeof above === "number" && typeof below === "number" && below >= above) {
    const message = `Cannot fire below ${below} and above ${above}, which is always: expected below to be less than above`;
    misfits.push({ path: ["fire", "below"], message });
  }
  if (block.direction !== undefined && block.direction !== side) {
    const message = `Cannot look ${quote(String(block.direction))} with these bounds: expected ${side}, or nothing`;
    misfits.push({ path: ["direction"], message });
  }
  return misfits;
}

/** Which way a threshold looks: where its bounds are; undefined where it has none. */
export function sideOfBounds({
  above,
  below,
}: {
  readonly above?: unknown;
  readonly below?: unknown;
}): Direction | undefined {
  if (above !== undefined && below !== undefined) return "both";
  if (above !== undefined) return "up";
  return below === undefined ? undefined : "down";
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? { ...value } : {};
