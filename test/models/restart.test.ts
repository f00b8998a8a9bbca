import { expect, test } from "vitest";
import { tell } from "./story.ts";

test.each<readonly [fact: string, pages: string, ...events: string[]]>([
  [
    "failure counters that fell prove a restart: one event, not one a model",
    "a.1(5,90,2) b.1(6,90,0) | a.1(7,9,0) b.1(8,9,0)",
    "2 restarted failure-counter-fell of 2",
  ],
  [
    "so do the traces of a model that disappear",
    "a.1(5,90,0) b.1(6,90,0) c.1[0] | a.1(7,9,0) b.1(8,9,0)",
    "2 restarted failure-counter-fell of 2",
  ],
  ["so do they on an empty server", "c.1[0] |", "2 restarted failure-counter-fell of 0"],
  ["GPU energy that fell proves it", "a.1(5,90,0) #900 | a.1(7,9,0) #20", "2 restarted process-counter-fell of 1"],
  ["energy that is not shown for a page proves nothing", "a.1(5,90,0) #900 | a.1(5,90,0) | a.1(5,90,0) #901"],
  [
    "energy is remembered over a page without it",
    "a.1(5,90,0) #900 | a.1(5,91,0) | a.1(6,1,0) #20",
    "3 restarted process-counter-fell of 1",
  ],
  [
    "without failures and GPUs all loads and counters decide",
    "a.1(5,90,0) b.1(6,90,0) | a.1(7,9,0) b.1(8,9,0)",
    "2 restarted all-loads-and-counters-new of 2",
  ],
  ["quiet models: all loads decide", "a.1(5,0,0) b.1(6,0,0) | a.1(7,0,0) b.1(8,0,0)", "2 restarted all-loads-new of 2"],
  [
    "servers without load gauges: all counters decide",
    "a.1(_,90,_) b.1(_,90,_) | a.1(_,9,_) b.1(_,9,_)",
    "2 restarted all-counters-new of 2",
  ],
  ["there two unloads at once are two unloads", "a.1(_,90,_) b.1(_,90,_) |", "2 unloaded a.1", "2 unloaded b.1"],
  [
    "one load gauge that stays proves that the process does",
    "a.1(5,0,0) b.1(6,0,0) | a.1(5,0,0) b.1(8,0,0)",
    "2 reloaded b.1 in place",
  ],
  ["against it nothing counts", "a.1(5,9,4) b.1(6,9,0) #9 | a.1(5,9,1) b.1(6,9,0) #2"],
  [
    "one model: a failed scrape makes a new load a restart",
    "a.1(5,90,0) | x | a.1(6,1,0)",
    "3 restarted all-loads-and-counters-new after a gap of 1",
  ],
  [
    "one model whose counters went on behind failed scrapes was reloaded",
    "a.1(5,90,0) | x | a.1(6,95,0)",
    "3 reloaded a.1 in place",
  ],
  [
    "failures that went on speak for reloads",
    "a.1(5,90,7) b.1(6,90,0) | a.1(7,9,7) b.1(8,9,0)",
    "2 reloaded a.1",
    "2 reloaded b.1",
  ],
  [
    "failures that a fresh process may have by now do not",
    "a.1(5,90,1) b.1(6,90,0) | a.1(7,9,6) b.1(8,9,0)",
    "2 restarted all-loads-and-counters-new of 2",
  ],
  [
    "a server young enough to overtake itself",
    "a.1(5,3,0) b.1(6,2,0) | a.1(7,40,0) b.1(8,30,0)",
    "2 restarted all-loads-new of 2",
  ],
  [
    "models that did not come back are told",
    "a.1(5,90,2) b.1(6,90,0) c.1(7,1,0) | a.1(8,9,0)",
    "2 restarted failure-counter-fell of 3",
    "2 vanished b.1",
    "2 vanished c.1",
  ],
  [
    "so are models that were not there before",
    "a.1(5,90,2) | a.1(8,9,0) evil.1(9,0,0)",
    "2 restarted failure-counter-fell of 1",
    "2 loaded evil.1 by the restart",
  ],
  [
    "and other versions, once",
    "a.1(5,90,2) b.1(6,90,0) | a.2(8,9,0) b.1(7,0,0)",
    "2 restarted failure-counter-fell of 2",
    "2 version_changed a.2 from 1 by the restart",
  ],
  [
    "a version among several that did not come back is told",
    "a.1(5,90,2) a.2(6,90,0) | a.2(7,0,0)",
    "2 restarted failure-counter-fell of 2",
    "2 vanished a.1",
  ],
  [
    "another repository: nothing is what it was",
    "a.1(5,90,2) b.1(6,90,0) | c.1(8,9,0)",
    "2 restarted failure-counter-fell of 2",
    "2 loaded c.1 by the restart",
    "2 vanished a.1",
    "2 vanished b.1",
  ],
  [
    "what happens after a restart is told as before",
    "a.1(5,90,2) b.1(6,9,0) | a.1(8,9,0) b.1(9,1,0) | a.1(8,9,0) b.1(9,1,0) evil.1(9,0,0)",
    "2 restarted failure-counter-fell of 2",
    "3 loaded evil.1",
  ],
  [
    "traces on the first page of the new process are history",
    "a.1(5,90,2) b.1(6,90,1) | a.1(8,9,0) b.1[0]",
    "2 restarted failure-counter-fell of 2",
    "2 vanished b.1",
  ],
])("%s: %s", (_, pages, ...events) => {
  expect(tell(pages)).toEqual(events);
});
