import { Command } from "commander";
import { type RulesAsked, type ShownRule, showRules } from "../app/rules-show.ts";
import { printable } from "../telemetry/printable.ts";
import { disentangle } from "./arguments.ts";
import { Output } from "./output.ts";
import { rulesExportCommand } from "./rules-export.ts";

interface SourceFlags {
  readonly config?: string;
  readonly rules?: readonly string[];
  readonly json: boolean;
}

interface ShowFlags extends SourceFlags {
  readonly effective: boolean;
}

/** `triton-sentinel rules`: which rules run, and where each word of them was written. */
export function rulesCommand(): Command {
  const show = sourceCommand("show")
    .description("print rules as they run, overrides applied, with the place each field comes from")
    .argument("[name...]", "only rules of these names")
    .option("--effective", "with the defaults of what is not written", false)
    .addHelpText("after", "\nExample:\n  triton-sentinel rules show --effective TritonErrorRatioAnomaly")
    .action(async (given: readonly string[], { effective, ...flags }: ShowFlags) => {
      const { values: files, args: names } = disentangle(flags.rules, given, isName);
      const rules = await showRules(asked({ ...flags, ...(files && { rules: files }) }, names, effective));
      await print(flags.json ? [JSON.stringify({ rules }, undefined, 2)] : rules.map(shownText));
    });
  const list = sourceCommand("list")
    .description("print a line for each rule")
    .action(async (flags: SourceFlags) => {
      const rules = await showRules(asked(flags, [], false));
      const lines = rules.map(({ fields: _fields, ...rule }) => rule);
      await print(flags.json ? [JSON.stringify({ rules: lines }, undefined, 2)] : rules.map(listLine));
    });
  return new Command("rules")
    .description("print which rules run, and where they are written")
    .addCommand(show)
    .addCommand(list)
    .addCommand(rulesExportCommand());
}

/** Files of rules have a suffix or a folder, names of rules have neither. */
const isName = (text: string): boolean => /^[\w:]+$/.test(text);

const sourceCommand = (name: string): Command =>
  new Command(name)
    .option("--config <file>", "the configuration whose rules to print; without it the packaged ones")
    .option("--rules <glob...>", "rule files instead of the packaged ones and those of the configuration")
    .option("--json", "as JSON", false);

const asked = ({ config, rules }: SourceFlags, names: readonly string[], effective: boolean): RulesAsked => ({
  ...(config !== undefined && { config }),
  ...(rules !== undefined && { rules }),
  names,
  effective,
});

async function print(texts: readonly string[]): Promise<void> {
  const output = new Output();
  for (const text of texts) output.line(text);
  await output.end();
}

const placeText = ({ file, line }: ShownRule["position"]): string => printable(`${file}:${line}`);

/** A rule as a block: a headline, then a line a field. */
function shownText({ kind, name, group, position, disabled, fields }: ShownRule): string {
  const off = disabled === undefined ? "" : `, switched off at ${placeText(disabled)}`;
  const headline = `${kind} ${printable(name)}  (group ${printable(group)}, ${placeText(position)}${off})`;
  const rows = fields.map(({ path, value, from }) => {
    const text = typeof value === "string" ? value.replace(/\s+/g, " ").trim() : JSON.stringify(value);
    return [printable(path), printable(text), from === undefined ? "default" : placeText(from)] as const;
  });
  const width = Math.max(0, ...rows.map(([path]) => path.length));
  return [headline, ...rows.map(([path, text, place]) => `  ${path.padEnd(width)}  ${text}  [${place}]`), ""].join(
    "\n",
  );
}

function listLine({ kind, name, group, position, disabled, fields }: ShownRule): string {
  const severity = fields.find(({ path }) => path === "labels.severity")?.value ?? "-";
  const off = disabled === undefined ? "" : "  (switched off)";
  return `${placeText(position)}  ${printable(group)}  ${kind}  ${printable(String(severity))}  ${printable(name)}${off}`;
}
