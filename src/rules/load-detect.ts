import type { DurationMs } from "../series/time.ts";
import { sideOfBounds } from "./detector-misfits.ts";
import { defaultDetector, defaultsFor } from "./load-defaults.ts";
import type {
  Against,
  Detect,
  DetectorName,
  Direction,
  FireWhen,
  Lasting,
  ModelEventKind,
  Selector,
  Signal,
} from "./types.ts";

/** A `detect:` block as written: its signal by the name of its field, and whatever else was said. */
export interface WrittenDetect extends WrittenSignal {
  readonly detector?: DetectorName | undefined;
  readonly by?: readonly string[] | undefined;
  readonly direction?: Direction | undefined;
  readonly baseline?: { season?: "auto" | "none" | undefined; half_life?: DurationMs | undefined } | undefined;
  readonly against?: Against | undefined;
  readonly fire?: WrittenFire | undefined;
  readonly clear?: { score?: number | undefined } | undefined;
  readonly learning?: { widen?: number | undefined; above?: number | undefined } | undefined;
  readonly missing?: "hold" | "resolve" | undefined;
}

type WrittenFire = { [Field in Exclude<keyof FireWhen, "lasting">]?: FireWhen[Field] | undefined } & {
  readonly lasting?: { [Field in keyof Lasting]?: number | undefined } | undefined;
};

interface WrittenSignal {
  readonly ratio?: { bad: readonly Selector[]; total: readonly Selector[] } | undefined;
  readonly rate?: readonly Selector[] | undefined;
  readonly mean?:
    | { sum: readonly Selector[]; count: readonly Selector[]; minus?: readonly Selector[] | undefined }
    | undefined;
  readonly level?: { value: readonly Selector[]; of?: readonly Selector[] | undefined } | undefined;
  /** `of:` written beside `level:` instead of in it. */
  readonly of?: readonly Selector[] | undefined;
  readonly models?: readonly ModelEventKind[] | undefined;
}

/** The fields of which a `detect:` block has exactly one. */
export const SIGNALS = ["ratio", "rate", "mean", "level", "models"] as const satisfies readonly Signal["kind"][];

/** What an inventory event cannot have: it is a fact and nothing about it is learned. */
const STATISTICS = ["detector", "direction", "against", "baseline", "fire", "clear", "learning"] as const;

/** Fields of a `detect:` block that do not go together, by the field to point at; undefined points at the block. */
export function contradictions(fields: ReadonlySet<string>): { field?: string; message: string }[] {
  const signals = SIGNALS.filter((name) => fields.has(name));
  const names = SIGNALS.map((name) => `'${name}'`).join(", ");
  if (signals.length === 0) return [{ message: `one of ${names} must be set in detect` }];
  const others: { field?: string; message: string }[] = signals
    .slice(1)
    .map((field) => ({ field, message: `only one of ${names} can be set in detect` }));
  if (fields.has("of") && !fields.has("level"))
    others.push({ field: "of", message: "'of' can be set for 'level' only" });
  if (signals[0] !== "models") return others;
  const odd = STATISTICS.filter((field) => fields.has(field));
  return [
    ...others,
    ...odd.map((field) => ({ field, message: `'${field}' cannot be set for 'models': events are facts` })),
  ];
}

/** A block with every default filled in; the block has exactly one signal. */
export function fillDetect(written: WrittenDetect): Detect {
  const signal = signalOf(written);
  const detector = written.detector ?? defaultDetector(signal);
  const defaults = defaultsFor(signal, detector);
  const boundSide = detector === "threshold" && written.fire ? sideOfBounds(written.fire) : undefined;
  return {
    signal,
    detector,
    by: written.by ?? defaults.by,
    direction: written.direction ?? boundSide ?? defaults.direction,
    baseline: filled(defaults.baseline, written.baseline),
    fire: fireOf(defaults.fire, written.fire),
    against: written.against ?? defaults.against,
    clear: filled(defaults.clear, written.clear),
    learning: filled(defaults.learning, written.learning),
    ...(written.missing !== undefined && { missing: written.missing }),
  };
}

function signalOf(written: WrittenSignal): Signal {
  const { ratio, rate, mean, level, of, models } = written;
  if (ratio) return { kind: "ratio", bad: ratio.bad, total: ratio.total };
  if (rate) return { kind: "rate", of: rate };
  if (mean) return { kind: "mean", sum: mean.sum, count: mean.count, minus: mean.minus ?? [] };
  if (level) return { kind: "level", value: level.value, of: level.of ?? of ?? [] };
  return { kind: "models", events: models ?? [] };
}

/** What is written for bursts holds for what lasts as well, unless `lasting` says otherwise: no alarm below a bound somebody set. */
function fireOf(defaults: FireWhen, written: WrittenFire = {}): FireWhen {
  const { lasting, ...burst } = written;
  const said = filled(defaults.lasting, { above: burst.above, times: burst.times });
  return { ...filled(defaults, burst), lasting: filled(said, lasting) };
}

/** Defaults with what was written laid over them. */
function filled<T extends object>(defaults: T, written: { [K in keyof T]?: T[K] | undefined } = {}): T {
  const said = Object.entries(written).filter(([, value]) => value !== undefined);
  return { ...defaults, ...Object.fromEntries(said) };
}
