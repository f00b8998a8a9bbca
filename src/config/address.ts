/** A host name, an IPv4 address or an IPv6 address in brackets, then perhaps a port. */
const ADDRESS = /^(\[[0-9a-fA-F:.]+\]|[^\s/\\?#@:[\]]+)(?::(\d{1,5}))?$/;
const LISTEN = /^(\[[0-9a-fA-F:.]+\]|[^\s/\\?#@:[\]]*):(\d{1,5})$/;
const MAX_PORT = 65_535;
/** Where Triton serves its metrics. */
const TRITON_METRICS_PORT = 8002;

/**
 * Checks a target's address, "gpu-7:8002", and returns it as it is.
 * @throws RangeError on a URL, a path, a user name or a port that does not exist.
 */
export function parseAddress(text: string): string {
  const [, host, port] = ADDRESS.exec(text) ?? [];
  const exists = port !== undefined && Number(port) > 0 && Number(port) <= MAX_PORT;
  if (host !== undefined && exists && URL.canParse(`http://${text}`)) return text;
  const hint = text.includes("/") ? "; scheme and path are set with scheme and metrics_path" : "";
  throw new RangeError(
    `Cannot use target ${JSON.stringify(text)}: expected a host and a port, for example "gpu-7:8002"${hint}`,
  );
}

/**
 * Reads an address to listen on, "127.0.0.1:9464"; without a host all interfaces are meant, and port 0 lets the system choose.
 * @throws RangeError on anything else.
 */
export function parseListenAddress(text: string): { readonly host: string; readonly port: number } {
  const [, host, port] = LISTEN.exec(text) ?? [];
  if (host !== undefined && Number(port) <= MAX_PORT) {
    return { host: host === "" ? "0.0.0.0" : host.replace(/^\[|\]$/g, ""), port: Number(port) };
  }
  throw new RangeError(
    `Cannot listen on ${JSON.stringify(text)}: expected a host and a port, for example "127.0.0.1:9464"`,
  );
}

/**
 * Reads what a person calls a target on the command line: a URL, or an address such as `gpu-7:8002` for
 * http://gpu-7:8002/metrics. Without scheme and port Triton's metrics port is meant.
 * @throws RangeError on anything else; credentials are refused, they would end up in labels and logs.
 */
export function parseTargetUrl(text: string): { readonly url: string; readonly instance: string } {
  const bare = !text.includes("://");
  const written = bare ? `http://${text}` : text;
  const url = URL.canParse(written) ? new URL(written) : undefined;
  const usable = url !== undefined && url.username === "" && url.password === "" && url.hash === "";
  if (!usable || (url.protocol !== "http:" && url.protocol !== "https:") || /[\s\\]/.test(text)) {
    // What is wrong may be a password: it is not repeated.
    const shown = JSON.stringify(text.replace(/^(https?:\/\/)?.*@/i, "$1…@"));
    throw new RangeError(`Cannot use target ${shown}: expected a URL without credentials, "http://gpu-7:8002/metrics"`);
  }
  // A URL hides the port that is its scheme's default, also where it was written.
  const stated = /^(?:https?:\/\/)?(?:\[[^\]]*\]|[^/?:]*):(\d+)/i.exec(text)?.[1];
  const fallback = bare ? TRITON_METRICS_PORT : url.protocol === "https:" ? 443 : 80;
  const port = stated === undefined ? fallback : Number(stated);
  if (port === 0) throw new RangeError(`Cannot use target ${JSON.stringify(text)}: expected a port from 1 to 65535`);
  const instance = `${url.hostname}:${port}`;
  const path = url.pathname === "/" ? "/metrics" : url.pathname;
  return { url: `${url.protocol}//${instance}${path}${url.search}`, instance };
}

/**
 * Checks an http(s) URL at which people reach this program and returns it without a slash at its end.
 * @throws RangeError on anything else.
 */
export function parseExternalUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const web = url?.protocol === "http:" || url?.protocol === "https:";
  if (url && web && url.username === "" && url.search === "" && url.hash === "") return url.href.replace(/\/+$/, "");
  throw new RangeError(
    `Cannot use URL ${JSON.stringify(text)}: expected an http or https URL, for example "https://sentinel.example.com"`,
  );
}
