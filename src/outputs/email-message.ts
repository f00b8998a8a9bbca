import { createHash } from "node:crypto";
import type { SendMailOptions } from "nodemailer";
import type { Notification } from "../alerts/outgoing.ts";
import type { EpochMs } from "../series/time.ts";
import { mailHtml } from "./email-html.ts";
import { mailText } from "./email-text.ts";
import { mailView } from "./email-view.ts";

/** Between whom a mail goes. */
interface Correspondents {
  readonly from: string;
  readonly to: readonly string[];
}

/**
 * The mail for a notification. Its Message-ID follows from what it says and when, so that a mail that arrives twice is known as
 * one; all mails of a group refer to the same first message, which was never sent, so that clients show them as one thread.
 */
export function mailMessage(notification: Notification, { from, to }: Correspondents, at: EpochMs): SendMailOptions {
  const { receiver, groupKey, externalUrl, alerts } = notification;
  const domain = /@([a-z0-9.-]+)>?\s*$/i.exec(from)?.[1] ?? "triton-sentinel.invalid";
  const group = [externalUrl, receiver, groupKey];
  const thread = `<group.${digest(group)}@${domain}>`;
  const content = alerts.map(({ fingerprint, status, startsAt, endsAt }) => [fingerprint, status, startsAt, endsAt]);
  const view = mailView(notification);
  return {
    from,
    to: [...to],
    subject: view.subject,
    text: mailText(view),
    html: mailHtml(view),
    date: new Date(at),
    messageId: `<${digest([...group, to, at, content])}@${domain}>`,
    inReplyTo: thread,
    references: thread,
    // Nobody's holiday notice shall answer an alert.
    headers: { "Auto-Submitted": "auto-generated" },
    xMailer: false,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

const digest = (what: unknown): string => createHash("sha256").update(JSON.stringify(what)).digest("hex").slice(0, 32);
