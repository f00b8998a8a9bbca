import type { Labels } from "../series/labels.ts";
import { type EpochMs, epochMs, formatTime } from "../series/time.ts";
import type { Notification, NotificationReason, OutgoingAlert } from "./outgoing.ts";
import type { ReceiverOptions } from "./receiver.ts";
import { commonAnnotations, commonLabels, groupKeyOf } from "./routing.ts";

/** Alerts of one group. */
const MAX_ALERTS = 1_000;
const NEVER = epochMs(Number.POSITIVE_INFINITY);
/** How often an alert began since the receiver last heard of it, where that is more than once. */
const OCCURRENCES = "occurrences";

type Told = Pick<OutgoingAlert, "status" | "startsAt">;

interface Entry {
  alert: OutgoingAlert;
  /** What the receiver knows of it. */
  told: Told | undefined;
  /** How often it began to fire without the receiver knowing, and when first. */
  untold: number;
  untoldSince: EpochMs;
  /** Another alert keeps it back. */
  inhibited: boolean;
}

/** A notification under way, and what it tells of each alert. */
type UnderWay = ReadonlyMap<string, Told & { readonly untold: number }>;

/** One group of a receiver: its alerts, what was told of them, and when something is to be told. */
export class Group {
  readonly key: string;
  readonly #labels: Labels;
  readonly #options: ReceiverOptions;
  /** By label key. */
  readonly #entries = new Map<string, Entry>();
  /** Since when there is something to tell; undefined where there may be nothing. */
  #changedAt: EpochMs | undefined;
  #lastTried: EpochMs | undefined;
  #lastTold: EpochMs | undefined;
  #underWay: UnderWay | undefined;

  constructor(labels: Labels, options: ReceiverOptions) {
    this.key = groupKeyOf(labels);
    this.#labels = labels;
    this.#options = options;
  }

  has(labels: Labels): boolean {
    return this.#entries.has(labels.key);
  }

