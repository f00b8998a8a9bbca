/** Exit codes of every command. */
export const EXIT = {
  ok: 0,
  /** Findings, alerts or failed tests. */
  findings: 1,
  /** Wrong usage, or a mistake in a file. */
  mistake: 2,
  /** A target cannot be reached. */
  unreachable: 3,
  /** Ended by Ctrl-C, as shells have it. */
  interrupted: 130,
} as const;
