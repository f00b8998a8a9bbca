// What editors are told of texts that parsers of ours read: looser than the parsers, never stricter.

export const byteSize = { pattern: "^[0-9]{1,12}([KMG]i?)?B$" };
export const hostPort = { pattern: ":[0-9]{1,5}$" };
export const webUrl = { pattern: "^[hH][tT][tT][pP][sS]?://" };
export const timeOfDay = { pattern: "^[0-9]{2}:[0-9]{2}$" };
export const instant = { pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}" };
/** A duration in Prometheus' grammar. */
export const durationText = {
  pattern: "^(([0-9]+y)?([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?|0)$",
};
