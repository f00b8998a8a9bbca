import { Labels } from "../series/labels.ts";
import { type EpochMs, epochMs } from "../series/time.ts";
import { Group } from "./group.ts";
import type { Notification, OutgoingAlert } from "./outgoing.ts";
import type { ReceiverOptions } from "./receiver.ts";
import { groupKeyOf, groupLabelsOf, isFor } from "./routing.ts";

/** Groups of a receiver; whoever invents model names must not make a mail of each. */
const MAX_GROUPS = 1_000;
const OVERFLOW = groupKeyOf(Labels.EMPTY);
const NEVER = epochMs(Number.POSITIVE_INFINITY);

/** Where no rule keeps anything back. */
export const NONE_INHIBITED = (): boolean => false;

/** An alert as it leaves the program, and whether this was told before. */
export interface HeardAlert {
  readonly alert: OutgoingAlert;
  readonly again: boolean;
}

/**
 * What one receiver is told, and when: alerts are gathered in groups as Alertmanager does it (dispatch, notify/dedup). Its
 * rules here:
 *
 * - a group is first told `group_wait` after its first alert; a change of it `group_wait` after the change, but not within
 *   `group_interval` of the last notification; a group in which something fires anew every `repeat_interval`;
 * - what was not delivered counts as not told, and is told with the next notification, `group_interval` later;
 * - an alert that ended stays until that was told. One that began and ended between two notifications is told as ended, also
 *   to receivers that otherwise do not want to hear of ends: what happened must not vanish;
 * - one that fires anew before it was told counts its beginnings in the annotation `occurrences`;
 * - one that is not repeated until its `endsAt` has ended, for it has lost its rule or its labels;
 * - what other alerts keep back is not told, but for the end of what was told; once nothing keeps it back it is news;
 * - groups beyond 1,000 are put together in one without labels; alerts beyond 1,000 of a group are left out and counted.
 *
 * Pure: the time is an argument, and the caller wakes at `nextDue`.
 */
export class Groups {
  readonly options: ReceiverOptions;
  readonly #externalUrl: string;
  readonly #groups = new Map<string, Group>();
  #nextExpiry: EpochMs = NEVER;
  #sweptAt: EpochMs | undefined;
  #refused = 0;

  constructor(options: ReceiverOptions, externalUrl: string) {
    this.options = options;
    this.#externalUrl = externalUrl;
  }

  /** Alerts left out so far because their group was full. */
  get refused(): number {
    return this.#refused;
  }

  /**
   * Takes note of alerts. To be called after every step, also with none: what is not repeated ends.
   * @param isInhibited whether others keep an alert back now
   */
  take(
    alerts: Iterable<HeardAlert>,
    at: EpochMs,
    isInhibited: (alert: OutgoingAlert) => boolean = NONE_INHIBITED,
  ): void {
    for (const { alert, again } of alerts) {
      // That an alert ended is no news the second time, whether or not it has arrived by then.
      if (!isFor(this.options, alert.labels) || (again && alert.status === "resolved")) continue;
      if (!this.#groupOf(alert, at).take(alert, at)) this.#refused++;
      if (alert.status === "firing") this.#nextExpiry = epochMs(Math.min(this.#nextExpiry, alert.endsAt));
    }
    if (at > this.#nextExpiry) this.#expire(at);
    for (const group of this.#groups.values()) group.inhibit(isInhibited, at);
  }

  /**
   * What is to be told now. Of a group nothing more is until `settled` says what became of it.
   * @param hurry tells all that is new without waiting, because there is no later
   */
  due(at: EpochMs, hurry = false): readonly Notification[] {
    const due: Notification[] = [];
    for (const [key, group] of this.#groups) {
      const said = group.flush(at, hurry);
      if (said !== undefined) due.push({ receiver: this.options.name, externalUrl: this.#externalUrl, ...said });
      else if (group.isOver(at)) this.#groups.delete(key);
    }
    return due;
  }

  /** When `due` has something to say at the earliest; undefined where that takes another alert. */
  get nextDue(): EpochMs | undefined {
    let next = NEVER;
    for (const group of this.#groups.values()) next = epochMs(Math.min(next, group.nextFlush));
    return next === NEVER ? undefined : next;
  }

  /** @param ok whether the receiver took the last notification of a group */
  settled(groupKey: string, ok: boolean, at: EpochMs): void {
    this.#groups.get(groupKey)?.settled(ok, at);
  }

  /** The group an alert belongs to, made where there is none. */
  #groupOf(alert: OutgoingAlert, at: EpochMs): Group {
    const labels = groupLabelsOf(this.options, alert.labels);
    const known = this.#groups.get(groupKeyOf(labels)) ?? this.#overflow(alert, at);
    if (known !== undefined) return known;
    const group = new Group(this.#groups.size < MAX_GROUPS ? labels : Labels.EMPTY, this.options);
    this.#groups.set(group.key, group);
    return group;
  }

  /** The group of those that found no place, if an alert without a group belongs there. */
  #overflow({ labels }: OutgoingAlert, at: EpochMs): Group | undefined {
    const overflow = this.#groups.get(OVERFLOW);
    if (overflow?.has(labels) === true) return overflow;
    // Once a step: in a flood every alert comes this way.
    if (this.#groups.size >= MAX_GROUPS && this.#sweptAt !== at) {
      this.#sweptAt = at;
      for (const [key, group] of this.#groups) if (group.isOver(at)) this.#groups.delete(key);
    }
    return this.#groups.size >= MAX_GROUPS ? this.#groups.get(OVERFLOW) : undefined;
  }

  #expire(at: EpochMs): void {
    let next = NEVER;
    for (const group of this.#groups.values()) next = epochMs(Math.min(next, group.expire(at)));
    this.#nextExpiry = next;
  }
}
