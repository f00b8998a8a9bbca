import { expect, test } from "vitest";
import { searchDomainsIn } from "../../../src/app/notify/discovery-ports.ts";

test.each([
  ["", []],
  [
    "nameserver 10.0.0.1\nsearch monitoring.svc.cluster.local svc.cluster.local.\n",
    ["monitoring.svc.cluster.local", "svc.cluster.local"],
  ],
  ["domain example.org\nsearch a b", ["a", "b"]],
  ["search a b\n  domain example.org # not a comment", ["example.org", "#", "not", "a", "comment"]],
  ["# search a", []],
])("%j searches in %j", (text, domains) => {
  expect(searchDomainsIn(text)).toEqual(domains);
});
