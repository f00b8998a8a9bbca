/** How a page is written: Prometheus' text format 0.0.4, or OpenMetrics 1.0. */
export type ExpositionFormat = "text" | "openmetrics";

const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const COUNTER = new RegExp(`^# HELP (${NAME})_total (.*)\\n# TYPE \\1_total counter$`, "gm");
const UNTYPED = new RegExp(`^(# TYPE ${NAME}) untyped$`, "gm");
const HELP = new RegExp(`^# HELP ${NAME} .*"`, "gm");

/**
 * The same page in OpenMetrics 1.0: a counter's family is called without the `_total` of its samples, there are no blank lines,
 * and the last line says that nothing is missing. No label's text can pass for one of these lines: line feeds are escaped.
 * @param page in text format 0.0.4, each family's HELP right above its TYPE, each counter's name with `_total`, without times
 */
export function toOpenMetrics(page: string): string {
  const body = page
    .replace(COUNTER, "# HELP $1 $2\n# TYPE $1 counter")
    .replace(UNTYPED, "$1 unknown")
    .replace(HELP, (line) => line.replaceAll('"', '\\"'))
    .replace(/\n{2,}/g, "\n");
  return `${body}# EOF\n`;
}
