import type { EpochMs } from "../series/time.ts";
import { runTargetRules } from "./detect-rules.ts";
import type { MonitorEvent } from "./events.ts";
import { runExprRules } from "./expr-rules.ts";
import type { Input, ScrapeInput } from "./inputs.ts";
import type { Look, TargetState } from "./target-state.ts";
import type { World } from "./world.ts";

const NOT_NEWER = "the scrape is not newer than the one before it";

/**
 * The program: takes what came in since the last tick and says what follows from it. `run` calls it on a timer, `replay` in a
 * loop over a recording; both do exactly the same.
 *
 * Order within a tick: each scrape in turn (page, models, statistics, the `detect:` rules of that target), then the `expr:`
 * rules that are due, one after the other, each seeing what those before it did.
 *
 * @param now the tick's time; not before the time of any scrape in it
 */
export function step(world: World, inputs: readonly Input[], now: EpochMs): MonitorEvent[] {
  const events: MonitorEvent[] = [];
  for (const input of inputs) {
    if (input.kind === "announce") world.options.deployments.announce(input, now);
    else scrape(world, input, events);
  }
  runExprRules(world, now, events);
  world.lastTick = now;
  return events;
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
    if (input.outcome.kind === "body") world.offending = input.outcome.body.slice(0, input.outcome.length);
    events.push({ kind: "bug", where: "page", at: input.at, error });
    return target.miss(input, "internal-error", "a bug in this program; see the log");
  }
}
