import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { EmailOutput } from "../../src/outputs/email.ts";
import type { EmailOptions } from "../../src/outputs/options.ts";
import { durationMs } from "../../src/series/time.ts";
import { CertificateAuthority } from "../support/certificates.ts";
import { parseMail } from "../support/mail.ts";
import { type RunningSmtp, type SmtpOptions, startSmtp } from "../support/smtp.ts";
import { inline, mailOptions, PASSWORD } from "./peers.ts";
import { AT, NEVER_ABORTED, notification, outgoing } from "./samples.ts";

const LOGIN = { username: "sentinel", password: PASSWORD };
const TOLD = notification([outgoing()]);

const authority = new CertificateAuthority();
const certificate = authority.issue("127.0.0.1", "localhost");
const elsewhere = authority.issue("mail.elsewhere.example");

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "email-"));
  writeFileSync(join(folder, "ca.pem"), authority.cert);
});
afterAll(() => rmSync(folder, { recursive: true }));

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});

async function pair(server: SmtpOptions, rest: Partial<EmailOptions> = {}): Promise<[EmailOutput, RunningSmtp]> {
  const smtp = await startSmtp(server);
  const output = new EmailOutput(mailOptions(smtp.port, rest), { now: () => AT });
  open.push(output, smtp);
  return [output, smtp];
}

const tls = (rest: object = {}) => ({ caFile: join(folder, "ca.pem"), insecureSkipVerify: false, ...rest });

describe("security", () => {
  const offered = { login: LOGIN };
  test.each([
    ["starttls", "starttls", true],
    ["implicit", "implicit", true],
    ["opportunistic", "starttls", true],
    ["opportunistic", "plain", false],
    ["none", "starttls", false],
    ["none", "plain", false],
  ] as const)("%s with a server that knows %s sends over TLS: %s", async (security, known, secure) => {
    const [output, smtp] = await pair({ ...offered, security: known, certificate }, { security, tls: tls() });
    expect(await output.send(TOLD, NEVER_ABORTED)).toEqual({ kind: "sent" });
    expect(smtp.mails).toMatchObject([{ secure, user: "sentinel", to: ["ann@example.com", "bob@example.com"] }]);
  });

  test("starttls sends nothing to a server that does not offer it", async () => {
    const [output, smtp] = await pair({ ...offered, security: "plain" }, { security: "starttls" });
    expect(await output.send(TOLD, NEVER_ABORTED)).toEqual({
      kind: "later",
      why: expect.stringMatching(/^the mail server does not take STARTTLS: 5\d\d .*require_tls: false/),
    });
    expect(smtp.mails).toEqual([]);
  });

  test("implicit says of a server that knows no TLS that it does not speak it", async () => {
    const [output, smtp] = await pair({ ...offered, security: "plain" }, { security: "implicit" });
    expect(await output.send(TOLD, NEVER_ABORTED)).toEqual({ kind: "later", why: "the peer does not speak TLS there" });
    expect(smtp.mails).toEqual([]);
  });

  test.each(["starttls", "implicit", "opportunistic"] as const)(
    "%s trusts nobody it was not told to trust",
    async (security) => {
      const known = security === "implicit" ? "implicit" : "starttls";
      const [output, smtp] = await pair({ ...offered, security: known, certificate }, { security });
      expect(await output.send(TOLD, NEVER_ABORTED)).toEqual({
        kind: "later",
        why: expect.stringContaining("certificate"),
      });
      expect(smtp.mails).toEqual([]);
    },
  );

  test.each(["starttls", "implicit"] as const)("%s goes by the name in the certificate", async (security) => {
    const server = { ...offered, security, certificate: elsewhere };
    const wrong = await pair(server, { security, tls: tls() });
    expect(await wrong[0].send(TOLD, NEVER_ABORTED)).toMatchObject({ kind: "later" });
    const serverName = "mail.elsewhere.example";
    const right = await pair(server, { security, tls: tls({ serverName }) });
    expect(await right[0].send(TOLD, NEVER_ABORTED)).toEqual({ kind: "sent" });
    const lax = await pair(server, { security, tls: { insecureSkipVerify: true } });
    expect(await lax[0].send(TOLD, NEVER_ABORTED)).toEqual({ kind: "sent" });
  });

  test("a certificate file that is not there is named", async () => {
    const [output] = await pair({}, { security: "starttls", tls: tls({ caFile: "/nowhere/ca.pem" }) });
    expect(await output.send(TOLD, NEVER_ABORTED)).toEqual({
      kind: "later",
      why: expect.stringContaining("/nowhere/ca.pem"),
    });
  });
});

