import { createSecureContext } from "node:tls";
import { printable } from "../telemetry/printable.ts";
import type { TlsOptions } from "./options.ts";
import { named, readSmallFile } from "./small-file.ts";
import { Unprepared } from "./unprepared.ts";

const MAX_PEM_BYTES = 4_194_304;

/** TLS options with their files read, as `tls.connect` takes them. */
export interface TlsMaterial {
  readonly rejectUnauthorized: boolean;
  readonly servername?: string;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/**
 * Reads the files of TLS options; whoever connects calls it for each connection, so that rotated ones are taken up.
 * @throws Unprepared where a file cannot be read or does not hold what it should
 */
export async function readTlsFiles(tls: TlsOptions): Promise<TlsMaterial> {
  const { caFile, certFile, keyFile, serverName, insecureSkipVerify } = tls;
  const [ca, cert, key] = await Promise.all([caFile, certFile, keyFile].map(readPem));
  const files = {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  };
  try {
    createSecureContext(files);
  } catch (error) {
    const paths = [caFile, certFile, keyFile].flatMap((path) => (path === undefined ? [] : [named(path)]));
    throw new Unprepared(`Cannot use TLS files ${paths.join(", ")}: ${printable((error as Error).message, 200)}`);
  }
  return {
    ...files,
    ...(serverName !== undefined && { servername: serverName }),
    rejectUnauthorized: !insecureSkipVerify,
  };
}

async function readPem(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  const text = await readSmallFile(path, MAX_PEM_BYTES);
  if (text.includes("-----BEGIN ")) return text;
  throw new Unprepared(`Cannot use TLS file ${named(path)}: expected PEM, beginning with "-----BEGIN"`);
}
