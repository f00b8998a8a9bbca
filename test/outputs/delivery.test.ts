import fc from "fast-check";
import { expect, test } from "vitest";
import { Delivery } from "../../src/outputs/delivery.ts";
import type { DeliveryPolicy, Ending } from "../../src/outputs/delivery-ports.ts";
import type { Packing, Size } from "../../src/outputs/delivery-queue.ts";
import type { Outcome, Output } from "../../src/outputs/output.ts";
import { durationMs, SECOND } from "../../src/series/time.ts";
import { HandClock, idle } from "./hand-clock.ts";

const SENT: Outcome = { kind: "sent" };
const LATER: Outcome = { kind: "later", why: "busy" };
const NEVER: Outcome = { kind: "never", why: "bad message" };

const POLICY: DeliveryPolicy = {
  capacity: 5,
  attemptTimeout: durationMs(10 * SECOND),
  deadline: durationMs(60 * SECOND),
  firstPause: SECOND,
  longestPause: durationMs(8 * SECOND),
};

/** Messages are words; each letter is a piece and an alert, and a word's case is its lane where pieces go one by one. */
const letters = (most: number): Packing<string> => ({
  most,
  split: (word) => [...word],
  join: (pieces) => pieces.join(""),
  alerts: (piece) => piece.length,
  lane: (piece) => (most === 1 ? piece.toLowerCase() : ""),
});

/** An output that does what it is told and keeps what it was asked to send. */
class Scripted implements Output<string> {
  readonly kind = "log";
  readonly name = "scripted";
  readonly asked: string[] = [];
  readonly signals: AbortSignal[] = [];
  closed = 0;
  readonly #answer: (message: string, nth: number) => Outcome | "hang";

  constructor(answer: (message: string, nth: number) => Outcome | "hang") {
    this.#answer = answer;
  }

  send(message: string, signal: AbortSignal): Promise<Outcome> {
    this.signals.push(signal);
    const answer = this.#answer(message, this.asked.push(message) - 1);
    if (answer !== "hang") return Promise.resolve(answer);
    return new Promise((resolve) => signal.addEventListener("abort", () => resolve(LATER)));
  }

  async close(): Promise<void> {
    this.closed++;
  }
}

function begin(
  answer: (message: string, nth: number) => Outcome | "hang",
  { most = 3, random = 0.999_999, policy = {} as Partial<DeliveryPolicy> } = {},
) {
  const clock = new HandClock();
  const output = new Scripted(answer);
  const told: string[] = [];
  let length: Size = { messages: 0, alerts: 0 };
  const observer = {
    attempted: (_: unknown, outcome: Outcome, size: Size) => told.push(`${outcome.kind} ${size.alerts}`),
    settled: (_: unknown, ending: Ending, size: Size, why?: string) =>
      told.push([`${size.messages} ${ending}`, ...(why === undefined ? [] : [why])].join(": ")),
    queued: (_: unknown, size: Size) => {
      length = size;
    },
  };
  const ports = { clock, random: () => random, observer };
  const delivery = new Delivery(output, letters(most), { ...POLICY, ...policy }, ports);
  return { clock, output, told, delivery, length: () => length };
}

test("what is delivered in one turn is sent together, as many pieces as fit", async () => {
  const { delivery, output, told } = begin(() => SENT);
  delivery.deliver("ab");
  delivery.deliver("cde");
  await idle();
  expect(output.asked).toEqual(["abc", "de"]);
  expect(told).toEqual(["sent 3", "3 sent", "sent 2", "2 sent"]);
  expect(delivery.status()).toEqual({ queued: 0, sent: 5, failed: 0, dropped: 0 });
});

test("one sending is under way at a time; what comes meanwhile waits for it", async () => {
  const { delivery, output, clock, length } = begin((_, nth) => (nth === 0 ? "hang" : SENT));
  delivery.deliver("a");
  await idle();
  delivery.deliver("bc");
  await idle();
  expect(output.asked).toEqual(["a"]);
  expect(length()).toEqual({ messages: 3, alerts: 3 });
  expect(delivery.status().queued).toBe(3);
  await clock.pass(30_000);
  expect(output.asked).toEqual(["a", "abc"]);
  expect(length()).toEqual({ messages: 0, alerts: 0 });
});

