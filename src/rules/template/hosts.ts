/** Go's net.SplitHostPort; undefined where the text is no "host:port" or "[host]:port". */
function splitHostPort(text: string): { host: string; port: string } | undefined {
  const colon = text.lastIndexOf(":");
  if (colon < 0) return undefined;
  const port = text.slice(colon + 1);
  let host = text.slice(0, colon);
  if (text.startsWith("[")) {
    if (text.indexOf("]") + 1 !== colon) return undefined;
    host = host.slice(1, -1);
  } else if (host.includes(":")) return undefined;
  return host.includes("[") || host.includes("]") || port.includes("]") || port.includes("[")
    ? undefined
    : { host, port };
}

/** "gpu-7:8002" → "gpu-7"; a text without a port stays as it is. */
export const stripPort = (text: string): string => splitHostPort(text)?.host ?? text;

/** "gpu-7.example.org:8002" → "gpu-7:8002"; an address stays as it is. */
export function stripDomain(text: string): string {
  const { host, port } = splitHostPort(text) ?? { host: text, port: "" };
  if (isAddress(host)) return text;
  const first = host.split(".", 1)[0]!;
  if (port === "") return first;
  return first.includes(":") ? `[${first}]:${port}` : `${first}:${port}`;
}

const isByte = (text: string): boolean => /^(?:0|[1-9]\d{0,2})$/.test(text) && Number(text) <= 255;

function isIpv4(text: string): boolean {
  const parts = text.split(".", 5);
  return parts.length === 4 && parts.every(isByte);
}

/** Whether Go's net.ParseIP reads it: IPv4, or IPv6 without a zone. */
function isAddress(text: string): boolean {
  if (!text.includes(":")) return isIpv4(text);
  if (text.length > 45) return false;
  const halves = text.split("::");
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  let count = groups.length;
  if (groups.at(-1)?.includes(".") && !text.endsWith("::")) {
    if (!isIpv4(groups.pop()!)) return false;
    count++;
  }
  return groups.every((group) => /^[\da-fA-F]{1,4}$/.test(group)) && (halves.length === 2 ? count < 8 : count === 8);
}
