import { createServer, type Server } from "node:https";
import type { TLSSocket } from "node:tls";
import type { Certificate, CertificateAuthority } from "../support/certificates.ts";
import { listen } from "../support/ports.ts";

/** An HTTPS server on 127.0.0.1 that says who asked: the common name of the client's certificate and the Authorization sent. */
export interface HttpsServer {
  readonly port: number;
  readonly url: string;
  connections(): number;
  /** Presents another certificate from the next connection on; those there are end. */
  rotate(certificate: Certificate): void;
  close(): Promise<void>;
}

/** @param clients where given, only clients with a certificate of this authority are let in */
export async function httpsServer(certificate: Certificate, clients?: CertificateAuthority): Promise<HttpsServer> {
  const trust = clients === undefined ? {} : { ca: clients.cert, requestCert: true };
  let connections = 0;
  const server: Server = createServer({ ...certificate, ...trust }, (request, response) => {
    const subject = (request.socket as TLSSocket).getPeerCertificate().subject;
    response.end(JSON.stringify({ client: subject?.CN, authorization: request.headers.authorization }));
  });
  server.on("secureConnection", () => connections++);
  const port = await listen(server);
  return {
    port,
    url: `https://127.0.0.1:${port}/`,
    connections: () => connections,
    rotate: (next) => {
      server.setSecureContext({ ...next, ...(clients !== undefined && { ca: clients.cert }) });
      server.closeAllConnections();
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
