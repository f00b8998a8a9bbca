import type { Named } from "./values.ts";

export const MONTHS: readonly string[] =
  "January February March April May June July August September October November December".split(" ");
export const DAYS: readonly string[] = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");

/** What Go calls a month or a day of the week. */
export const nameOf = ({ type, value }: Named): string =>
  (type === "time.Month" ? MONTHS[Number(value) - 1] : DAYS[Number(value)]) ?? String(value);