test("a message delivered while the last one is being settled is not forgotten", async () => {
  const { delivery, output } = begin(() => SENT);
  for (const letter of "abcdefgh") {
    delivery.deliver(letter);
    for (let turn = 0; turn < 3; turn++) await Promise.resolve();
  }
  await idle();
  expect(output.asked.join("")).toBe("abcdefgh");
});

test("pauses double up to the longest one", async () => {
  const { delivery, clock, output } = begin(() => LATER, { policy: { deadline: durationMs(100_000) } });
  delivery.deliver("a");
  const pauses: number[] = [];
  for (let nth = 1; nth <= 6; nth++) {
    await idle();
    expect(output.asked).toHaveLength(nth);
    pauses.push(clock.pending[0]!);
    await clock.pass(clock.pending[0]!);
  }
  expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 8_000, 8_000]);
});

test.each([
  [0, 500],
  [0.5, 750],
  [0.999_999, 1_000],
])("chance %d makes the first pause %d ms long", async (random, pause) => {
  const { delivery, clock } = begin(() => LATER, { random });
  delivery.deliver("a");
  await idle();
  expect(clock.pending).toEqual([pause]);
});

test.each([
  ["longer than our own pause is waited for", 7_000, 7_000],
  ["shorter than our own pause does not hurry us", 10, 1_000],
  ["of a year is five minutes", 31_536_000_000, 300_000],
])("a wait that the receiver asks for, %s", async (_, asked, pause) => {
  const { delivery, clock } = begin(() => ({ ...LATER, after: durationMs(asked) }));
  delivery.deliver("a");
  await idle();
  expect(clock.pending).toEqual([pause]);
});

test("success makes the next pause a short one again", async () => {
  const outcomes = [LATER, LATER, SENT, LATER];
  const { delivery, clock } = begin((_, nth) => outcomes[nth] ?? SENT);
  delivery.deliver("a");
  await clock.pass(3_000);
  expect(delivery.status()).toEqual({ queued: 0, sent: 1, failed: 0, dropped: 0 });
  delivery.deliver("b");
  await idle();
  expect(clock.pending).toEqual([1_000]);
  expect(delivery.status().lastError).toBe("busy");
});

test("a message that is refused for good is not tried again", async () => {
  const { delivery, clock, output, told } = begin(() => NEVER);
  delivery.deliver("a");
  await clock.pass(60_000);
  expect(output.asked).toEqual(["a"]);
  expect(told).toEqual(["never 1", "1 failed: bad message"]);
  expect(delivery.status()).toEqual({ queued: 0, sent: 0, failed: 1, dropped: 0, lastError: "bad message" });
});

test("after its deadline a message has failed", async () => {
  const { delivery, clock, told } = begin(() => LATER);
  delivery.deliver("a");
  await clock.pass(70_000);
  expect(told.at(-1)).toBe("1 failed: not sent within 1m; at last busy");
  expect(delivery.status()).toMatchObject({ queued: 0, failed: 1 });
  expect(clock.pending).toEqual([]);
});

test("what does not fit pushes out the oldest", async () => {
  const { delivery, clock, output, told } = begin((_, nth) => (nth === 0 ? LATER : SENT), { most: 9 });
  delivery.deliver("abc");
  await idle();
  delivery.deliver("defg");
  expect(told).toEqual(["later 3", "2 dropped: more than 5 waited"]);
  await clock.pass(1_000);
  expect(output.asked).toEqual(["abc", "cdefg"]);
});

test("what comes back to a full queue pushes out the oldest", async () => {
  const { delivery, clock, output } = begin((_, nth) => (nth === 0 ? "hang" : SENT), { most: 9 });
  delivery.deliver("abc");
  await idle();
  delivery.deliver("defg");
  await clock.pass(11_000);
  expect(output.asked).toEqual(["abc", "cdefg"]);
  expect(delivery.status()).toMatchObject({ sent: 5, dropped: 2 });
});

