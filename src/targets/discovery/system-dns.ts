import { Resolver } from "node:dns/promises";
import { readSmallFile } from "../../http/small-file.ts";
import { Unprepared } from "../../http/unprepared.ts";
import type { DiscoveryPorts } from "./ports.ts";

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 65_536;

/** The name servers and search domains of this machine. */
export function systemDns(resolvConf = "/etc/resolv.conf"): Pick<DiscoveryPorts, "resolver" | "searchDomains"> {
  return {
    resolver: () => new Resolver({ timeout: TIMEOUT_MS, tries: 2 }),
    searchDomains: async () => {
      try {
        return searchDomainsIn(await readSmallFile(resolvConf, MAX_BYTES));
      } catch (error) {
        // Not every system has the file; names are then looked for as they are.
        if (error instanceof Unprepared) return [];
        throw error;
      }
    },
  };
}

/** Of several `search` lines the last one counts (resolv.conf(5)). */
function searchDomainsIn(text: string): readonly string[] {
  const [, domains = ""] = [...text.matchAll(/^search[ \t]+(.*)$/gm)].at(-1) ?? [];
  return domains.split(/\s+/).filter((domain) => domain !== "" && domain !== ".");
}
