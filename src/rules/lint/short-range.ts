import { formatDuration } from "../../series/time.ts";
import { perRule } from "./lint.ts";
import { nodesOf, treeOf } from "./selectors.ts";

const OF_TWO = new Set(["rate", "irate", "increase", "delta", "idelta", "deriv", "predict_linear"]);

/** What needs two samples finds them only by luck in a range shorter than two scrapes. */
export const shortRange = perRule(
  "short-range",
  "warning",
  "A rate is taken over a range shorter than two scrapes, in which there may be a single sample.",
  function* ({ rule }, world) {
    const tree = treeOf(rule);
    for (const node of tree === undefined ? [] : nodesOf(tree)) {
      if (node.kind !== "call" || !OF_TWO.has(node.fn.name)) continue;
      for (const arg of node.args) {
        if (arg.kind !== "range" || arg.range >= 2 * world.scrapeInterval) continue;
        const [range, every] = [formatDuration(arg.range), formatDuration(world.scrapeInterval)];
        const message = `${node.fn.name}() over ${range} with a scrape every ${every}: expected at least two scrapes`;
        yield { at: ["expr"], from: arg.from, to: arg.to, message };
      }
    }
  },
);
