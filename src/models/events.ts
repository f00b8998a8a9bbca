import type { Labels } from "../series/labels.ts";
import type { EpochMs } from "../series/time.ts";
import type { RestartProof } from "./restart.ts";

/** Something that happened to a server's models. `id` carries model, version and, where there is one, namespace. */
export type ModelEvent =
  | {
      readonly kind: "loaded";
      readonly id: Labels;
      readonly at: EpochMs;
      readonly seconds: number | undefined;
      /** This very model and version had been unloaded before. */
      readonly again: boolean;
      /** It was not there before the server restarted. */
      readonly restarted: boolean;
    }
  | {
      readonly kind: "reloaded";
      readonly id: Labels;
      readonly at: EpochMs;
      readonly seconds: number | undefined;
      readonly before: number | undefined;
      /** The counters went on: the new copy replaced the old one without an unload. */
      readonly inPlace: boolean;
    }
  | { readonly kind: "unloaded"; readonly id: Labels; readonly at: EpochMs }
  | {
      readonly kind: "version_changed";
      readonly id: Labels;
      readonly at: EpochMs;
      readonly from: string;
      readonly restarted: boolean;
    }
  /** Loaded and gone again between two looks, or a load that failed half-way: only failure series are left of it. */
  | { readonly kind: "flashed"; readonly id: Labels; readonly at: EpochMs; readonly failures: number }
  | {
      readonly kind: "restarted";
      readonly at: EpochMs;
      readonly proof: RestartProof;
      /** The look before it had failed. */
      readonly gap: boolean;
      /** Models that served before it. */
      readonly models: number;
    }
  /** It served before a restart and did not come back. */
  | { readonly kind: "vanished"; readonly id: Labels; readonly at: EpochMs };

/** A model that serves other files than before, or files that did not serve before. */
export type LoadEvent = Extract<ModelEvent, { kind: "loaded" | "reloaded" | "version_changed" }>;

export const isLoad = (event: ModelEvent): event is LoadEvent =>
  event.kind === "loaded" || event.kind === "reloaded" || event.kind === "version_changed";
