import { formatDuration, parseDuration } from './duration.ts';
import { cronProblem, openCron, type ScheduleConfig, type ScheduleRule, slotLine } from './slots.ts';

const hourMs = 3_600_000;
const shortestIntervalMs = 60_000;

/**
 * Reads "30m", "every 30 minutes", "hourly" or a cron expression of five fields (UTC).
 * Returns what is wrong as a phrase where it is neither.
 */
export function parseSchedule(text: string): { rule: ScheduleRule } | { problem: string } {
  const words = text.trim();
  const everyMs = parseDuration(words.replace(/^every[\s_]+/i, '')) ?? named.get(words.toLowerCase());
  if (everyMs !== undefined) {
    return everyMs < shortestIntervalMs
      ? { problem: 'an interval shorter than a minute' }
      : { rule: { kind: 'interval', everyMs } };
  }
  if (!words.startsWith('@') && words.split(/\s+/).length !== 5) {
    return { problem: 'neither an interval nor a cron expression of five fields' };
  }
  const problem = cronProblem(words);
  return problem === undefined ? { rule: { kind: 'cron', cron: words } } : { problem };
}

const named = new Map([
  ['hourly', hourMs],
  ['daily', 24 * hourMs],
  ['weekly', 7 * 24 * hourMs],
]);

/**
 * How late a snapshot may be and still be on time, where daybook.yaml does not say: half the time to the next slot,
 * because by then it is nearer to its own slot than to the next; at most an hour, which covers the usual delay of
 * hosted CI (minutes, at busy hours more) without hiding that a daily job came in the evening; at least a minute.
 */
export function defaultToleranceMs(rule: ScheduleRule): number {
  const spacingMs =
    rule.kind === 'interval'
      ? rule.everyMs
      : slotLine(rule, sampleFromUs, sampleFromUs + sampleSpanUs).spacingUs / 1000;
  return Math.max(60_000, Math.min(spacingMs / 2, hourMs));
}

// Four years hold a leap day; the spacing of a cron line is measured there.
const sampleFromUs = Date.UTC(2024, 0, 1) * 1000;
const sampleSpanUs = 4 * 366 * 24 * hourMs * 1000;

/** A rule with its tolerance; the default of the rule unless one is given. */
export function resolveSchedule(rule: ScheduleRule, toleranceMs?: number): ScheduleConfig {
  return { ...rule, toleranceMs: toleranceMs ?? defaultToleranceMs(rule) };
}

/** The next slots strictly after `afterUs`, oldest first; fewer where the schedule ends. */
export function nextSlots(rule: ScheduleRule, afterUs: number, count: number): number[] {
  if (rule.kind === 'interval') {
    const everyUs = rule.everyMs * 1000;
    const next = Math.floor(afterUs / everyUs) + 1;
    return Array.from({ length: count }, (_, step) => (next + step) * everyUs);
  }
  return openCron(rule.cron)
    .nextRuns(count, new Date(Math.floor(afterUs / 1000)))
    .map((run) => run.getTime() * 1000);
}

/** The word periodic snapshots carry as `interval`: "30_minutes", or the cron expression as it is. */
export function intervalWord(rule: ScheduleRule): string {
  if (rule.kind === 'interval') return formatDuration(rule.everyMs).replace(' ', '_');
  const step = /^(?:\*|\d+)\/(\d+) \* \* \* \*$/.exec(rule.cron.trim().replace(/\s+/g, ' '));
  if (step !== null && 60 % Number(step[1]) === 0) return `${step[1]}_minutes`;
  return rule.cron;
}
