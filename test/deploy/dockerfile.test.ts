import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ROOT, textOf } from "../house/sources.ts";

interface Instruction {
  readonly word: string;
  readonly rest: string;
}

/** The instructions of a Dockerfile, continued lines joined, comments left out. */
const instructions: readonly Instruction[] = textOf("deploy/Dockerfile")
  .replace(/^#.*\n/gm, "")
  .replace(/\\\n\s*/g, "")
  .split("\n")
  .filter((line) => line.trim() !== "")
  .map((line) => {
    const [, word, rest] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? ["", "", line];
    return { word: word!, rest: rest! };
  });
const last = instructions.slice(instructions.findLastIndex(({ word }) => word === "FROM"));
const all = (word: string, from = instructions): string[] =>
  from.filter((instruction) => instruction.word === word).map(({ rest }) => rest);

test("every line is an instruction", () => {
  expect(instructions.filter(({ word }) => word === "").map(({ rest }) => rest)).toEqual([]);
});

test("it is built in one stage and runs in another, on a Node of an exact version that the program supports", () => {
  expect(all("FROM")).toEqual([`$${"{NODE_IMAGE}"} AS build`, `$${"{NODE_IMAGE}"}`]);
  const [, major, minor] = /^NODE_IMAGE=node:(\d+)\.(\d+)\.\d+-\w+-slim$/.exec(all("ARG")[0]!)!;
  expect(JSON.parse(textOf("package.json")).engines.node).toBe(">=20.19");
  expect(Number(major) * 1000 + Number(minor)).toBeGreaterThanOrEqual(20_019);
});

test("it runs as a user that is not root, by number, and copies nothing after that", () => {
  expect(all("USER", last)).toEqual(["65532:65532"]);
  const after = last.slice(last.findIndex(({ word }) => word === "USER"));
  expect(all("COPY", after)).toEqual([]);
  expect(all("RUN", after)).toEqual([]);
});

test("nothing of it belongs to the user it runs as, and nothing is kept in a volume", () => {
  expect(all("COPY").filter((rest) => rest.includes("--chown"))).toEqual([]);
  expect(all("VOLUME")).toEqual([]);
  expect(all("ADD")).toEqual([]);
});

test("packages come from the lock file and none runs a script; those of development stay behind", () => {
  const run = all("RUN").join("\n");
  expect(run).toContain("npm ci --ignore-scripts");
  expect(run).toContain("npm prune --omit=dev");
});

test("no secret is built in", () => {
  expect([...all("ENV"), ...all("ARG")].filter((rest) => /token|password|secret|key/i.test(rest))).toEqual([]);
});

test("it starts without a shell, and its health is asked by a verb", () => {
  const [entry, command] = [all("ENTRYPOINT"), all("CMD", last)].map((found) => JSON.parse(found[0]!));
  expect(entry).toEqual(["node", "/app/dist/main.js"]);
  expect(command).toEqual(["run", "--config", "/etc/triton-sentinel/triton-sentinel.yml"]);
  const health = /CMD (\[.*\])$/.exec(all("HEALTHCHECK")[0]!)![1]!;
  expect(JSON.parse(health)).toEqual(["node", "/app/dist/main.js", "healthcheck"]);
  expect(existsSync(join(ROOT, "src/commands/healthcheck.ts"))).toBe(true);
});

test("it says what it is, by the labels of the OCI", () => {
  const labels = all("LABEL").join(" ");
  for (const name of ["title", "description", "licenses", "version", "revision"]) {
    expect(labels).toContain(`org.opencontainers.image.${name}=`);
  }
  expect(all("ARG")).toContain(`VERSION=${JSON.parse(textOf("package.json")).version}`);
});

describe("what docker sends to be built", () => {
  const lines = textOf(".dockerignore")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  const let_in = lines.filter((line) => line.startsWith("!")).map((line) => line.slice(1));

  test("is nothing but what is named", () => {
    expect(lines[0]).toBe("*");
    expect(let_in.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
    expect(let_in).not.toContain("test");
  });

  test("has everything that is copied", () => {
    const copied = all("COPY")
      .filter((rest) => !rest.startsWith("--from"))
      .flatMap((rest) => rest.split(" ").slice(0, -1));
    const missing = copied
      .map((path) => path.replace(/^\.\//, ""))
      .filter((path) => !let_in.some((allowed) => path === allowed || path.startsWith(`${allowed}/`)));
    expect(missing).toEqual([]);
  });
});
