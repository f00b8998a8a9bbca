import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { systemDns } from "../../../src/targets/discovery/system-dns.ts";

test("search domains are those of the last search line; without the file there are none", async () => {
  const folder = mkdtempSync(join(tmpdir(), "resolv-"));
  const file = join(folder, "resolv.conf");
  expect(await systemDns(file).searchDomains()).toEqual([]);
  writeFileSync(
    file,
    "search old\nnameserver 10.0.0.10\nsearch ml.svc.cluster.local  svc.cluster.local .\noptions ndots:5\n",
  );
  expect(await systemDns(file).searchDomains()).toEqual(["ml.svc.cluster.local", "svc.cluster.local"]);
  rmSync(folder, { recursive: true });
});
