import { expect, test } from "vitest";
import { loadConfig } from "../../src/config/load-config.ts";
import { namedFiles } from "../../src/config/named-files.ts";
import { formatPath } from "../../src/documents/check.ts";
import { wholeConfig } from "./whole.ts";

function load(text: string) {
  const loaded = loadConfig("c.yml", text, new Map(), "/etc/sentinel");
  if (loaded.kind !== "ok") throw new Error(JSON.stringify(loaded.mistakes));
  return loaded;
}

const TEXT = `
scrape_configs:
- job_name: triton
  http_sd_configs:
  - { url: "http://a/" }
  - { url: "http://b/", authorization: { credentials_file: inventory.token } }
  file_sd_configs: [{ files: [targets/*.yml, /etc/t.json] }]
  basic_auth: { username: u, password_file: secrets/p }
  tls_config: { ca_file: ca.pem, cert_file: c.pem, key_file: k.pem }
rule_files: [mine/*.yml]
alerting:
  alertmanagers:
  - static_configs: [{ targets: ["am:9093"] }]
    authorization: { credentials_file: am.token }
outputs:
  email: [{ name: m, to: a@b, from: a@b, smarthost: "c:25", auth_username: u, auth_password_file: mail.pw, tls_config: { ca_file: mail.pem } }]
  webhook: [{ name: v, url: "http://a/" }, { name: w, url_file: w.url }]
web: { api_tokens_file: tokens }
`;

test("every file that a configuration names is listed, with the place where it is named", () => {
  const loaded = load(TEXT);
  const found = namedFiles(loaded.config).map(({ file, path }) => {
    const { line, sourceLine, column, length } = loaded.warning(path, "");
    return `${line} ${formatPath(path)} ${sourceLine.slice(column - 1, column - 1 + length)} ${file}`;
  });
  expect(found).toEqual([
    "7 scrape_configs[0].file_sd_configs[0].files[0] targets/*.yml /etc/sentinel/targets",
    "7 scrape_configs[0].file_sd_configs[0].files[1] /etc/t.json /etc",
    "6 scrape_configs[0].http_sd_configs[1].authorization.credentials_file inventory.token /etc/sentinel/inventory.token",
    "8 scrape_configs[0].basic_auth.password_file secrets/p /etc/sentinel/secrets/p",
    "9 scrape_configs[0].tls_config.ca_file ca.pem /etc/sentinel/ca.pem",
    "9 scrape_configs[0].tls_config.cert_file c.pem /etc/sentinel/c.pem",
    "9 scrape_configs[0].tls_config.key_file k.pem /etc/sentinel/k.pem",
    "14 alerting.alertmanagers[0].authorization.credentials_file am.token /etc/sentinel/am.token",
    "16 outputs.email[0].auth_password_file mail.pw /etc/sentinel/mail.pw",
    "16 outputs.email[0].tls_config.ca_file mail.pem /etc/sentinel/mail.pem",
    "17 outputs.webhook[1].url_file w.url /etc/sentinel/w.url",
    "18 web.api_tokens_file tokens /etc/sentinel/tokens",
  ]);
});

test("no path in a configuration that says something everywhere is left out", () => {
  const { config } = load(wholeConfig("hunter2"));
  const paths = new Set<string>();
  const collect = (value: unknown, name: string): void => {
    if (typeof value === "string" && value.startsWith("/etc/")) paths.add(`${name} ${value}`);
    else if (typeof value === "object" && value !== null) {
      for (const [field, child] of Object.entries(value)) {
        const isPath = field.endsWith("File") || field === "path" || field === "files" || name === "files";
        collect(child, isPath ? "files" : field);
      }
    }
  };
  const { ruleFiles: _, ...rest } = config;
  collect(rest, "");
  const named = namedFiles(config);
  const wanted = [...paths].filter((one) => one.startsWith("files ")).map((one) => one.slice("files ".length));
  expect(wanted.length).toBeGreaterThan(5);
  for (const path of wanted) expect(named.some(({ file }) => path.startsWith(file))).toBe(true);
});
