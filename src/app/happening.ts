import type { MonitorEvent } from "../monitor/events.ts";
import type { EpochMs } from "../series/time.ts";
import type { ApiEvent } from "../web/api-types.ts";

/** Characters of a sentence, and of one text of others in the details. */
const LONGEST = 500;

/** Something that happened, before it has an id. */
export type Happening = Omit<ApiEvent, "id" | "at"> & { readonly at: EpochMs };

/** A monitor's event of one kind. */
export type EventOf<Kind extends MonitorEvent["kind"]> = Extract<MonitorEvent, { kind: Kind }>;

/** A text of others, cut where it is too long. */
export const bounded = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
