import type { Labels } from "../series/labels.ts";
import type { EpochMs } from "../series/time.ts";
import { runTargetRules } from "./detect-rules.ts";
import type { MonitorEvent } from "./events.ts";
import { runExprRules } from "./expr-rules.ts";
import { takeFeedback } from "./feedback.ts";
import type { AnnounceInput, Input, ScrapeInput } from "./inputs.ts";
import { reload } from "./reload.ts";
import { removeTargets } from "./remove-targets.ts";
import type { Look, TargetState } from "./target-state.ts";
import type { World } from "./world.ts";

/** Bytes kept of a page on which a bug showed. */
const MOST_KEPT = 65_536;
const NOT_NEWER = "the scrape is not newer than the one before it";

/**
 * The program: takes what came in since the last tick and says what follows from it. `run` calls it on a timer, `replay` in a
 * loop over a recording; both do exactly the same.
 *
 * Order within a tick: the inputs as they come; of each scrape (page, models, statistics, the `detect:` rules of that target), then the `expr:`
 * rules that are due, one after the other, each seeing what those before it did.
 *
 * @param now the tick's time; not before the time of any scrape in it
 */
export function step(world: World, inputs: readonly Input[], now: EpochMs): MonitorEvent[] {
  const events: MonitorEvent[] = [];
  let gone: Labels[] = [];
  for (const input of inputs) {
    // Together, for each of them alone would look through everything there is.
    if (input.kind !== "target-gone" && gone.length > 0) {
      removeTargets(world, gone, now, events);
      gone = [];
    }
    if (input.kind === "target-gone") gone.push(input.target);
    else if (input.kind === "scrape") scrape(world, input, events);
    else if (input.kind === "announce") announce(world, input, now, events);
    else if (input.kind === "feedback") takeFeedback(world, input, now, events);
    else reload(world, input.options, now, events);
  }
  removeTargets(world, gone, now, events);
  world.ended.forget(now);
  world.budget.count(world.targetRules, now);
  runExprRules(world, now, events);
  world.lastTick = now;
  return events;
}

function announce(world: World, announcement: AnnounceInput, at: EpochMs, events: MonitorEvent[]): void {
  const { kind, ...why } = world.deployments.announce(announcement, at);
  events.push({ kind: "announcement", at, announcement, outcome: kind, ...why });
}

function scrape(world: World, input: ScrapeInput, events: MonitorEvent[]): void {
  const target = world.target(input.target);
  const bytes = input.outcome.kind === "body" ? input.outcome.length : 0;
  const about = { kind: "scraped", target: input.target, at: input.at, seconds: input.seconds, bytes } as const;
  if (!target.isNews(input)) {
    // Told, and nothing else: what was seen since must not be judged by what was seen before.
    events.push({ ...about, outcome: "internal-error", why: NOT_NEWER, samples: 0, series: 0, problems: [] });
    return;
  }
  const look = guarded(world, target, input, events);
  if (look.kind === "page") {
    const { samples, series, problems } = look;
    events.push({ ...about, outcome: "page", samples, series, problems });
  } else events.push({ ...about, outcome: look.kind, why: look.why, samples: 0, series: 0, problems: [] });
  runTargetRules(world, target, look, input.at, events);
}

/** The bulkhead around one target's page: a bug there costs that page, not the program. */
function guarded(world: World, target: TargetState, input: ScrapeInput, events: MonitorEvent[]): Look {
  try {
    return target.look(input);
  } catch (error) {
    world.bugs.page++;
    if (input.outcome.kind === "body") {
      const { body, length } = input.outcome;
      const page = body.slice(0, Math.min(length, MOST_KEPT));
      world.offending = { target: target.labels, at: input.at, page, length };
    }
    events.push({ kind: "bug", where: "page", at: input.at, error });
    return target.miss(input, "internal-error", "a bug in this program; see the log");
  }
}
