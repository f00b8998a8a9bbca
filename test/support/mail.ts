/** A part of a mail: its headers, names in lower case, and its decoded text. */
interface MailPart {
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly text: string;
}

/** A mail as a reader's program takes it apart. */
export interface ParsedMail {
  readonly headers: MailPart["headers"];
  readonly parts: readonly MailPart[];
  /** The value of a header that stands there once; undefined where it does not. */
  header(name: string): string | undefined;
  /** The text of the part of a type. */
  part(type: string): string;
}

/** Takes apart a mail with one level of parts: headers unfolded, encoded words and transfer encodings undone. */
export function parseMail(raw: string): ParsedMail {
  const { headers, text } = split(raw);
  const boundary = /boundary="?([^";]+)"?/.exec(headerOf(headers, "content-type") ?? "")?.[1];
  const bodies = boundary === undefined ? [] : text.split(`--${boundary}`).slice(1, -1);
  const parts = bodies.map((body) => decodedPart(body.replace(/^\r\n/, "")));
  return {
    headers,
    parts,
    header: (name) => headerOf(headers, name),
    part: (type) => parts.find((part) => headerOf(part.headers, "content-type")?.startsWith(type))?.text ?? "",
  };
}

function split(raw: string): MailPart {
  const end = raw.indexOf("\r\n\r\n");
  const lines = raw
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, " ")
    .split("\r\n");
  const headers = lines.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), words(line.slice(colon + 1).trim())] as const;
  });
  return { headers, text: raw.slice(end + 4) };
}

function headerOf(headers: MailPart["headers"], name: string): string | undefined {
  const found = headers.filter(([known]) => known === name);
  return found.length === 1 ? found[0]?.[1] : undefined;
}

/** Undoes `=?UTF-8?Q?…?=`; blanks between two encoded words are none. */
function words(text: string): string {
  return text
    .replace(/\?=\s+=\?/g, "?==?")
    .replace(/(=\?utf-8\?[qb]\?[^?]*\?=)+/gi, (run) =>
      Buffer.concat(
        [...run.matchAll(/=\?utf-8\?([qb])\?([^?]*)\?=/gi)].map(([, how, what]) => bytes(how!, what!)),
      ).toString(),
    );
}

const bytes = (how: string, what: string): Buffer =>
  how.toLowerCase() === "b" ? Buffer.from(what, "base64") : quotedPrintable(what.replaceAll("_", " "));

function decodedPart(body: string): MailPart {
  const { headers, text } = split(body);
  const encoding = headerOf(headers, "content-transfer-encoding")?.toLowerCase();
  if (encoding === "base64") return { headers, text: Buffer.from(text, "base64").toString() };
  if (encoding === "quoted-printable") return { headers, text: quotedPrintable(text.replace(/=\r\n/g, "")).toString() };
  return { headers, text };
}

const quotedPrintable = (text: string): Buffer =>
  Buffer.from(
    text.replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    "latin1",
  );