describe("login", () => {
  test("a wrong password is told without showing it, and may be set right", async () => {
    const password = { kind: "file", path: join(folder, "password") } as const;
    writeFileSync(password.path, "wrong-Pa55word\n");
    const [output, smtp] = await pair({ login: LOGIN }, { auth: { username: "sentinel", password } });
    expect(await output.send(TOLD, NEVER_ABORTED)).toEqual({
      kind: "later",
      why: "the mail server refuses the login with 535",
    });
    writeFileSync(password.path, `${PASSWORD}\n`);
    expect(await output.send(TOLD, NEVER_ABORTED)).toEqual({ kind: "sent" });
    expect(smtp.mails).toHaveLength(1);
  });

  test("a server that wants a login and gets none is asked again later", async () => {
    const { auth: _, ...anonymous } = mailOptions(0);
    const smtp = await startSmtp({ login: LOGIN });
    const output = new EmailOutput(
      { ...anonymous, smarthost: { host: "127.0.0.1", port: smtp.port } },
      { now: () => AT },
    );
    open.push(output, smtp);
    expect(await output.send(TOLD, NEVER_ABORTED)).toMatchObject({
      kind: "later",
      why: expect.stringContaining("530"),
    });
  });

  test("a password that cannot be read is told by its file", async () => {
    const password = { kind: "file", path: "/nowhere/password" } as const;
    const [output] = await pair({}, { auth: { username: "sentinel", password } });
    expect(await output.send(TOLD, NEVER_ABORTED)).toEqual({
      kind: "later",
      why: expect.stringContaining("/nowhere/password"),
    });
  });
});

describe("refusals", () => {
  test.each([
    ["from", 451, "later"],
    ["from", 550, "never"],
    ["to", 450, "later"],
    ["to", 550, "never"],
    ["mail", 452, "later"],
    ["mail", 552, "never"],
    ["from", 530, "later"],
    ["connect", 421, "later"],
    ["connect", 554, "later"],
  ] as const)("%s answered with %d means %s", async (at, code, kind) => {
    const refuse = (step: string) => (step === at ? { code, text: "no, thank you" } : undefined);
    const [output] = await pair({ login: LOGIN, refuse });
    const outcome = await output.send(TOLD, NEVER_ABORTED);
    expect(outcome).toEqual({ kind, why: expect.stringContaining("no, thank you") });
  });

  test("who has the mail does not get it again when another's turn comes later", async () => {
    let greylisted = true;
    const refuse = (step: string, address: string) =>
      step === "to" && address.startsWith("bob") && greylisted ? { code: 450, text: "not yet" } : undefined;
    const [output, smtp] = await pair({ login: LOGIN, refuse });
    expect(await output.send(TOLD, NEVER_ABORTED)).toEqual({
      kind: "later",
      why: "not yet for bob@example.com: 450 not yet",
    });
    greylisted = false;
    expect(await output.send(TOLD, NEVER_ABORTED)).toEqual({ kind: "sent" });
    expect(smtp.mails.map(({ to }) => to)).toEqual([["ann@example.com"], ["bob@example.com"]]);
    // The same mail: a reader who gets both sees one.
    const ids = smtp.mails.map(({ raw }) => parseMail(raw).header("message-id"));
    expect(ids[0]).toBeDefined();
    expect(ids[1]).toBe(ids[0]);
  });

  test("a recipient that is refused for good is told although the others have the mail", async () => {
    const refuse = (step: string, address: string) =>
      step === "to" && address.startsWith("bob") ? { code: 550, text: "no such user" } : undefined;
    const [output, smtp] = await pair({ login: LOGIN, refuse });
    expect(await output.send(TOLD, NEVER_ABORTED)).toEqual({
      kind: "never",
      why: "refused for bob@example.com: 550 no such user",
    });
    expect(smtp.mails.map(({ to }) => to)).toEqual([["ann@example.com"]]);
  });

  test("a recipient refused for good is remembered while another waits", async () => {
    let greylisted = true;
    const refuse = (step: string, address: string) => {
      if (step !== "to") return undefined;
      if (address.startsWith("bob")) return { code: 550, text: "no such user" };
      return greylisted ? { code: 450, text: "not yet" } : undefined;
    };
    const [output, smtp] = await pair({ login: LOGIN, refuse });
    expect(await output.send(TOLD, NEVER_ABORTED)).toMatchObject({ kind: "later" });
    greylisted = false;
    expect(await output.send(TOLD, NEVER_ABORTED)).toMatchObject({
      kind: "never",
      why: expect.stringContaining("bob"),
    });
    expect(smtp.mails.map(({ to }) => to)).toEqual([["ann@example.com"]]);
  });
});

