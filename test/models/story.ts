import type { ModelEvent } from "../../src/models/events.ts";
import type { ModelFact } from "../../src/models/facts.ts";
import { Inventory } from "../../src/models/inventory.ts";
import { Labels } from "../../src/series/labels.ts";
import { epochMs } from "../../src/series/time.ts";

/**
 * Tells an inventory a story and answers what it made of it, each event with the number of its page.
 *
 * Pages are separated by `|` and 15 s apart; `x` is a scrape that failed, `…` a wait of ten minutes with the page before it.
 * A model that serves is `name.version(load,successes,failures)`, one of which only failure series are left is
 * `name.version[failures]`; `_` is what the server does not show. `#n` is the energy counter.
 */
export function tell(pages: string, inventory = new Inventory()): string[] {
  const told: string[] = [];
  let at = 0;
  let last = "";
  for (const [number, page] of pages.split("|").entries()) {
    const text = page.trim();
    at += text === "…" ? 600_000 : 15_000;
    if (text === "x") {
      inventory.miss();
      continue;
    }
    last = text === "…" ? last : text;
    const words = last.split(" ").filter((word) => word !== "");
    const energy = words.find((word) => word.startsWith("#"));
    const models = words.filter((word) => !word.startsWith("#")).map(factOf);
    const events = inventory.observe(
      { source: "metrics", models, processCounter: energy === undefined ? undefined : Number(energy.slice(1)) },
      epochMs(at),
    );
    told.push(...events.map((event) => `${number + 1} ${describe(event)}`));
  }
  return told;
}

function factOf(word: string): ModelFact {
  const found = /^(\w+)\.(\d+)(?:\(([^,]+),([^,]+),([^,]+)\)|\[(\d+)\])$/.exec(word);
  if (!found) throw new Error(`no model: ${word}`);
  const [, model, version, load, successes, failures, orphaned] = found;
  const amount = (text: string | undefined) => (text === undefined || text === "_" ? undefined : Number(text));
  return {
    id: Labels.of({ model: model!, version: version! }),
    serving: orphaned === undefined,
    loadSeconds: amount(load),
    successes: amount(successes),
    failures: amount(orphaned ?? failures),
  };
}

/** An event in words. */
export function describe(event: ModelEvent): string {
  if (event.kind === "restarted")
    return `restarted ${event.proof}${event.gap ? " after a gap" : ""} of ${event.models}`;
  const name = [event.id.get("namespace"), event.id.get("model"), event.id.get("version")].filter(Boolean).join(".");
  switch (event.kind) {
    case "loaded":
      return `loaded ${name}${event.again ? " again" : ""}${event.restarted ? " by the restart" : ""}`;
    case "reloaded":
      return `reloaded ${name}${event.inPlace ? " in place" : ""}`;
    case "version_changed":
      return `version_changed ${name} from ${event.from}${event.restarted ? " by the restart" : ""}`;
    case "flashed":
      return `flashed ${name} with ${event.failures}`;
    default:
      return `${event.kind} ${name}`;
  }
}
