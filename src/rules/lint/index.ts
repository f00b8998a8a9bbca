import { alwaysFires } from "./always-fires.ts";
import { deltaOfCounter } from "./delta-of-counter.ts";
import { detectByLabel } from "./detect-by-label.ts";
import { detectThresholds } from "./detect-thresholds.ts";
import { duplicateRule } from "./duplicate-rule.ts";
import { ensembleCountedTwice } from "./ensemble-counted-twice.ts";
import { expiredException } from "./expired-exception.ts";
import { impossibleLabelValue } from "./impossible-label-value.ts";
import { joinWithoutSharedLabels } from "./join-without-shared-labels.ts";
import type { Lint } from "./lint.ts";
import { missingRunbook } from "./missing-runbook.ts";
import { missingSeverity } from "./missing-severity.ts";
import { missingSummary } from "./missing-summary.ts";
import { neverFires } from "./never-fires.ts";
import { overlappingExceptions } from "./overlapping-exceptions.ts";
import { quotedName } from "./quoted-name.ts";
import { rateOfGauge } from "./rate-of-gauge.ts";
import { shortFor } from "./short-for.ts";
import { shortRange } from "./short-range.ts";
import { thresholdUnit } from "./threshold-unit.ts";
import { unboundedRegex } from "./unbounded-regex.ts";
import { unknownLabel } from "./unknown-label.ts";
import { unknownMetric } from "./unknown-metric.ts";
import { unknownSeverity } from "./unknown-severity.ts";
import { unusedException } from "./unused-exception.ts";
import { valueInLabel } from "./value-in-label.ts";

/** Every lint: first what selectors read, then what expressions and detectors mean, then what people need, then the rules together. */
export const LINTS: readonly Lint[] = [
  unknownMetric,
  unknownLabel,
  impossibleLabelValue,
  rateOfGauge,
  deltaOfCounter,
  shortRange,
  ensembleCountedTwice,
  thresholdUnit,
  unboundedRegex,
  joinWithoutSharedLabels,
  neverFires,
  alwaysFires,
  detectByLabel,
  detectThresholds,
  shortFor,
  missingSeverity,
  unknownSeverity,
  missingSummary,
  missingRunbook,
  valueInLabel,
  quotedName,
  duplicateRule,
  overlappingExceptions,
  expiredException,
  unusedException,
];
