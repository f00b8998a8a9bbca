import { writeFile } from "node:fs/promises";
import { Command, Option } from "commander";
import { loadTestFiles } from "../app/rule-tests/load-test-files.ts";
import { reportJson } from "../app/rule-tests/report-json.ts";
import { reportJunit } from "../app/rule-tests/report-junit.ts";
import { coverageText, reportText } from "../app/rule-tests/report-text.ts";
import { countsOf } from "../app/rule-tests/results.ts";
import { runRuleTests } from "../app/rule-tests/run-rule-tests.ts";
import { formatMistakes } from "../documents/format.ts";
import { hasErrors } from "../documents/mistakes.ts";
import { EXIT } from "./exit.ts";
import { Output } from "./output.ts";

interface Flags {
  readonly run: readonly string[];
  readonly coverage: boolean;
  readonly junit?: string;
  readonly format: "text" | "json";
}

/** `triton-sentinel test`: run unit tests of rules. */
export function testCommand(): Command {
  return new Command("test")
    .description("run unit tests of rules: promtool's files, and ours with recordings and detectors")
    .argument("<file...>", "files of rule tests, or globs")
    .option(
      "--run <regex>",
      "run only tests whose name matches; may be given again",
      (one, all: string[]) => [...all, one],
      [],
    )
    .option("--coverage", "print which rules fired, and which states their detectors were in", false)
    .option("--junit <file>", "write the results as JUnit XML as well")
    .addOption(new Option("--format <format>", "how the results look").choices(["text", "json"]).default("text"))
    .addHelpText(
      "after",
      "\nExit codes: 0 all passed, 1 a test failed, 2 a mistake in a file\n\nExample:\n  triton-sentinel test --coverage rules/*.test.yml",
    )
    .action(test);
}

async function test(patterns: readonly string[], { run, coverage, junit, format }: Flags): Promise<void> {
  const { files, mistakes, unreadable } = await loadTestFiles(patterns);
  process.stderr.write(formatMistakes(mistakes, { color: false }));
  for (const why of unreadable) process.stderr.write(`${why}\n`);
  if (hasErrors(mistakes) || unreadable.length > 0) {
    process.exitCode = EXIT.mistake;
    return;
  }
  const report = await runRuleTests(files, { only: run, stopwatch: () => performance.now() / 1000 });
  if (junit !== undefined) await writeFile(junit, reportJunit(report));
  const out = new Output();
  out.line((format === "json" ? reportJson(report) : reportText(report)).trimEnd());
  if (coverage && format === "text") out.line(coverageText(report.coverage).trimEnd());
  await out.end();
  if (countsOf(report).failed > 0) process.exitCode = EXIT.findings;
}
