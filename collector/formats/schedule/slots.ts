import { Cron } from 'croner';

/** When snapshots are expected, always in UTC, and how late one may be and still be on time. */
export type ScheduleConfig = { toleranceMs: number } & (
  | { kind: 'cron'; cron: string }
  | { kind: 'interval'; everyMs: number }
);

/** A schedule without its tolerance: the rule that makes the slots. */
export type ScheduleRule = { kind: 'cron'; cron: string } | { kind: 'interval'; everyMs: number };

/**
 * All slots of a schedule as a numbered line, so that a stretch of ten years of minutes is one subtraction and
 * not five million dates.
 */
export interface SlotLine {
  /** Number of the newest slot at or before `us`; lower than `first` where there is none. */
  indexAt(us: number): number;
  /** Time of a slot by number. */
  timeOf(index: number): number;
  /** Number of the first slot of the line. */
  first: number;
  /** Shortest time between two slots. */
  spacingUs: number;
}

const dayMs = 86_400_000;
const minuteMs = 60_000;

/** The slots of a rule; a cron line covers [fromUs, toUs] and the slot after, an interval all times. */
export function slotLine(rule: ScheduleRule, fromUs: number, toUs: number): SlotLine {
  return rule.kind === 'interval' ? intervalLine(rule.everyMs * 1000) : cronLine(rule.cron, fromUs, toUs);
}

/** Checks a cron expression of five fields (or @hourly …) and says what is wrong with it; undefined = fine. */
export function cronProblem(cron: string): string | undefined {
  try {
    const job = openCron(cron);
    return job.nextRun(new Date(0)) === null ? 'it never occurs' : undefined;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return message.replace(/^CronPattern: /, '');
  }
}

/** Reads a cron expression; minutes are its finest step, as on every CI service. Throws where it is wrong. */
export function openCron(cron: string): Cron {
  return new Cron(cron, { utcOffset: 0, mode: '5-part', paused: true });
}

function intervalLine(everyUs: number): SlotLine {
  return {
    indexAt: (us) => Math.floor(us / everyUs),
    timeOf: (index) => index * everyUs,
    first: Number.NEGATIVE_INFINITY,
    spacingUs: everyUs,
  };
}

/** Every matching day of a five-field cron has the same minutes, so days and minutes are found apart. */
function cronLine(cron: string, fromUs: number, toUs: number): SlotLine {
  const job = openCron(cron);
  const days = matchingDays(job, cron, Math.floor(fromUs / 1000), Math.ceil(toUs / 1000));
  const minutes = days.length === 0 ? [] : minutesOf(job, days[0]!);
  const perDay = minutes.length;
  return {
    indexAt: (us) => {
      const ms = us / 1000;
      const day = lastAtOrBefore(days, ms);
      return day < 0 ? -1 : day * perDay + lastAtOrBefore(minutes, ms - days[day]!);
    },
    timeOf: (index) => (days[Math.floor(index / perDay)]! + minutes[index % perDay]!) * 1000,
    first: 0,
    spacingUs: shortestSpacing(days, minutes) * 1000,
  };
}

/** Starts of the days (ms) that have slots, from the day of `fromMs` to the first one after `toMs`. */
function matchingDays(job: Cron, cron: string, fromMs: number, toMs: number): number[] {
  const days: number[] = [];
  const everyDay = /^(\S+\s+\S+\s+[*?]\s+\*\s+[*?]|@hourly|@daily|@midnight)$/i.test(cron.trim());
  let day = Math.floor(fromMs / dayMs) * dayMs;
  for (;;) {
    if (!everyDay) {
      const run = job.nextRun(new Date(day - 1000));
      if (run === null) break;
      day = Math.floor(run.getTime() / dayMs) * dayMs;
    }
    days.push(day);
    if (day > toMs) break;
    day += dayMs;
  }
  return days;
}

/** The minutes of one matching day that have a slot, as milliseconds after midnight. */
function minutesOf(job: Cron, day: number): number[] {
  const minutes: number[] = [];
  for (let run = job.nextRun(new Date(day - 1000)); run !== null; run = job.nextRun(run)) {
    if (run.getTime() >= day + dayMs) break;
    minutes.push(run.getTime() - day);
  }
  return minutes;
}

function shortestSpacing(days: number[], minutes: number[]): number {
  let shortest = Number.POSITIVE_INFINITY;
  for (let index = 1; index < minutes.length; index++) {
    shortest = Math.min(shortest, minutes[index]! - minutes[index - 1]!);
  }
  const overnight = minutes.length === 0 ? 0 : minutes[0]! - minutes.at(-1)!;
  for (let index = 1; index < days.length; index++) {
    shortest = Math.min(shortest, days[index]! - days[index - 1]! + overnight);
  }
  return Number.isFinite(shortest) ? Math.max(shortest, minuteMs) : dayMs;
}

/** Position of the last of the sorted values that is not above `value`, or -1. */
function lastAtOrBefore(sorted: number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