  /** @returns false where the group is full */
  take(alert: OutgoingAlert, at: EpochMs): boolean {
    const { key } = alert.labels;
    const known = this.#entries.get(key);
    if (known === undefined) {
      if (this.#entries.size >= MAX_ALERTS) return false;
      const entry = { alert, told: undefined, untold: 1, untoldSince: alert.startsAt, inhibited: false };
      this.#entries.set(key, entry);
      this.#changed(key, entry, at);
      return true;
    }
    const { startsAt, status } = known.alert;
    if (alert.startsAt === startsAt) known.alert = alert;
    else if (status === "resolved" && alert.status === "firing") {
      known.alert = alert;
      if (known.untold === 0) known.untoldSince = alert.startsAt;
      known.untold++;
    } else {
      // Relabelling made one of two alerts; the one that was there first lends it its start.
      known.alert = { ...alert, startsAt };
    }
    this.#changed(key, known, at);
    return true;
  }

  /** Takes note of which alerts others keep back; what nobody keeps back any more is news. */
  inhibit(isInhibited: (alert: OutgoingAlert) => boolean, at: EpochMs): void {
    for (const [key, entry] of this.#entries) {
      const inhibited = isInhibited(entry.alert);
      if (inhibited === entry.inhibited) continue;
      entry.inhibited = inhibited;
      this.#changed(key, entry, at);
    }
  }

  /** Ends what fires and was not repeated. @returns when that is to be looked at again */
  expire(at: EpochMs): EpochMs {
    let next = NEVER;
    for (const [key, entry] of this.#entries) {
      if (entry.alert.status === "resolved") continue;
      if (entry.alert.endsAt >= at) next = epochMs(Math.min(next, entry.alert.endsAt));
      else {
        entry.alert = { ...entry.alert, status: "resolved" };
        this.#changed(key, entry, at);
      }
    }
    return next;
  }

  /** When there may be something to tell. */
  get nextFlush(): EpochMs {
    if (this.#underWay !== undefined) return NEVER;
    const { groupWait, groupInterval, repeatInterval } = this.#options;
    const change = (this.#changedAt ?? NEVER) + groupWait;
    const repeat = this.#lastTold !== undefined && this.#anyFiring() ? this.#lastTold + repeatInterval : NEVER;
    return epochMs(Math.max(Math.min(change, repeat), (this.#lastTried ?? -NEVER) + groupInterval));
  }

  /** What to tell now, if it is time (or time does not matter) and there is something. */
  flush(at: EpochMs, hurry: boolean): Omit<Notification, "receiver" | "externalUrl"> | undefined {
    // In a hurry it may overtake nothing, but need not wait until it is known what became of what is under way.
    if (hurry ? this.#underWay !== undefined && this.#changedAt === undefined : this.nextFlush > at) return undefined;
    this.#changedAt = undefined;
    const reason = this.#reason(at);
    if (reason === undefined) return undefined;
    const entries = [...this.#entries.values()].filter((entry) => this.#isTold(entry)).sort(firingFirst);
    const alerts = entries.map(withOccurrences);
    this.#lastTried = at;
    this.#underWay = new Map(
      entries.map(({ alert: { labels, status, startsAt }, untold }) => [labels.key, { status, startsAt, untold }]),
    );
    return {
      groupKey: this.key,
      groupLabels: this.#labels,
      commonLabels: commonLabels(alerts.map(({ labels }) => labels)),
      commonAnnotations: commonAnnotations(alerts.map(({ annotations }) => annotations)),
      status: alerts.some(({ status }) => status === "firing") ? "firing" : "resolved",
      reason,
      alerts,
    };
  }

  /** What became of the notification under way. */
  settled(ok: boolean, at: EpochMs): void {
    const underWay = this.#underWay;
    if (underWay === undefined) return;
    this.#underWay = undefined;
    if (ok) this.#lastTold = this.#lastTried;
    else this.#changedAt ??= at;
    for (const [key, { status, startsAt, untold }] of underWay) {
      const entry = this.#entries.get(key);
      if (entry === undefined) continue;
      if (ok) {
        entry.told = { status, startsAt };
        entry.untold -= untold;
        entry.untoldSince = entry.alert.startsAt;
      }
      if (this.#isDone(entry)) this.#entries.delete(key);
    }
  }

  /** Whether it can be forgotten: nothing in it, and so long since it was told that the next notification need not wait. */
  isOver(at: EpochMs): boolean {
    if (this.#entries.size > 0) return false;
    return this.#lastTried === undefined || this.#lastTried + this.#options.groupInterval <= at;
  }

  #changed(key: string, entry: Entry, at: EpochMs): void {
    // What is under way may be all there is to tell; only when it arrived is that known.
    if (this.#isNews(entry)) {
      // After a restart alerts come that began long ago: they have waited enough.
      this.#changedAt ??= this.#lastTried === undefined ? epochMs(Math.min(at, entry.alert.startsAt)) : at;
    } else if (this.#underWay === undefined && this.#isDone(entry)) this.#entries.delete(key);
  }

  /** Whether the receiver is to hear something of an alert that it does not know. */
  #isNews({ alert, told, inhibited }: Entry): boolean {
    // Unlike Alertmanager, whoever was told of an alert hears of its end.
    if (inhibited && !(told?.status === "firing" && alert.status === "resolved")) return false;
    if (told === undefined || told.startsAt !== alert.startsAt) return true;
    if (told.status === alert.status) return false;
    return alert.status === "firing" || this.#options.sendResolved;
  }

  #isDone(entry: Entry): boolean {
    return entry.alert.status === "resolved" && !this.#isNews(entry);
  }

  #isTold(entry: Entry): boolean {
    return fires(entry) || this.#isNews(entry);
  }

  #anyFiring(): boolean {
    for (const entry of this.#entries.values()) if (fires(entry)) return true;
    return false;
  }

  #reason(at: EpochMs): NotificationReason | undefined {
    const news = [...this.#entries.values()].filter((entry) => this.#isNews(entry));
    if (news.length > 0) {
      if (this.#lastTold === undefined) return "first notification";
      if (news.some(({ alert, told }) => alert.status === "firing" || told?.startsAt !== alert.startsAt)) {
        return "new alerts added";
      }
      return this.#anyFiring() ? "some alerts resolved" : "all alerts resolved";
    }
    const repeat = this.#lastTold !== undefined && this.#lastTold + this.#options.repeatInterval <= at;
    return repeat && this.#anyFiring() ? "repeat interval elapsed" : undefined;
  }
}

const fires = ({ alert, inhibited }: Entry): boolean => alert.status === "firing" && !inhibited;

function firingFirst({ alert: a }: Entry, { alert: b }: Entry): number {
  if (a.status !== b.status) return a.status === "firing" ? -1 : 1;
  return a.startsAt - b.startsAt || (a.fingerprint < b.fingerprint ? -1 : 1);
}

function withOccurrences({ alert, untold, untoldSince }: Entry): OutgoingAlert {
  if (untold < 2) return alert;
  const occurrences = `${untold} since ${formatTime(untoldSince)}`;
  return { ...alert, annotations: { ...alert.annotations, [OCCURRENCES]: occurrences } };
}
