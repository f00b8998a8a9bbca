import type { Labels } from "../series/labels.ts";
import { DAY, type EpochMs } from "../series/time.ts";
import { type ChangeWindow, checkOf, outside, type WindowCheck } from "./change-windows.ts";

/** Announcements kept at a time, those that ended among them. */
const MAX_ANNOUNCEMENTS = 1_000;
/** Characters of one text of an announcement. */
const MAX_TEXT = 1_000;
/** One that ended is remembered so long, for "it ended ten minutes before" is the best answer there is. */
const ENDED_RETENTION = DAY;
/** Lines of an answer, and characters of a text in it that someone else chose. */
const MAX_CONSIDERED = 10;
const MAX_QUOTED = 100;

/** A change that someone said would come. Without instance or version it is good for any. */
export interface Announcement {
  readonly instance?: string;
  readonly model: string;
  readonly version?: string;
  readonly by: string;
  readonly reason: string;
  readonly from: EpochMs;
  readonly until: EpochMs;
}

export type Announced = { readonly kind: "accepted" } | { readonly kind: "refused"; readonly why: string };

export type Authorisation =
  | { readonly kind: "announced"; readonly name: string; readonly by: string; readonly reason: string }
  /** What was looked at and why each did not apply, nearest misses first. */
  | { readonly kind: "unannounced"; readonly considered: readonly string[] };

/** Which changes of models are expected: windows of the configuration and announcements made while running. */
export class Deployments {
  #windows: readonly { readonly window: ChangeWindow; readonly check: WindowCheck }[] = [];
  #announcements: Announcement[] = [];

  /** @throws RangeError on a window whose time zone nobody knows */
  constructor(windows: readonly ChangeWindow[]) {
    this.replaceWindows(windows);
  }

  /** On reload; announcements stay. @throws RangeError as above, and then nothing is replaced */
  replaceWindows(windows: readonly ChangeWindow[]): void {
    this.#windows = windows.map((window) => ({ window, check: checkOf(window) }));
  }

  get windows(): readonly ChangeWindow[] {
    return this.#windows.map(({ window }) => window);
  }

  announce(announcement: Announcement, at: EpochMs): Announced {
    const { from, until } = announcement;
    const texts = [
      announcement.model,
      announcement.instance,
      announcement.version,
      announcement.by,
      announcement.reason,
    ];
    if (texts.some((text) => text !== undefined && text.length > MAX_TEXT)) {
      return { kind: "refused", why: `a text in it is longer than ${MAX_TEXT} characters` };
    }
    if (until <= from) return { kind: "refused", why: "it ends before it begins" };
    if (until < at) return { kind: "refused", why: "it has ended already" };
    this.#announcements = this.#announcements.filter((known) => known.until >= at - ENDED_RETENTION);
    if (this.#announcements.length >= MAX_ANNOUNCEMENTS) {
      this.#announcements = this.#announcements.filter((known) => known.until >= at);
    }
    if (this.#announcements.length >= MAX_ANNOUNCEMENTS) {
      return { kind: "refused", why: `there are ${MAX_ANNOUNCEMENTS} announcements already` };
    }
    this.#announcements.push(announcement);
    return { kind: "accepted" };
  }

  /** Those that have not ended, in the order they were made. */
  announcements(at: EpochMs): readonly Announcement[] {
    return this.#announcements.filter((known) => known.until >= at);
  }

  /** Whether a change of the model these labels name was to be expected at that instant; the latest announcement counts first. */
  authorise(labels: Labels, at: EpochMs): Authorisation {
    const near: string[] = [];
    const far: string[] = [];
    for (const announcement of this.#announcements.toReversed()) {
      const { by, reason, from, until } = announcement;
      const other = otherSubject(announcement, labels);
      const why = other ?? outside(from, until, at);
      if (why === undefined) return { kind: "announced", name: `announcement of ${announcement.model}`, by, reason };
      (other === undefined ? near : far).push(`announcement by ${quoted(by)} ${why}`);
    }
    for (const { window, check } of this.#windows) {
      const why = check(labels, at);
      const { name, reason } = window;
      if (why === undefined) return { kind: "announced", name, by: "configuration", reason };
      near.push(`window ${quoted(name)} ${why}`);
    }
    const considered = [...near, ...far];
    if (considered.length <= MAX_CONSIDERED) return { kind: "unannounced", considered };
    const rest = considered.length - MAX_CONSIDERED + 1;
    return { kind: "unannounced", considered: [...considered.slice(0, MAX_CONSIDERED - 1), `${rest} more`] };
  }
}

/** Says whom an announcement is for, where that is not the subject of these labels. */
function otherSubject(announcement: Announcement, labels: Labels): string | undefined {
  for (const name of ["model", "instance", "version"] as const) {
    const wanted = announcement[name];
    if (wanted !== undefined && wanted !== labels.get(name)) return `is for ${name} ${quoted(wanted)}`;
  }
  return undefined;
}

const quoted = (text: string): string =>
  JSON.stringify(text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text);
