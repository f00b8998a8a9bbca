import { Labels } from "../../src/series/labels.ts";
import { spell } from "./reading.ts";

/** The plainest reading of a well-formed page: a regular expression a line. Shares nothing with the reader. */
export function referenceReading(text: string): [series: string, value: string][] {
  return text
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const [, name, inner = "", value] = /^([^{ ]+)(?:\{(.*)\})? (\S+)$/.exec(line)!;
      const pairs = [...inner.matchAll(/([a-zA-Z0-9_]+)="((?:[^"\\]|\\.)*)"/g)].map(
        ([, label, escaped]) => [label!, undoEscapes(escaped!)] as const,
      );
      return [Labels.from([["__name__", name!], ...pairs]).key, spell(numberOf(value!))];
    });
}

const undoEscapes = (text: string) => text.replace(/\\(.)/g, (_, c: string) => (c === "n" ? "\n" : c));

const numberOf = (text: string) => (/inf/i.test(text) ? Number(`${text.replace(/inf/i, "Infinity")}`) : Number(text));
