/** By how many nats a subject's threshold is higher than its detector's own, and why. */
export interface ApiRaise {
  /** Of both together. */
  readonly nats: number;
  /** What `sensitivity.false_alarms_per_week` asks for. */
  readonly byBudget: number;
  /** What its own alarms brought about. */
  readonly byNoise: number;
  /** Alarms in the week before; more than 16 are not told apart. */
  readonly alarms: number;
}

/** How the fleet's budget of false alarms is spent, and which rules have noisy subjects. */
export interface ApiSensitivity {
  /** null: no budget is set, and nothing is raised for one. */
  readonly falseAlarmsPerWeek: number | null;
  /** Looks a week of all rules over the whole fleet, smoothed; absent until they were counted. */
  readonly looksPerWeek?: number;
  /** Evidence that a look must reach so that the budget is kept. */
  readonly neededNats?: number;
  readonly rules: readonly ApiRuleSensitivity[];
  /** Subjects whose own alarms raised their threshold. */
  readonly noisy: readonly ApiNoisySubject[];
}

export interface ApiNoisySubject {
  /** As the list of subjects gives it. */
  readonly id: string;
  readonly rule: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly raiseNats: number;
  /** In the week before; more than 16 are not told apart. */
  readonly alarms: number;
}

interface ApiRuleSensitivity {
  readonly rule: string;
  /** What tells it from other rules of its name. */
  readonly labels: Readonly<Record<string, string>>;
  readonly subjects: number;
  readonly noisySubjects: number;
  /** Nats at which its tests fire by themselves; absent without a budget. */
  readonly ownNats?: number;
  /** What the budget adds for all its subjects. */
  readonly raiseNats: number;
}
