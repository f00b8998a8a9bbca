import { printable } from "../telemetry/printable.ts";
import { type ActionAccess, postAction } from "./post-action.ts";

/** What to say of an alert. */
export interface FeedbackText {
  readonly verdict: "true" | "false" | "expected";
  readonly note: string;
  readonly by: string;
}

export type FeedbackAnswer =
  | { readonly kind: "accepted"; readonly did: string }
  | { readonly kind: "refused"; readonly why: string }
  | { readonly kind: "unreachable"; readonly why: string };

/** Says over the API of a running monitor whether an alert was right. */
export async function giveFeedback(
  access: ActionAccess,
  fingerprint: string,
  feedback: FeedbackText,
): Promise<FeedbackAnswer> {
  const answer = await postAction(access, `/api/v1/alerts/${encodeURIComponent(fingerprint)}/feedback`, feedback);
  if (answer.kind !== "accepted") return answer;
  const { did } = answer.data;
  if (typeof did !== "string") return { kind: "refused", why: "the answer is not of the API" };
  return { kind: "accepted", did: printable(did, 1_000) };
}
