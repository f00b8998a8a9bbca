import { printable } from "../telemetry/printable.ts";
import { type ActionAccess, postAction } from "./post-action.ts";

/** What to announce. */
export interface AnnouncementText {
  readonly model: string;
  readonly version?: string;
  readonly instance?: string;
  /** As it was written: the answer may quote it. */
  readonly ttl: string;
  readonly by: string;
  readonly reason: string;
}

export type AnnounceAnswer =
  | { readonly kind: "accepted"; readonly until: string }
  | { readonly kind: "refused"; readonly why: string }
  | { readonly kind: "unreachable"; readonly why: string };

/** Announces a model change over the API of a running monitor. */
export async function announce(access: ActionAccess, announcement: AnnouncementText): Promise<AnnounceAnswer> {
  const answer = await postAction(access, "/api/v1/deployments", announcement);
  if (answer.kind !== "accepted") return answer;
  const { until } = answer.data;
  if (typeof until !== "string") return { kind: "refused", why: "the answer is not of the API" };
  return { kind: "accepted", until: printable(until, 40) };
}
