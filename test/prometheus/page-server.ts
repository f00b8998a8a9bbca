import { createServer } from "node:http";
import { listen } from "../support/ports.ts";

const TYPES = {
  text: "text/plain; version=0.0.4; charset=utf-8",
  openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
} as const;

/** Serves pages under `/text` and `/openmetrics`, each as what it is. */
export async function servePages(
  page: (format: keyof typeof TYPES) => Promise<string> | string,
): Promise<{ readonly address: string; close(): Promise<void> }> {
  const server = createServer(async ({ url }, response) => {
    const format = url === "/openmetrics" ? "openmetrics" : "text";
    response.writeHead(200, { "content-type": TYPES[format] }).end(await page(format));
  });
  const port = await listen(server);
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { address: `127.0.0.1:${port}`, close };
}
