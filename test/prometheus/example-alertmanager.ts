import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type RunningAlertmanager, startAlertmanager } from "../support/alertmanager.ts";
import { CertificateAuthority } from "../support/certificates.ts";
import { type Sink, startSink } from "../support/sink.ts";
import { type RunningSmtp, startSmtp } from "../support/smtp.ts";

/** True where no amtool is on the PATH; tests that need it are then skipped. */
export const amtoolMissing = spawnSync("amtool", ["--version"]).error !== undefined;

const EXAMPLES = resolve(import.meta.dirname, "../../docs/examples");

/** The example as it is shipped, but for its addresses and folders. @throws Error where one of them is not in it */
export function exampleConfig(replaced: Readonly<Record<string, string>> = {}): string {
  const all = { "/etc/alertmanager/templates": join(EXAMPLES, "templates"), ...replaced };
  return Object.entries(all).reduce(
    (text, [from, to]) => {
      if (!text.includes(from)) throw new Error(`no ${from} in the example`);
      return text.replaceAll(from, to);
    },
    readFileSync(join(EXAMPLES, "alertmanager.yml"), "utf8"),
  );
}

/** The example's Alertmanager, run for real, with everything it sends to. */
export interface ExampleAlertmanager {
  readonly alertmanager: RunningAlertmanager;
  /** Slack under `/slack`, PagerDuty under `/v2/enqueue`, the webhook under `/siem`, the dead man's switch under `/watchdog`. */
  readonly sink: Sink;
  readonly mails: RunningSmtp["mails"];
  close(): Promise<void>;
}

/** Starts it. Mail goes over STARTTLS, as in the example, to a server whose certificate the Alertmanager is told to trust. */
export async function startExample(): Promise<ExampleAlertmanager> {
  const folder = mkdtempSync(join(tmpdir(), "secrets-"));
  const authority = new CertificateAuthority();
  const authorityFile = join(folder, "authority.pem");
  writeFileSync(authorityFile, authority.cert);
  const [sink, smtp] = await Promise.all([
    startSink(),
    startSmtp({ security: "starttls", certificate: authority.issue("127.0.0.1") }),
  ]);
  writeFileSync(join(folder, "slack_url"), `${sink.url}/slack`);
  const config = exampleConfig({
    "/etc/alertmanager/secrets": folder,
    "mail.example.com:587": `127.0.0.1:${smtp.port}`,
    "https://events.pagerduty.com": sink.url,
    "http://siem.example.com/alertmanager": `${sink.url}/siem`,
    "http://deadmansswitch.example.com/triton-sentinel": `${sink.url}/watchdog`,
  });
  const alertmanager = await trusting(authorityFile, () => startAlertmanager(config));
  const close = async () => {
    await alertmanager.stop();
    await Promise.all([sink.close(), smtp.close()]);
    rmSync(folder, { recursive: true });
  };
  return { alertmanager, sink, mails: smtp.mails, close };
}

/** Go's programs take the certificates they trust from this variable. */
async function trusting<T>(certFile: string, start: () => Promise<T>): Promise<T> {
  const before = process.env["SSL_CERT_FILE"];
  process.env["SSL_CERT_FILE"] = certFile;
  try {
    return await start();
  } finally {
    if (before === undefined) delete process.env["SSL_CERT_FILE"];
    else process.env["SSL_CERT_FILE"] = before;
  }
}
