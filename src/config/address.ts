import { Secret } from "../series/secret.ts";

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
  throw new RangeError(`Cannot use target ${told(text)}: expected a host and a port, for example "gpu-7:8002"${hint}`);
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
    `Cannot listen on ${told(text, "an address with a user name")}: expected a host and a port, for example "127.0.0.1:9464"`,
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
    const wanted = 'expected a URL without credentials, for example "http://gpu-7:8002/metrics"';
    throw new RangeError(`Cannot use target ${told(text)}: ${wanted}`);
  }
  // A URL hides the port that is its scheme's default, also where it was written.
  const stated = /^(?:https?:\/\/)?(?:\[[^\]]*\]|[^/?:]*):(\d+)/i.exec(text)?.[1];
  const fallback = bare ? TRITON_METRICS_PORT : url.protocol === "https:" ? 443 : 80;
  const port = stated === undefined ? fallback : Number(stated);
  if (port === 0) throw new RangeError(`Cannot use target ${told(text)}: expected a port from 1 to 65535`);
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
    `Cannot use URL ${told(text)}: expected an http or https URL, for example "https://sentinel.example.com"`,
  );
}

/**
 * Checks an http(s) URL that we ask, and returns it as it is.
 * @throws RangeError on anything else; a URL with credentials is refused, for it is shown to people, and not repeated.
 */
export function parseServerUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.username || url?.password || text.includes("@")) {
    throw new RangeError("Cannot use a URL with a user name or password: expected them in basic_auth or authorization");
  }
  if (isWeb(url) && url.hash === "" && !/[\s\\]/.test(text)) return text;
  throw new RangeError(
    `Cannot use URL ${JSON.stringify(text)}: expected an http or https URL, for example "https://discovery.example.com/targets"`,
  );
}

/**
 * The same for a URL that is a secret itself, as those of webhooks are: no message repeats any of it.
 * @throws RangeError on anything else
 */
export function parseSecretUrl(text: string): Secret {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.username || url?.password) {
    throw new RangeError("Cannot use a URL with a user name or password: expected them in basic_auth or authorization");
  }
  if (isWeb(url) && !/\s/.test(text)) return new Secret(text);
  throw new RangeError(
    'Cannot use this URL: expected an http or https URL, for example "https://chat.example.com/hook"',
  );
}

/**
 * Checks a host name without a port, for requests that may be answered, and returns it in lower case.
 * @throws RangeError on anything else
 */
export function parseHostName(text: string): string {
  const url = /^(?:[^\s/\\?#@:[\]*]+|\[[0-9a-fA-F:.]+\])$/.test(text) && URL.canParse(`http://${text}`);
  if (url) return text.toLowerCase();
  throw new RangeError(
    `Cannot use host ${told(text)}: expected a name without scheme and port, for example "sentinel.example.com"`,
  );
}

/**
 * Checks the origin of a web page, scheme, host and port, and returns it as browsers write it.
 * @throws RangeError on anything else, "*" included: any page could then act in the name of whoever visits it.
 */
export function parseOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const bare = url !== undefined && `${url.origin}/` === url.href && !text.includes("*");
  if (isWeb(url) && bare) return url.origin;
  throw new RangeError(
    `Cannot use origin ${told(text)}: expected scheme and host, for example "https://grafana.example.com"`,
  );
}

/**
 * Reads where a mail server listens, "smtp.example.com:587".
 * @throws RangeError on anything else
 */
export function parseSmarthost(text: string): { readonly host: string; readonly port: number } {
  const [, host, port] = ADDRESS.exec(text) ?? [];
  if (host !== undefined && Number(port) > 0 && Number(port) <= MAX_PORT && URL.canParse(`http://${text}`)) {
    return { host: host.replace(/^\[|\]$/g, ""), port: Number(port) };
  }
  throw new RangeError(
    `Cannot use mail server ${told(text)}: expected a host and a port, for example "smtp.example.com:587"`,
  );
}

const isWeb = (url: URL | undefined): url is URL => url?.protocol === "http:" || url?.protocol === "https:";

/** A text that is no address, as messages show it: what stands before an "@" may be a password, so then nothing is repeated. */
export const told = (text: string, instead = "with a user name"): string =>
  text.includes("@") ? instead : JSON.stringify(text);
