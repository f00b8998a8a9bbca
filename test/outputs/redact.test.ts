import fc from "fast-check";
import { expect, test } from "vitest";
import { loginForms, redacted, urlSecrets } from "../../src/outputs/redact.ts";

test.each([
  ["535 bad: hunter2", ["hunter2"], "535 bad: <secret>"],
  ["as hunter2hunter2 in a word", ["hunter2hu"], "as <secret>nter2 in a word"],
  ["your email was sent by mail", ["mail"], "your email was sent by <secret>"],
  ["mails, e-mail, mail.", ["mail"], "mails, e-<secret>, <secret>."],
  ["Ärger über her", ["ger", "ber"], "Ärger über her"],
  ["GET /a%2Fb%3D%21 and a%2fb%3d!", ["a/b=!"], "GET /<secret> and <secret>"],
  ["form: p+w%20p%2Bw", ["p w", "p+w"], "form: <secret>%20<secret>"],
  ["(.*)", [".*"], "(<secret>)"],
  ["nothing", [""], "nothing"],
  ["a $& b", ["$&"], "a <secret> b"],
  ["a-b_c", ["b_c"], "a-<secret>"],
])("%j without %j reads %j", (text, secrets, said) => {
  expect(redacted(text, secrets)).toBe(said);
});

test("a secret stands in no form in what is told, whatever is around it", () => {
  const secret = fc.string({ unit: "grapheme", minLength: 8, maxLength: 30 }).map((text) => `q9${text}Zx`);
  fc.assert(
    fc.property(secret, fc.string({ maxLength: 20 }), fc.string({ maxLength: 20 }), (text, before, after) => {
      const encoded = encodeURIComponent(text);
      const lower = encoded.replace(/%../g, (digits) => digits.toLowerCase());
      const form = new URLSearchParams([["", text]]).toString().slice(1);
      for (const way of [text, encoded, lower, form]) {
        const said = redacted(`${before} ${way}${after}`, [text], 10_000);
        expect(said).toContain("<secret>");
        expect(said).not.toContain(way);
      }
    }),
  );
});

test("passwords and parts of URLs are found in what a receiver repeats", () => {
  const url = new URL("https://hooks.example/services/T0K3N-secret?key=a%2Fvery+long");
  const said = redacted(`no route /services/T0K3N-secret, key a/very long, a%2fvery%20long`, urlSecrets(url));
  expect(said).not.toMatch(/T0K3N|very/);
  const [password = "", ...others] = loginForms("u", "pa/ss wörd");
  for (const form of [password, encodeURIComponent(password), ...others]) {
    expect(redacted(`no: ${form}`, [password, ...others])).toBe("no: <secret>");
  }
});

test("of a very long secret nothing is told", () => {
  const token = `${"x".repeat(900)} ${"y ".repeat(20_000)}`;
  expect(redacted(`no: ${token}`, [token], 100_000)).toBe("no: <secret>");
});
