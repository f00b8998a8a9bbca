import { createSocket, type Socket } from "node:dgram";
import { isIPv4 } from "node:net";

const TYPES = new Map([
  [1, "A"],
  [28, "AAAA"],
  [33, "SRV"],
]);
const NO_SUCH_NAME = 3;
const SERVER_FAILURE = 2;

/** A name server on 127.0.0.1 over UDP that knows what a test tells it. */
export class FakeDns {
  /** By type and name, "A triton.example.com": addresses, or `host:port` for SRV. */
  readonly records = new Map<string, readonly string[]>();
  /** While true every question is answered with SERVFAIL. */
  broken = false;
  /** While true no question is answered. */
  silent = false;
  #heard = () => {};
  readonly #socket: Socket = createSocket("udp4");

  static async start(): Promise<FakeDns> {
    const fake = new FakeDns();
    fake.#socket.on("message", (query, from) => {
      fake.#heard();
      if (!fake.silent) fake.#socket.send(fake.#answer(query), from.port, from.address);
    });
    await new Promise<void>((resolve) => fake.#socket.bind(0, "127.0.0.1", resolve));
    return fake;
  }

  /** Resolves with the next question. */
  asked(): Promise<void> {
    return new Promise((resolve) => {
      this.#heard = resolve;
    });
  }

  get port(): number {
    return this.#socket.address().port;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.#socket.close(resolve));
  }

  #answer(query: Buffer): Buffer {
    const labels: string[] = [];
    let at = 12;
    for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
      labels.push(query.toString("ascii", at + 1, at + 1 + length));
      at += 1 + length;
    }
    const type = query.readUInt16BE(at + 1);
    const question = query.subarray(12, at + 5);
    const records = this.records.get(`${TYPES.get(type)} ${labels.join(".").toLowerCase()}`) ?? [];
    const code = this.broken ? SERVER_FAILURE : records.length === 0 ? NO_SUCH_NAME : 0;
    const answers = code === 0 ? records.map((record) => answerOf(type, record)) : [];
    const head = Buffer.alloc(12);
    query.copy(head, 0, 0, 2);
    head.writeUInt16BE(0x8180 | code, 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(answers.length, 6);
    return Buffer.concat([head, question, ...answers]);
  }
}

/** A resource record whose name is that of the question. */
function answerOf(type: number, record: string): Buffer {
  const data = dataOf(type, record);
  const head = Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 0, 0, data.length]);
  return Buffer.concat([head, data]);
}

function dataOf(type: number, record: string): Buffer {
  if (isIPv4(record)) return Buffer.from(record.split(".").map(Number));
  if (type === 28) return Buffer.from(expanded(record).replaceAll(":", ""), "hex");
  const [host = "", port = ""] = record.split(":");
  const rank = Buffer.from([0, 1, 0, 1, Number(port) >> 8, Number(port) & 0xff]);
  const labels = host.split(".").flatMap((label) => [label.length, ...Buffer.from(label)]);
  return Buffer.concat([rank, Buffer.from([...labels, 0])]);
}

/** An IPv6 address with all its eight groups of four digits. */
function expanded(address: string): string {
  const [head = "", tail = ""] = address.split("::");
  const groups = (text: string) => (text === "" ? [] : text.split(":"));
  const missing = 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array.from({ length: missing }, () => "0"), ...groups(tail)];
  return all.map((group) => group.padStart(4, "0")).join(":");
}
