import { expect, test } from "vitest";
import {
  parseAddress,
  parseExternalUrl,
  parseHostName,
  parseListenAddress,
  parseOrigin,
  parseSecretUrl,
  parseServerUrl,
  parseSmarthost,
  parseTargetUrl,
} from "../../src/config/address.ts";
import { parseMailboxes } from "../../src/config/mail-address.ts";
import { parseSize } from "../../src/config/size.ts";

test.each(["gpu-7:8002", "10.0.0.1:1", "[2001:db8::1]:65535", "triton.default.svc:80"])("%s is a target", (text) => {
  expect(parseAddress(text)).toBe(text);
});

test.each([
  "",
  "gpu-7",
  "8002",
  ":8002",
  "a:0",
  "a:65536",
  "a b",
  "a/metrics",
  "u@a",
  "a:8002#",
  "::1",
  "[::1",
  "a:80:80",
  "http://a",
])("%j is no target", (text) => {
  expect(() => parseAddress(text)).toThrow(
    text.includes("@") ? "with a user name" : `Cannot use target ${JSON.stringify(text)}`,
  );
});

test.each([
  ["a target", parseAddress],
  ["a target on the command line", parseTargetUrl],
  ["an address to listen on", parseListenAddress],
  ["an external URL", parseExternalUrl],
  ["a server's URL", parseServerUrl],
  ["a webhook's URL", parseSecretUrl],
  ["a host", parseHostName],
  ["an origin", parseOrigin],
  ["a mail server", parseSmarthost],
  ["a mailbox", parseMailboxes],
])("what stands before an @ is not repeated of what is no %s", (_, parse: (text: string) => unknown) => {
  for (const text of [
    "u:hunter2@a:25",
    "u:p,hunter2@a",
    "http://u:hunter2@a:0/x?y",
    "u:x@hunter2:y@a",
    "smtp://hunter2:x@a",
  ]) {
    let said = "";
    try {
      parse(text);
    } catch (error) {
      said = (error as RangeError).message;
    }
    expect(said).toMatch(/^Cannot /);
    expect(said).not.toContain("hunter2");
  }
});

test("an address to listen on is a host and a port", () => {
  expect(parseListenAddress(":0")).toEqual({ host: "0.0.0.0", port: 0 });
  expect(parseListenAddress("[::1]:9464")).toEqual({ host: "::1", port: 9464 });
  for (const text of ["", "9464", "a:b", "a:65536", "http://a:1"])
    expect(() => parseListenAddress(text)).toThrow(RangeError);
});

test("an external URL loses the slash at its end", () => {
  expect(parseExternalUrl("https://a.example/x/")).toBe("https://a.example/x");
  for (const text of ["", "a.example", "ftp://a", "https://a/?b", "https://u@a"]) {
    expect(() => parseExternalUrl(text)).toThrow(RangeError);
  }
});

test.each([
  ["1B", 1],
  ["32MB", 32 * 1024 ** 2],
  ["128MiB", 128 * 1024 ** 2],
  ["2KiB", 2048],
  ["1GB", 1024 ** 3],
])("%s are %i bytes", (text, bytes) => {
  expect(parseSize(text)).toBe(bytes);
});

test.each(["", "0", "0MB", "32", "1.5MB", "1 MB", "-1B", "1iB", "9".repeat(400), "999999999999GB"])(
  "%j is no size",
  (text) => {
    expect(() => parseSize(text)).toThrow(RangeError);
  },
);
