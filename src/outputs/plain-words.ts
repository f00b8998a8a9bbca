/** OpenSSL's way to say what went wrong: thread, number, library, function, reason, source file. */
const OPENSSL = /(?:write EPROTO )?\b[0-9A-F]*:?error:[0-9A-F]{8}:[^:]*:[^:]*:([^:]+):.*$/s;
/** What it makes of an answer that is no TLS. */
const NO_TLS: ReadonlySet<string> = new Set([
  "wrong version number",
  "packet length too long",
  "http request",
  "https proxy request",
  "unknown protocol",
  "record layer failure",
]);

/** Why a connection failed, where OpenSSL says so, in words for people; every other text as it is. */
export const inPlainWords = (why: string): string =>
  why.replace(OPENSSL, (_, reason: string) =>
    NO_TLS.has(reason) ? "the peer does not speak TLS there" : `TLS failed: ${reason}`,
  );
