import type { PlainLine } from './closed-lines.ts';

/** Which lines of a log are closed, and what makes a segment of them. */
export interface ArchiveRule {
  /** A segment for each month of UTC that is over, or one for so many bytes of the log. */
  by: 'month' | number;
  /** What is younger stays in the log: lines, or months that were not over then. */
  beforeUs: number;
}

/** Lines that make a segment, in order of time. */
export interface LineGroup {
  period: string;
  lines: PlainLine[];
}

/** Lines of a log as the segments that they make; what belongs to none stays in the log. */
export function closedGroups(lines: readonly PlainLine[], rule: ArchiveRule): LineGroup[] {
  const groups = rule.by === 'month' ? byMonth(lines, rule.beforeUs) : bySize(lines, rule.by, rule.beforeUs);
  // Lines of one time keep their order: the later one is the newer. Clones that archive the same lines write the same segment.
  return groups.map(({ period, lines: some }) => ({
    period,
    lines: some.toSorted((a, b) => a.atUs - b.atUs),
  }));
}

function byMonth(lines: readonly PlainLine[], beforeUs: number): LineGroup[] {
  const groups = new Map<string, PlainLine[]>();
  let [month, startUs, endUs] = ['', 0, 0];
  for (const line of lines) {
    if (line.atUs < startUs || line.atUs >= endUs) {
      const date = new Date(line.atUs / 1000);
      month = date.toISOString().slice(0, 7);
      startUs = Date.UTC(date.getUTCFullYear(), date.getUTCMonth()) * 1000;
      endUs = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1) * 1000;
    }
    if (endUs > beforeUs) continue;
    const group = groups.get(month);
    if (group === undefined) groups.set(month, [line]);
    else group.push(line);
  }
  return [...groups].map(([period, some]) => ({ period, lines: some })).sort(byPeriod);
}

function byPeriod(a: LineGroup, b: LineGroup): number {
  return a.period < b.period ? -1 : 1;
}

/** What does not fill a segment waits in the log until it does. */
function bySize(lines: readonly PlainLine[], bytes: number, beforeUs: number): LineGroup[] {
  const groups: LineGroup[] = [];
  let some: PlainLine[] = [];
  let size = 0;
  for (const line of lines) {
    if (line.atUs >= beforeUs) continue;
    some.push(line);
    size += line.length;
    if (size < bytes) continue;
    const firstUs = some.reduce((least, { atUs }) => Math.min(least, atUs), Number.POSITIVE_INFINITY);
    groups.push({ period: new Date(firstUs / 1000).toISOString().slice(0, 10), lines: some });
    some = [];
    size = 0;
  }
  return groups;
}
