import { describe, expect, test } from "vitest";
import { disentangle, durationArgument, intervalArgument, listenArgument } from "../../src/commands/arguments.ts";

describe("an option that takes several values gives back the arguments it swallowed", () => {
  const isRecording = (text: string) => text.endsWith(".jsonl");

  test.each([
    [["a.yml", "x.jsonl"], [], { values: ["a.yml"], args: ["x.jsonl"] }],
    [
      ["a.yml", "b.yml", "x.jsonl", "y.jsonl"],
      ["z.jsonl"],
      { values: ["a.yml", "b.yml"], args: ["z.jsonl", "x.jsonl", "y.jsonl"] },
    ],
    [undefined, ["x.jsonl"], { values: undefined, args: ["x.jsonl"] }],
    [["a.yml"], [], { values: ["a.yml"], args: [] }],
  ])("%j %j", (values, args, expected) => {
    expect(disentangle(values, args, isRecording)).toEqual(expected);
  });
});

test("durations and addresses are read as in files", () => {
  expect([durationArgument("1m30s"), intervalArgument("500ms")]).toEqual([90_000, 500]);
  expect(listenArgument(":0")).toEqual({ host: "0.0.0.0", port: 0 });
});

test.each([
  [durationArgument, "0s", 'Cannot use duration "0s": expected more than 0'],
  [durationArgument, "5 min", 'Cannot parse duration "5 min": expected a number and a unit, for example "30s"'],
  [intervalArgument, "499ms", 'Cannot use interval "499ms": expected at least 500ms'],
  [listenArgument, "9464", 'Cannot listen on "9464": expected a host and a port, for example "127.0.0.1:9464"'],
])("%o refuses %j", (parse, text, message) => {
  expect(() => parse(text)).toThrow(message);
});
