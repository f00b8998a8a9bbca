import type { Labels } from "../../series/labels.ts";

/** Targets that come from one place and go together: a file, an answer, a pod. */
export interface TargetGroup {
  /** Tells the groups of one discovery apart. */
  readonly source: string;
  /** Each with `__address__` and whatever else is known of it (`__meta_…`). */
  readonly targets: readonly Labels[];
}

/** Looks for targets for as long as it runs. */
export interface Discovery {
  /**
   * Begins to look. `found` gets all groups each time they change, first when the first look is done; a look that fails is
   * told to telemetry and keeps the groups there were.
   */
  start(found: (groups: readonly TargetGroup[]) => void): void;
  stop(): Promise<void>;
}
