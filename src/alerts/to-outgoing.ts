import { fingerprint, type Labels } from "../series/labels.ts";
import { relabel } from "../series/relabel.ts";
import type { RelabelRule } from "../series/relabel-rule.ts";
import type { OutgoingAlert } from "./outgoing.ts";
import type { Telling } from "./resends.ts";

/** On an alert whose rule cannot be evaluated now: it says how things were, not how they are. */
const STALE_ANNOTATION = "stale_evaluation";
const RUNBOOK_ANNOTATION = "runbook_url";
/** How the packaged rules name their runbooks, which lie beside them and which the program serves. */
const PACKAGED_RUNBOOK = /^docs\/runbooks\/([A-Za-z0-9_-]+)\.md$/;

/** What every alert of this program gets on its way out. */
export interface OutgoingContext {
  /** Laid under an alert's own labels. */
  readonly externalLabels: Labels;
  /** `alert_relabel_configs`. */
  readonly relabel: readonly RelabelRule[];
  /** Where people reach this program, without a slash at the end; "" where nobody said. */
  readonly externalUrl: string;
}

/** What of an outgoing alert its labels decide; undefined where relabelling drops it. */
type Identity = Pick<OutgoingAlert, "labels" | "fingerprint" | "generatorUrl"> | undefined;

/** An alert keeps its label set for life, so its identity is worked out once and not each time it is sent. */
const identities = new WeakMap<OutgoingContext, WeakMap<Labels, Identity>>();

/**
 * An alert as outputs get it: external labels, then relabelling, as in Prometheus (notifier/manager.go). Its link leads to the
 * page of the alert as it is known here, under the fingerprint of its own labels; a packaged runbook becomes a link as well.
 * Without an external URL there is no link and the runbook stays as it is written.
 * @returns undefined where relabelling drops it
 */
export function toOutgoing(telling: Telling, context: OutgoingContext): OutgoingAlert | undefined {
  const { facts, status, startsAt, endsAt } = telling;
  const identity = identityOf(facts.labels, context);
  if (identity === undefined) return undefined;
  const { value, evidence } = facts;
  return { status, ...identity, annotations: annotationsOf(telling, context), startsAt, endsAt, value, evidence };
}

/** The labels and the fingerprint an alert has at receivers; undefined where relabelling drops it. */
export function identityOf(own: Labels, context: OutgoingContext): Identity {
  let known = identities.get(context);
  if (known === undefined) {
    known = new WeakMap();
    identities.set(context, known);
  }
  if (!known.has(own)) known.set(own, identify(own, context));
  return known.get(own);
}

function identify(own: Labels, { externalLabels, relabel: rules, externalUrl }: OutgoingContext): Identity {
  const labels = relabel(externalLabels.with(own), rules);
  if (labels === undefined || labels.pairs.length === 0) return undefined;
  const generatorUrl = externalUrl === "" ? "" : `${externalUrl}/alerts/${fingerprint(own)}`;
  return { labels, fingerprint: fingerprint(labels), generatorUrl };
}

function annotationsOf({ facts, stale }: Telling, { externalUrl }: OutgoingContext): OutgoingAlert["annotations"] {
  const { annotations } = facts;
  const runbook = Object.hasOwn(annotations, RUNBOOK_ANNOTATION) ? annotations[RUNBOOK_ANNOTATION] : undefined;
  const packaged = externalUrl === "" ? undefined : PACKAGED_RUNBOOK.exec(runbook ?? "")?.[1];
  if (packaged === undefined && !stale) return annotations;
  return {
    ...annotations,
    ...(packaged !== undefined && { [RUNBOOK_ANNOTATION]: `${externalUrl}/runbooks/${packaged}` }),
    ...(stale && { [STALE_ANNOTATION]: "true" }),
  };
}
