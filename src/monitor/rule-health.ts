import type { EpochMs } from "../series/time.ts";

/** How the last evaluation of a rule went. */
export class RuleHealth {
  health: "unknown" | "ok" | "err" = "unknown";
  lastError: string | undefined;
  lastEvaluation: EpochMs | undefined;
  /** How long it took; 0 where nobody measures. */
  evaluationSeconds = 0;

  succeeded(at: EpochMs, seconds: number): void {
    this.health = "ok";
    this.lastError = undefined;
    this.lastEvaluation = at;
    this.evaluationSeconds = seconds;
  }

  failed(at: EpochMs, seconds: number, why: string): void {
    this.health = "err";
    this.lastError = why;
    this.lastEvaluation = at;
    this.evaluationSeconds = seconds;
  }
}
