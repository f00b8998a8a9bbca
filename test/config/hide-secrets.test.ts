import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadConfig } from "../../src/config/load-config.ts";
import { renderConfig } from "../../src/config/render-config.ts";
import { formatMistakes } from "../../src/documents/format.ts";
import { wholeConfig } from "./whole.ts";

const NO_ENV = new Map<string, string>();

/** Everything a person could be shown of what came of a file. */
function shown(text: string): string {
  const loaded = loadConfig("c.yml", text, NO_ENV);
  if (loaded.kind === "mistakes") return formatMistakes(loaded.mistakes, { color: false }) + JSON.stringify(loaded);
  const { config } = loaded;
  return renderConfig(config) + JSON.stringify(config) + inspect(config, { depth: 20, showHidden: true });
}

/** Long enough not to stand somewhere by chance. */
const secret = fc.stringMatching(/^[A-Za-z0-9!#%&*+./:;<=>?@^_|~{}[\]'"$ -]{8,20}$/).map((text) => `q9${text}Zx`);

test("a secret stands nowhere in what is shown of a right config", () => {
  fc.assert(
    fc.property(secret, (text) => {
      const all = shown(wholeConfig(text));
      expect(all).toContain("<secret>");
      expect(all).not.toContain(text);
      expect(all).not.toContain(encodeURIComponent(text));
    }),
    { numRuns: 15 },
  );
});

test("a secret stands nowhere in the mistakes of a file, wherever in it they are", () => {
  const words = fc.constantFrom("x", "[", "{", ":", "- ", "!a ", "&b ", "*c ", '"', "", "\t", "password");
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Za-z0-9+/=]{8,20}$/), fc.nat(), words, (text, at, word) => {
      const lines = wholeConfig(`q9${text}Zx`).split("\n");
      const i = at % lines.length;
      // A word at the edge of another one, so that YAML, the schema or both find fault with the line.
      const line = lines[i]!;
      const edges = [...line.matchAll(/(?<!\w)|(?!\w)/g)].map(({ index }) => index);
      const cut = edges[at % edges.length]!;
      const inSecret = line.slice(0, cut).includes("q9") && line.slice(cut).includes("Zx");
      lines[i] = inSecret ? `${line}${word}` : line.slice(0, cut) + word + line.slice(cut);
      expect(shown(lines.join("\n"))).not.toContain(`q9${text}Zx`);
    }),
    { numRuns: 150 },
  );
});

/** A line for each field that takes an address, and for fields that take none, with one text in all of them. */
function everywhere(text: string): string {
  const one = JSON.stringify(text);
  return `
scrape_configs:
- job_name: triton
  metrics_path: ${one}
  static_configs:
  - targets: [${one}]
    labels: { ${one}: x }
  - ${one}
  file_sd_configs: [{ files: [${one}] }]
  http_sd_configs: [{ url: ${one} }]
  kubernetes_sd_configs: [{ role: pod, api_server: ${one} }]
  scrape_interval: ${one}
- static_configs: ${one}
  ${one}: x
alerting:
  alertmanagers: [{ path_prefix: ${one}, static_configs: [{ targets: [${one}] }] }]
outputs:
  email:
  - { name: a, smarthost: ${one}, to: ${one}, from: ${one}, hello: ${one} }
  - { name: b, smarthost: [${one}], to: [${one}] }
  webhook: [{ name: w, url: ${one} }, { name: v, proxy_url: ${one} }]
web:
  listen_address: ${one}
  external_url: ${one}
  allowed_hosts: [${one}]
  allowed_origins: [${one}]
`;
}