describe("connections", () => {
  test("the next mail takes the connection of the last", async () => {
    const [output, smtp] = await pair({ login: LOGIN });
    for (const model of ["a", "b", "c"]) await output.send(notification([outgoing({ model })]), NEVER_ABORTED);
    expect([smtp.mails.length, smtp.connections()]).toEqual([3, 1]);
  });

  test("a mail that is refused costs no connection", async () => {
    const refuse = (step: string, raw: string) =>
      step === "mail" && raw.includes("bad") ? { code: 554, text: "bad" } : undefined;
    const [output, smtp] = await pair({ login: LOGIN, refuse });
    expect(await output.send(notification([outgoing({ model: "bad" })]), NEVER_ABORTED)).toMatchObject({
      kind: "never",
    });
    expect(await output.send(TOLD, NEVER_ABORTED)).toEqual({ kind: "sent" });
    expect(smtp.connections()).toBe(1);
  });

  test("a password that changed makes a new one", async () => {
    const passwords = ["first-Pa55word", "second-Pa55word"];
    const path = join(folder, "rotated");
    const seen: string[] = [];
    const refuse = (step: string, argument: string) => {
      if (step === "login") seen.push(argument);
      return undefined;
    };
    const [output] = await pair(
      { refuse, login: LOGIN },
      { auth: { username: "sentinel", password: { kind: "file", path } } },
    );
    for (const password of passwords) {
      writeFileSync(path, password);
      await output.send(TOLD, NEVER_ABORTED);
    }
    expect(seen).toEqual(passwords.map((password) => `sentinel ${password}`));
  });

  test("a mail is sent although the server closed the kept connection meanwhile", async () => {
    const [output, smtp] = await pair({ login: LOGIN });
    await output.send(TOLD, NEVER_ABORTED);
    await smtp.dropConnections();
    expect(await output.send(notification([outgoing({ model: "next" })]), NEVER_ABORTED)).toEqual({ kind: "sent" });
    expect([smtp.mails.length, smtp.connections()]).toEqual([2, 2]);
  });

  test("a closed output connects no more", async () => {
    const [output, smtp] = await pair({ login: LOGIN });
    const sending = output.send(TOLD, NEVER_ABORTED);
    await output.close();
    expect(await sending).toEqual({ kind: "later", why: "the output is closed" });
    expect(smtp.connections()).toBe(0);
  });

  test("an idle connection that times out is nobody's error", async () => {
    const [output, smtp] = await pair({ login: LOGIN }, { timeout: durationMs(2_000) });
    await output.send(TOLD, NEVER_ABORTED);
    await smtp.closed();
    expect(await output.send(notification([outgoing({ model: "next" })]), NEVER_ABORTED)).toEqual({ kind: "sent" });
    expect(smtp.connections()).toBe(2);
  });

  test("we greet with the name we were given", async () => {
    const [output, smtp] = await pair({ login: LOGIN }, { hello: "sentinel.example.com", auth: LOGIN_SOURCE });
    await output.send(TOLD, NEVER_ABORTED);
    expect(smtp.mails[0]?.greeting).toBe("sentinel.example.com");
  });
});

const LOGIN_SOURCE = { username: "sentinel", password: inline(PASSWORD) };
