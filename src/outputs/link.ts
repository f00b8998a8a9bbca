const LONGEST = 2_000;

/** The address, if a person may be offered it as a link: http or https, no login in it, of sane length. */
export function webLink(text: string | undefined): URL | undefined {
  if (text === undefined || text.length > LONGEST || !/^https?:\/\//i.test(text)) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.username === "" && url.password === "" ? url : undefined;
}
