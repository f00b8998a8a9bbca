import { Argument, Command, Option } from "commander";
import { SCHEMAS, type SchemaName, schemaJson, schemaMarkdown } from "../app/schema.ts";
import { Output } from "./output.ts";

/** `triton-sentinel schema`: what a file may hold, for editors or for people. */
export function schemaCommand(): Command {
  return new Command("schema")
    .description("print what a configuration or rule file may hold")
    .addArgument(new Argument("<file>", "which kind of file").choices(SCHEMAS))
    .addOption(
      new Option("--format <format>", "JSON Schema for editors, or a page for people")
        .choices(["json", "markdown"])
        .default("json"),
    )
    .action(print);
}

async function print(name: SchemaName, { format }: { readonly format: "json" | "markdown" }): Promise<void> {
  const output = new Output();
  output.line((format === "json" ? schemaJson(name) : schemaMarkdown(name)).trimEnd());
  await output.end();
}
