import { RE2JS } from "re2js";

const HEAD = "^(?s:";
const TAIL = ")$";

/**
 * The expression of a relabelling step: RE2, anchored at both ends, `.` matching line ends, as in Prometheus.
 * @throws RangeError on what RE2 refuses
 */
export function compileRelabelRegex(text: string): RE2JS {
  try {
    // By itself first, or "a)|(b" would escape the anchors.
    RE2JS.compile(text);
    return RE2JS.compile(HEAD + text + TAIL);
  } catch (error) {
    const why = (error as Error).message.replace(/^error parsing regexp: /, "");
    throw new RangeError(`Cannot compile regular expression ${JSON.stringify(text)}: ${why}`);
  }
}

/** The text such an expression was made of. */
export function relabelRegexText(regex: RE2JS): string {
  const text = regex.pattern();
  return text.startsWith(HEAD) && text.endsWith(TAIL) ? text.slice(HEAD.length, -TAIL.length) : text;
}
