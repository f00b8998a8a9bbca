import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ROOT, textOf } from "../house/sources.ts";

const run = promisify(execFile);
const manifest = JSON.parse(textOf("package.json"));
/** npm is not to ask for news of itself, and no script of ours or of others runs. */
const QUIET = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "package-"));
});
afterAll(() => rm(folder, { recursive: true }));

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

async function pack(...args: readonly string[]): Promise<Packed> {
  const { stdout } = await run("npm", ["pack", "--json", ...QUIET, ...args], { cwd: ROOT, maxBuffer: 2 ** 26 });
  return JSON.parse(stdout)[0];
}

describe("the package", () => {
  let paths: readonly string[];
  beforeAll(async () => {
    const { files } = await pack("--dry-run");
    paths = files.map(({ path }) => path);
  }, 60_000);

  test("has what the program needs to run, and what people need beside it", () => {
    const needed = [
      "dist/main.js",
      "rules/triton.yml",
      "docs/schema/triton-sentinel-config.schema.json",
      "docs/runbooks/TritonTargetDown.md",
      "docs/demo/triton-1.jsonl.gz",
      "dashboards/triton-sentinel.json",
      "deploy/systemd/triton-sentinel.service",
      "README.md",
      "LICENSE",
    ];
    expect(needed.filter((path) => !paths.includes(path))).toEqual([]);
  });

  test("has neither tests nor sources nor anybody's secrets", () => {
    expect(
      paths.filter((path) => /^(src|test|\.ci|node_modules)\/|secrets\/(?!\.gitignore)|\.tgz$|\.env/.test(path)),
    ).toEqual([]);
  });
});

describe("installed in an empty folder", () => {
  let tarball: string;
  beforeAll(async () => {
    const { filename } = await pack("--pack-destination", folder);
    tarball = join(folder, filename);
  }, 60_000);

  test("beside the packages of this repository it runs, with its rules", async () => {
    const root = join(folder, "beside");
    const home = join(root, "node_modules", manifest.name);
    await mkdir(join(root, "node_modules"), { recursive: true });
    await run("tar", ["-xzf", tarball, "-C", root]);
    await rename(join(root, "package"), home);
    for (const name of await runtimePackages()) {
      await mkdir(dirname(join(root, "node_modules", name)), { recursive: true });
      await symlink(join(ROOT, "node_modules", name), join(root, "node_modules", name));
    }
    await works(root, join(home, manifest.bin["triton-sentinel"]));
  }, 60_000);

  test("by npm, from the registry, it runs", async (context) => {
    const root = join(folder, "installed");
    await mkdir(root);
    await writeFile(join(root, "package.json"), "{}");
    try {
      await run("npm", ["install", "--prefer-offline", "--fetch-retries=0", ...QUIET, tarball], {
        cwd: root,
        timeout: 90_000,
      });
    } catch (error) {
      const said = String((error as { readonly stderr?: string }).stderr ?? error);
      // Where no registry answers there is nothing to be learned; any other mistake of the installation is ours.
      const unreachable =
        /E(NOTFOUND|AI_AGAIN|CONNREFUSED|CONNRESET|TIMEDOUT|NOTCACHED|HOSTUNREACH)|network|timed? ?out/i;
      if (unreachable.test(said) || (error as { readonly killed?: boolean }).killed)
        context.skip("no registry answers");
      throw error;
    }
    await works(root, join(root, "node_modules/.bin/triton-sentinel"));
  }, 120_000);
});

/** The packages that are needed at run time, with those they need themselves, as the lock file has them. */
async function runtimePackages(): Promise<readonly string[]> {
  const lock: Record<string, { readonly dev?: boolean }> = JSON.parse(textOf("package-lock.json")).packages;
  return Object.entries(lock)
    .filter(([path, { dev }]) => /^node_modules\/(@[^/]+\/)?[^/]+$/.test(path) && !dev)
    .map(([path]) => path.slice("node_modules/".length));
}

/** Says its version, and finds the rules it comes with: a recording that it brings is replayed with them. */
async function works(cwd: string, program: string): Promise<void> {
  const { stdout: version } = await run(process.execPath, [program, "--version"], { cwd });
  expect(version.trim()).toBe(manifest.version);
  await cp(join(ROOT, "test/fixtures/recordings/slow.jsonl.gz"), join(cwd, "slow.jsonl.gz"));
  const { stdout: replayed } = await run(process.execPath, [program, "replay", "slow.jsonl.gz"], { cwd });
  expect(replayed).toContain("TritonModelReloaded");
}
