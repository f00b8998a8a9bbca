/** A mailbox: an address, or a name and an address in angle brackets. Nothing in it can end a line or begin another one. */
const BARE = /^[^\s<>@,;:"()\\[\]\p{Cc}]+@[^\s<>@,;:"()\\\p{Cc}]+$/u;
const NAMED = /^(?:"[^"\\\p{Cc}]*"|[^<>@,;:"()\\\p{Cc}]*)\s*<([^<>]*)>$/u;

/**
 * Checks one mailbox, "Ops <ops@example.com>", and returns it without blanks around it.
 * @throws RangeError on anything else
 */
export function parseMailbox(text: string): string {
  const mailbox = text.trim();
  const address = NAMED.exec(mailbox)?.[1] ?? mailbox;
  if (mailbox.length <= 320 && BARE.test(address)) return mailbox;
  // No mail address has a colon, but a user name with a password does.
  const told = /:\S/.test(mailbox) ? "with a colon" : JSON.stringify(mailbox);
  throw new RangeError(
    `Cannot use mail address ${told}: expected for example "ops@example.com" or "Ops <ops@example.com>"`,
  );
}

/**
 * Reads mailboxes with commas between them; a comma in quotes belongs to a name.
 * @throws RangeError when one of them is none
 */
export function parseMailboxes(text: string): readonly string[] {
  return (text.match(/(?:"[^"]*"|[^",]|")+/g) ?? [""]).map(parseMailbox);
}
