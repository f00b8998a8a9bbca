import type { MonitorEvent } from "../monitor/events.ts";
import type { World } from "../monitor/world.ts";
import type { EpochMs } from "../series/time.ts";
import type { ScrapeJob } from "../targets/job.ts";
import type { TargetsFound } from "../targets/target-set.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";

/** Counts and logs what a step did. */
export function report(telemetry: Telemetry, event: MonitorEvent): void {
  switch (event.kind) {
    case "scraped":
      reportScrape(telemetry, event);
      return;
    case "transition": {
      const { state, labels, reason } = event.transition;
      const about = { alertname: labels.get("alertname") ?? "", severity: labels.get("severity") };
      telemetry.alertTransition({ ...about, state, labels: String(labels), ...(reason !== undefined && { reason }) });
      return;
    }
    case "model": {
      const model = event.event.kind === "restarted" ? "" : String(event.event.id);
      telemetry.modelEvent(instanceOf(event.target), event.event.kind, model, event.announced?.name);
      return;
    }
    case "alerts-cut":
      telemetry.log.warn({ rule: event.rule, count: event.cut }, "the limit cuts off alerts; those there are stay");
      return;
    case "exception-ended": {
      const { rule, position, reason } = event;
      const place = `${position.file}:${position.line}`;
      telemetry.log.info({ rule, position: place, reason }, "an exception has ended; what it covered alerts again");
      return;
    }
    case "announcement": {
      const { outcome, why } = event;
      const { model, by } = event.announcement;
      telemetry.announced(outcome, { model, by, ...(why !== undefined && { why }) });
      return;
    }
    case "feedback": {
      const { verdict, note, by } = event.feedback;
      if (event.outcome !== "recorded") return;
      telemetry.learning.feedback(verdict, { labels: String(event.labels), by, note, did: event.did });
      return;
    }
    case "rebaselined": {
      const { labels, from, to, by } = event;
      telemetry.learning.rebaselined(event.rule.name, { labels: String(labels), from, to, by });
      return;
    }
    case "noise":
      reportNoise(telemetry, event);
      return;
    case "target-gone":
      telemetry.targetGone(toldOf(event.target));
      return;
    case "reloaded": {
      const { added, removed, changed, ended } = event;
      telemetry.log.info({ added, removed, changed, ended }, "rules are in force");
      return;
    }
    case "bug":
      telemetry.bugCaught(event.where, event.error);
      return;
    case "rule-failed":
    // It was told with its evaluation.
  }
}

function reportNoise({ log }: Telemetry, event: Extract<MonitorEvent, { kind: "noise" }>): void {
  const { rule, labels, raise, alarms } = event;
  const about = { rule: rule.name, labels: String(labels), raise_nats: raise, alarms };
  log.info(about, raise > 0 ? "subject is noisy; its threshold is raised" : "subject is quiet again");
}

function reportScrape(telemetry: Telemetry, event: Extract<MonitorEvent, { kind: "scraped" }>): void {
  const target = toldOf(event.target);
  const kind = event.outcome === "page" ? "body" : event.outcome;
  const outcome = { kind, ...(event.why !== undefined && { why: event.why }) };
  if (event.outcome === "page") telemetry.pageOddities(target, event.problems, event.series);
  telemetry.scrapeFinished(target, outcome, event.seconds, event.samples);
}

const toldOf = (target: { get(name: string): string | undefined }) => ({
  job: target.get("job") ?? "",
  instance: instanceOf(target),
});

const instanceOf = (target: { get(name: string): string | undefined }): string => target.get("instance") ?? "";

/** Measures what the world holds after a step. */
export function measure(telemetry: Telemetry, world: World, now: EpochMs): void {
  let oldest: number = now;
  let series = world.store.recorder.size;
  for (const table of world.store.tables()) {
    series += table.size;
    if (table.newest >= 0) oldest = Math.min(oldest, table.time(table.oldest));
  }
  telemetry.storeMeasured({ reachSeconds: (now - oldest) / 1000, bytes: world.store.bytes, series });
  telemetry.refusedSoFar(world.refused());
  telemetry.stepped(now / 1000);
}

/** Counts the targets of each job; one that has none is there with 0, or nobody could tell. */
export function countTargets(telemetry: Telemetry, jobs: readonly ScrapeJob[], found: TargetsFound): void {
  const counts = new Map(jobs.map(({ jobName }) => [jobName, { active: 0, dropped: 0 }]));
  // Targets of jobs that a reload took away are there until what is looked for now is found.
  for (const { job } of found.targets) (counts.get(job.jobName) ?? { active: 0 }).active++;
  for (const { job } of found.dropped) (counts.get(job) ?? { dropped: 0 }).dropped++;
  telemetry.targetsChanged(counts);
}

/** Names the rules in force, with their severities where those are fixed. */
export function nameRules(telemetry: Telemetry, world: World): void {
  const rules = [...world.ruleStates.keys()].map(({ name, labels }) => {
    const severity = labels.find(([label]) => label === "severity")?.[1];
    return { name, ...(severity?.program === undefined && severity !== undefined && { severity: severity.text }) };
  });
  telemetry.rulesInForce([...rules, ...[...world.recordStates.keys()].map(({ name }) => ({ name }))]);
}
