import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { checkTargetCommand } from "../../src/commands/check-target.ts";
import { CertificateAuthority } from "../support/certificates.ts";
import { FakeTriton } from "../support/fake-triton.ts";
import { listen } from "../support/ports.ts";

const PAGE =
  'nv_inference_request_success{model="m",version="1"} 3\nnv_inference_request_failure{model="m",version="1",reason="OTHER"} 0\n';
const OFF = `${PAGE.replace("} 3", "} 0")}nv_cache_num_lookups 4\n`;

const authority = new CertificateAuthority();
let server: Server;
let port = 0;
let asked: (string | undefined)[] = [];
let folder = "";
let said = "";

beforeAll(async () => {
  const { cert, key } = authority.issue("127.0.0.1");
  server = createServer({ cert, key }, ({ url, headers }, response) => {
    asked.push(headers.authorization);
    if (url !== "/m") response.statusCode = 404;
    else if (headers.authorization !== `Basic ${btoa("u:hunter2")}`) response.statusCode = 401;
    response.end(PAGE);
  });
  port = await listen(server);
});
afterAll(() => void server.close());

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "check-target-"));
  writeFileSync(join(folder, "ca.pem"), authority.cert);
  said = "";
  asked = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    said += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
  rmSync(folder, { recursive: true });
});

async function check(...args: readonly string[]): Promise<string> {
  await checkTargetCommand().parseAsync(args, { from: "user" });
  return said;
}

function config(tls: string): string {
  const file = join(folder, "c.yml");
  writeFileSync(
    file,
    `scrape_configs:
- { job_name: other, static_configs: [{ targets: ["gpu-1:8002"] }] }
- job_name: tls
  scheme: https
  metrics_path: /m
  basic_auth: { username: u, password: hunter2 }
  tls_config: { ${tls} }
  static_configs: [{ targets: ["127.0.0.1:${port}"], labels: { instance: seven } }]
`,
  );
  return file;
}

/** An address at which no API answers. */
const NO_API = ["--api", "http://127.0.0.1:1"];

describe("a page behind TLS and a password", () => {
  test.each([
    ["its URL", () => `https://127.0.0.1:${port}/m`],
    ["its address", () => `127.0.0.1:${port}`],
    ["its instance", () => "seven"],
  ])("is asked for as the configuration says, found by %s", async (_, name) => {
    expect(await check(name(), "--config", config("ca_file: ca.pem"), ...NO_API)).toContain(": Triton (");
    expect(asked).toEqual([`Basic ${btoa("u:hunter2")}`]);
  });

  test("is asked for as the job says that is named, whatever its targets are", async () => {
    const file = config("ca_file: ca.pem");
    const text = await check(`localhost:${port}`, "--config", file, "--job", "tls", "--insecure", ...NO_API);
    expect(text).toContain(": Triton (");
  });

  test("is trusted by a certificate authority or not at all", async () => {
    const file = config("");
    expect(await check("seven", "--config", file, ...NO_API)).toContain("certificate");
    expect(process.exitCode).toBe(3);
    said = "";
    expect(await check("seven", "--config", file, "--ca-file", join(folder, "ca.pem"), ...NO_API)).toContain(
      "Triton (",
    );
  });

  test("tells nobody else the password", async () => {
    const api = await FakeTriton.start('{"version":"2.70.0"}');
    const text = await check("seven", "--config", config("ca_file: ca.pem"), "--api", api.url.replace("/metrics", ""));
    expect(text).toContain("Triton 2.70.0");
    expect(api.headers.authorization).toBeUndefined();
    await api.close();
  });
});

test.each([
  [["gpu-2:8002", "--config"], 'Cannot find target "gpu-2:8002" in the static_configs'],
  [["http://u:hunter2@a/", "--config"], "Cannot find target with a user name"],
  [["seven", "--job", "none", "--config"], 'Cannot find job "none"'],
])("%j is a mistake", async ([...args], message) => {
  await expect(check(...args, config(""))).rejects.toThrow(message);
});

test("a job without a configuration is a mistake", async () => {
  await expect(check("seven", "--job", "tls")).rejects.toThrow("Cannot use --job without --config");
});

test("a page that is no Triton's is not called one", async () => {
  const other = await FakeTriton.start("go_goroutines 7\n");
  const text = await check(other.url, ...NO_API);
  expect(text).toContain(": no metrics of a Triton, 1 samples");
  expect(text).not.toContain("never to be seen");
  expect(process.exitCode).toBe(1);
  await other.close();
});

test("where the counters are off nothing that needs them is seen", async () => {
  const triton = await FakeTriton.start(OFF);
  expect(await check(triton.url, ...NO_API)).toMatch(/^blind {3}failure reasons/m);
  await triton.close();
});
