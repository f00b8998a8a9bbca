/** What stands where a value of the query would. */
const MASK = "***";

/**
 * A URL as it may be shown: without user and password, and with the values of its query masked, which are tokens at times. One
 * that has none of these stays as it is written.
 * @throws TypeError on what is no URL
 */
export function maskedUrl(text: string): string {
  const url = new URL(text);
  if (url.username === "" && url.password === "" && url.search === "" && url.hash === "") return text;
  url.username = "";
  url.password = "";
  url.hash = "";
  // What stands there without a name may be the token itself.
  const masked = url.search
    .slice(1)
    .split("&")
    .map((part) => (part.includes("=") ? `${part.split("=", 1)[0]}=${MASK}` : MASK));
  if (url.search !== "") url.search = masked.join("&");
  return url.href;
}
