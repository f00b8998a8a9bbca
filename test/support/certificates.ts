import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

/** A certificate with its key, in PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** An authority made for one test; it signs whatever it is asked to. */
export class CertificateAuthority {
  /** Its own certificate, in PEM: what those who trust it are given. */
  readonly cert: string;
  readonly #key: KeyObject;
  readonly #name: Buffer;

  constructor(name = "Test Authority") {
    const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
    this.#key = pair.privateKey;
    this.#name = commonName(name);
    const isAuthority = extension("551d13", der(0x30, der(0x01, Buffer.from([0xff]))), true);
    this.cert = this.#sign(pair.publicKey, this.#name, [isAuthority]);
  }

  /** A certificate for host names and IPv4 addresses. */
  issue(...names: readonly string[]): Certificate {
    const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const alternatives = names.map((name) =>
      /^[\d.]+$/.test(name) ? der(0x87, Buffer.from(name.split(".").map(Number))) : der(0x82, Buffer.from(name)),
    );
    const cert = this.#sign(pair.publicKey, commonName(names[0] ?? "nobody"), [
      extension("551d11", der(0x30, ...alternatives)),
    ]);
    return {
      cert,
      key: String(createPrivateKey(pair.privateKey.export({ type: "pkcs8", format: "pem" })).export(PEM)),
    };
  }

  /** X.509 v3, ECDSA with SHA-256, valid for a day on each side of now. */
  #sign(publicKey: KeyObject, subject: Buffer, extensions: readonly Buffer[]): string {
    const algorithm = der(0x30, der(0x06, Buffer.from("2a8648ce3d040302", "hex")));
    const day = 86_400_000;
    const body = der(
      0x30,
      der(0xa0, der(0x02, Buffer.from([2]))),
      der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
      algorithm,
      this.#name,
      der(0x30, time(Date.now() - day), time(Date.now() + day)),
      subject,
      publicKey.export({ type: "spki", format: "der" }),
      der(0xa3, der(0x30, ...extensions)),
    );
    const signature = der(0x03, Buffer.from([0]), sign("sha256", body, this.#key));
    const base64 = der(0x30, body, algorithm, signature).toString("base64");
    return `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{64}/g, "$&\n")}\n-----END CERTIFICATE-----\n`;
  }
}

const PEM = { type: "pkcs8", format: "pem" } as const;

/** One value in DER: its tag, its length, its content. */
function der(tag: number, ...content: readonly Buffer[]): Buffer {
  const bytes = Buffer.concat(content);
  const { length } = bytes;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), bytes]);
}

const commonName = (name: string): Buffer =>
  der(0x30, der(0x31, der(0x30, der(0x06, Buffer.from("550403", "hex")), der(0x0c, Buffer.from(name)))));

const extension = (id: string, value: Buffer, critical = false): Buffer =>
  der(0x30, der(0x06, Buffer.from(id, "hex")), ...(critical ? [der(0x01, Buffer.from([0xff]))] : []), der(0x04, value));

const time = (at: number): Buffer =>
  der(0x18, Buffer.from(`${new Date(at).toISOString().replace(/[-:T]/g, "").slice(0, 14)}Z`));