test("an attempt that takes too long is called off and counts as one for later", async () => {
  const { delivery, clock, output } = begin(() => "hang");
  delivery.deliver("a");
  await clock.pass(10_000);
  expect(output.signals[0]?.aborted).toBe(true);
  expect(delivery.status()).toMatchObject({ queued: 1, lastError: "not done within 10s" });
});

test("a message the receiver cannot digest holds back no other group, and its own group keeps its order", async () => {
  const poison = (message: string) => (message === "p" ? LATER : SENT);
  const { delivery, clock, output } = begin(poison, { most: 1, policy: { capacity: 50 } });
  delivery.deliver("pPa");
  await clock.pass(1_000);
  expect(output.asked.slice(0, 2)).toEqual(["p", "a"]);
  await clock.pass(70_000);
  expect(output.asked.filter((message) => message !== "p")).toEqual(["a"]);
  // Its deadline was the same: only while "p" stood before it was it not sent.
  expect(delivery.status()).toMatchObject({ sent: 1, failed: 2 });
});

test("stopping tries what waits once more without a pause, closes the output and takes nothing more", async () => {
  const { delivery, clock, output, told } = begin((_, nth) => (nth === 0 ? LATER : SENT));
  delivery.deliver("abcd");
  await idle();
  await delivery.stop(durationMs(5_000));
  expect(output.asked).toEqual(["abc", "abc", "d"]);
  expect(output.closed).toBe(1);
  expect(clock.pending).toEqual([]);
  delivery.deliver("e");
  await idle();
  expect(told.at(-1)).toBe("1 dropped: the program is stopping");
  expect(output.asked).toHaveLength(3);
});

test("stopping does not insist where the output is down", async () => {
  const { delivery, output, told } = begin(() => LATER);
  delivery.deliver("abcd");
  await idle();
  await delivery.stop(durationMs(5_000));
  expect(output.asked).toEqual(["abc", "abc", "d"]);
  expect(told.filter((line) => line.includes("failed"))).toEqual(["3 failed: busy", "1 failed: busy"]);
});

test("when the grace is over what is under way is called off and the rest is dropped", async () => {
  const { delivery, clock, output, told } = begin(() => "hang");
  delivery.deliver("abcd");
  await idle();
  const stopped = delivery.stop(durationMs(5_000));
  await clock.pass(5_000);
  await stopped;
  expect(output.signals[0]?.aborted).toBe(true);
  expect(told.at(-1)).toBe("4 dropped: not sent within 5s of stopping");
  expect(output.closed).toBe(1);
});

test("whatever happens, every piece is settled once and nothing is sent after it was settled as sent", async () => {
  const step = fc.oneof(
    fc.record({ word: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ pass: fc.integer({ min: 1, max: 30_000 }) }),
  );
  const outcomes = fc.array(fc.constantFrom<Outcome | "hang">(SENT, LATER, NEVER, "hang"), { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 20 }),
      outcomes,
      fc.integer({ min: 1, max: 3 }),
      async (steps, plan, most) => {
        const { delivery, clock, output, length } = begin((_, nth) => plan[nth % plan.length]!, { most });
        let code = 0x4e00;
        for (const todo of steps) {
          if ("pass" in todo) await clock.pass(todo.pass);
          else delivery.deliver(Array.from({ length: todo.word }, () => String.fromCharCode(code++)).join(""));
        }
        const stopped = delivery.stop(durationMs(5_000));
        await clock.pass(5_000);
        await stopped;
        const { queued, sent, failed, dropped } = delivery.status();
        expect(queued).toBe(0);
        expect(sent + failed + dropped).toBe(code - 0x4e00);
        expect(length()).toEqual({ messages: 0, alerts: 0 });
        expect(clock.pending).toEqual([]);
        const done = output.asked.filter((_, nth) => plan[nth % plan.length] === SENT).join("");
        expect(new Set(done).size).toBe(done.length);
        expect(sent).toBe(done.length);
      },
    ),
    { numRuns: 60 },
  );
});