test("a password before a host stands nowhere in what is shown, whatever field it is in", () => {
  const password = fc.stringMatching(/^[A-Za-z0-9!#%&*+./:;<=>?@^_|~$,-]{4,20}$/).map((text) => `q9${text}Zx`);
  const before = fc.constantFrom("", "http://", "https://", "smtp://", "ftp://", "//");
  const after = fc.constantFrom("mail:25", "mail", "mail:25/metrics", "[::1]:8002", "mail:99999", "");
  fc.assert(
    fc.property(before, password, after, (scheme, text, host) => {
      const said = shown(everywhere(`${scheme}u:${text}@${host}`));
      expect(said).toContain("error: ");
      expect(said).not.toContain(text);
    }),
    { numRuns: 60 },
  );
});

test.each([
  ["a mail server", `outputs: { email: [{ name: a, smarthost: "u:hunter2@mail:25" }] }`],
  ["a mail server, the password with a blank", `outputs: { email: [{ name: a, smarthost: "u:x hunter2@mail:25" }] }`],
  ["a token alone before the host", `outputs: { email: [{ name: a, smarthost: hunter2@mail }] }`],
  ["a listen address", `web: { listen_address: "u:hunter2@:9464" }`],
  ["a host name", `web: { allowed_hosts: ["hunter2@a"] }`],
  ["an origin", `web: { allowed_origins: ["http://u:hunter2@a/x"] }`],
  ["a path", `scrape_configs: [{ job_name: a, metrics_path: "http://u:hunter2@a/metrics" }]`],
  ["YAML that breaks", `web:\n  listen_address: u:hun/hunter2@a:1\n bad`],
])("%s is not repeated with what stands before its @", (_, text) => {
  const said = shown(text);
  expect(said).toContain("error: ");
  expect(said).not.toContain("hunter2");
});

const job = (rest: string) => `scrape_configs:\n- job_name: triton\n  ${rest}`;
const hook = (rest: string) => `outputs:\n  webhook:\n  - name: w\n    ${rest}`;

describe("a secret in the wrong place", () => {
  test.each([
    ["a map was wanted", job("basic_auth: hunter2")],
    ["a map was wanted and it is a number", job("authorization: 46372819")],
    ["a list was wanted", hook("match: { a: b }\n    url: [hunter2]")],
    ["the field is mistyped", job("basic_auth: { username: u, pasword: hunter2 }")],
    ["the field is another program's", job("bearer_token: hunter2")],
    ["it is an alias that leads nowhere", job("basic_auth:\n    username: u\n    password: *hunter2")],
    ["it is a tag", job("basic_auth:\n    username: u\n    password: !hunter2 x")],
    ["it begins with a character YAML keeps for itself", job("basic_auth:\n    password: @hunter2")],
    ["its quotes are not closed", job('basic_auth:\n    password: "hunter2\n    more\n  scheme: http')],
    ["it goes over several lines", job("basic_auth:\n    password: |\n      hunter2\n      hunter2\n    usrname: x")],
    ["it holds a line end", job('basic_auth: { username: u, password: "hunter2\\n" }')],
    ["the blank before it is missing", job("basic_auth: { username: u, password:hunter2 }")],
    ["the blank is missing and YAML breaks", job("basic_auth:\n    username: u\n    password:hunter2\n    x: y")],
    ["it is in a URL", job('http_sd_configs: [{ url: "http://user:hunter2@a/" }]')],
    ["it is in an address", job('static_configs: [{ targets: ["user:hunter2@a:1"] }]')],
    ["the webhook's URL is none", hook("url: ftp://a/hunter2")],
    ["the webhook's URL has a user", hook("url: http://hunter2:x@a/")],
    ["the webhook's URL is not where it belongs", hook("urls: http://a/hunter2")],
    ["something else on its line is wrong", job("basic_auth: { usr: 1, password: hunter2 }")],
    ["two ways are taken", job("basic_auth: { username: u, password: hunter2, password_file: x }")],
    ["it is a header's", job("http_headers: { X-Api-Key: { values: [hunter2] } }")],
    ["it is a header's of any name", job("http_headers: { X-Foo: { values: [hunter2] } }")],
    ["it is a header's in lines of its own", job("http_headers:\n    X-Foo:\n      values: [hunter2]")],
    ["it is a header's and YAML breaks", job("http_headers:\n    X-Foo:\n      values: [hunter2\n  x: y")],
    ["it is a parameter's", job("params: { key: [hunter2] }")],
    ["it is a parameter's that has no blank before it", job("params: { x:hunter2 }")],
    ["it is another program's key", `receivers: [{ routing_key: hunter2 }]`],
    ["it is another program's key in camel case", `receivers: [{ routingKey: hunter2 }]`],
    ["it is another program's address", "slack_configs: [{ api_url: https://hooks/hunter2 }]"],
    ["it is a hook's address", "x: { discord_configs: [{ url: https://hooks/hunter2 }] }"],
    ["it is a key with a dash", "api-key: hunter2"],
    ["it is deep in what should be a text", job("basic_auth: { username: u, password: [x, { a: hunter2 }] }")],
    ["it is a name in what should be a text", job("basic_auth: { username: u, password: { hunter2 } }")],
    ["it is in no field of its own", job("authorization: { foo: hunter2 }")],
    ["it is part of the user", job('basic_auth: { username: "x:hunter2", pass_word: y }')],
    ["it is part of the kind", job("authorization: { type: Bearer hunter2, creds: y }")],
    ["it is in a query", job('http_sd_configs: [{ url: "ftp://h/x?token=hunter2" }]')],
    ["it is in a query with quotes", job(`http_sd_configs: [{ url: 'ftp://h/x?token=a"hunter2' }]`)],
    ["it is in a query without a name", job('static_configs: [{ targets: ["http://h/x?hunter2"] }]')],
    ["it is in a long URL", job(`http_sd_configs: [{ url: "ftp://u:hunter2${"x".repeat(80)}@h/" }]`)],
    ["it has a slash and is in a URL", job('http_sd_configs: [{ url: "ftp://u:a/hunter2@h/" }]')],
    ["it is in an address of mail", 'outputs: { email: [{ name: a, smarthost: "u:hunter2@mail:25" }] }'],
    ["the mail's password has no user", "outputs: { email: [{ name: a, auth_password: hunter2 }] }"],
  ])("is not repeated where %s", (_, text) => {
    const said = shown(text);
    expect(said).toContain("error: ");
    expect(said).not.toMatch(/hunter2|46372819/);
  });
});

test.each(["outer: [", "a: 1", "x", "{"])(
  "a secret of any name and shape stands nowhere where the file goes on with %s",
  (more) => {
    const name = fc.constantFrom(
      "api_key",
      "apiKey",
      "API-KEY",
      "ssh_key",
      "token",
      "authToken",
      "client_secret",
      "params",
      "password",
    );
    const shape = fc.constantFrom(
      (text: string) => text,
      (text: string) => `[x, ${text}]`,
      (text: string) => `{ a: { b: [${text}] } }`,
      (text: string) => `{ ${text}: 1 }`,
      (text: string) => `\n      a: ${text}`,
      (text: string) => `\n      a:\n        - b\n        - ${text}`,
      (text: string) => `|\n      ${text}\n      ${text}`,
      (text: string) => `"http://u:${text}@h/?a=${text}"`,
    );
    fc.assert(
      fc.property(name, shape, fc.boolean(), (field, write, inJob) => {
        if (field === "params" && write("").startsWith("{ :")) return;
        const line = `${field}: ${write("hunter2")}`;
        expect(shown(`${inJob ? job(line) : line}\n${more}\n`)).not.toContain("hunter2");
      }),
      { numRuns: 60 },
    );
  },
);

test("of a URL that cannot be used everything is told but what may be secret", () => {
  const said = shown(job('http_sd_configs: [{ url: "ftp://host/path?token=hunter2" }]'));
  expect(said).toContain('Cannot use URL "ftp://host/path?token=***"');
});

test("the name of a variable is no secret, nor is a file's", () => {
  const text = `scrape_configs: [{ job_name: a, basic_auth: { username: u, password: "\${PW}" }, tls_config: { ca_fil: x } }]`;
  expect(shown(text)).toContain(`password: "\${PW}"`);
  expect(shown("web: { api_tokens_file: /a/b, x: y }")).toContain("api_tokens_file: /a/b");
});
