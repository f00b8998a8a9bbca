import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { EpochMs } from "../../series/time.ts";
import type { RecordedPage } from "./demo-recording.ts";

/** A fake Triton: serves the pages of a recording as time goes by. */
export interface DemoServer {
  /** host:port, on the loopback. */
  readonly address: string;
  close(): Promise<void>;
}

/**
 * Serves on a free port of the loopback the page that the recorded server showed as long after `live` as it is now after
 * `began`; where the recording has ended, its last page.
 */
export async function serveDemo(
  pages: readonly RecordedPage[],
  live: EpochMs,
  began: EpochMs,
  now: () => EpochMs,
): Promise<DemoServer> {
  const server = createServer((request, response) => {
    if (request.method !== "GET" || request.url !== "/metrics") return void response.writeHead(404).end();
    const at = live + (now() - began);
    const page = pages.findLast((candidate) => candidate.at <= at) ?? pages[0]!;
    response.writeHead(200, { "content-type": "text/plain; charset=utf-8" }).end(page.body);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}
