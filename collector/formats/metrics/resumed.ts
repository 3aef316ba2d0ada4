import { isFalling } from './number-column.ts';
import type { MetricPoints, MetricSeries } from './series.ts';
import type { WrittenLines, WrittenSeries } from './written.ts';

/** A place where a run began again at an earlier step. */
interface Resume {
  clock: string;
  step: number;
  /** The first line of the new attempt, in the order that counts. */
  rank: number;
  /** The furthest step before, and the last point before. */
  furthest: number;
  after: number;
}

/**
 * Tells the attempts of a run that was resumed apart: what an attempt wrote from the step on at which a later one began
 * again is set aside. Lines that were written twice count once; late ones are put where they belong; where several
 * wrote at once, nothing is set aside. docs/runs.md has the rule. `unsettled` is called where lines that are still to come may
 * change what earlier ones are taken for, although they go on from the last.
 */
export function settleResumes(
  series: readonly WrittenSeries[],
  lines: WrittenLines,
  effects: { unsettled?(): void } = {},
): MetricSeries[] {
  const { steps } = lines;
  const timesUs = lines.timesUs();
  const isPlain = !isFalling(steps) || !series.some((each) => isFalling(each.of(steps)));
  const isInTime = timesUs === undefined || !isFalling(timesUs);
  if (isPlain && isInTime) return series.map((each) => plain(each, steps, timesUs));
  const ranks = ranksOf(steps.length, isInTime ? undefined : timesUs);
  const courses = series.map((each) => courseOf(each, lines, timesUs, ranks));
  if (!isInTime || !courses.every(isSettled)) effects.unsettled?.();
  const resumes = withoutEchoes(courses.flatMap((course) => course.resumes));
  return courses.map((course) => settled(course, resumes));
}

/** Points that are still to come belong to the last stretch: of one that is an attempt of its own they change nothing. */
function isSettled({ points, resumes, lastStretchAt }: Course): boolean {
  return lastStretchAt === points[0]?.rank || resumes.at(-1)?.rank === lastStretchAt;
}

/** A series that is written seldom goes back long after the one that tells where the run began again. */
function withoutEchoes(resumes: Resume[]): Resume[] {
  const causes: Resume[] = [];
  for (const resume of resumes.sort((a, b) => a.rank - b.rank || b.furthest - a.furthest)) {
    if (!isEcho(resume, causes)) causes.push(resume);
  }
  return causes;
}

function isEcho({ clock, step, furthest, after }: Resume, causes: readonly Resume[]): boolean {
  for (let at = causes.length - 1; at >= 0 && causes[at]!.rank > after; at--) {
    const cause = causes[at]!;
    if (cause.clock === clock && cause.step <= step && furthest <= cause.furthest) return true;
  }
  return false;
}

const plain = (
  series: WrittenSeries,
  steps: Float64Array,
  timesUs: Float64Array | undefined,
): MetricSeries => ({
  name: series.name,
  steps: series.of(steps),
  timesUs: timesUs && series.of(timesUs),
  values: series.values,
});

/** The order of lines: that of the file, but that of their times where these go back and each has one. */
function ranksOf(lines: number, timesUs: Float64Array | undefined): Float64Array {
  const order = Float64Array.from({ length: lines }, (_, line) => line);
  if (timesUs !== undefined && !timesUs.includes(Number.NaN))
    order.sort((a, b) => timesUs[a]! - timesUs[b]! || a - b);
  const ranks = new Float64Array(lines);
  for (let rank = 0; rank < lines; rank++) ranks[order[rank]!] = rank;
  return ranks;
}

interface Point {
  step: number;
  /** NaN where it has none. */
  timeUs: number;
  value: number;
  rank: number;
  /** late: belongs between earlier ones. again: stands for the same point before it. repeated: is that point once more. */
  kind: 'next' | 'late' | 'again' | 'repeated';
}

interface Course {
  name: string;
  clock: string | undefined;
  points: Point[];
  resumes: Resume[];
  /** Whether several wrote at once, so that order says nothing. */
  isMixed: boolean;
  /** The first line of the last stretch. */
  lastStretchAt: number | undefined;
}

function courseOf(
  written: WrittenSeries,
  lines: WrittenLines,
  timesUs: Float64Array | undefined,
  ranks: Float64Array,
): Course {
  const records = written.records();
  const { steps } = lines;
  const points = Array.from(written.values, (value, at): Point => {
    const record = records[at]!;
    const timeUs = timesUs?.[record] ?? Number.NaN;
    return { step: steps[record]!, timeUs, value, rank: ranks[record]!, kind: 'next' };
  }).sort((a, b) => a.rank - b.rank);
  const clock = lines.clockOf(records[0]!);
  const course: Course = {
    name: written.name,
    clock,
    points,
    resumes: [],
    isMixed: false,
    lastStretchAt: undefined,
  };
  const isOneClock = clock !== undefined && records.every((record) => lines.clockOf(record) === clock);
  const stretches = isOneClock ? stretchesOf(points) : [points];
  course.isMixed = isInterleaved(stretches);
  course.lastStretchAt = stretches.at(-1)?.[0]?.rank;
  if (course.isMixed || !isOneClock) return course;
  const seen = new Map<number, Point>();
  let furthest = Number.NEGATIVE_INFINITY;
  for (const [number, stretch] of stretches.entries()) {
    if (number > 0) {
      const after = stretches[number - 1]!.at(-1)!.rank;
      judge(stretch, seen, { clock, furthest, after }, course.resumes);
    }
    for (const point of stretch) {
      if (point.kind !== 'repeated') seen.set(point.step, point);
      furthest = Math.max(furthest, point.step);
    }
  }
  return course;
}

/** Points whose steps do not go back, one stretch behind the other. */
function stretchesOf(points: readonly Point[]): Point[][] {
  const stretches: Point[][] = [];
  let before = Number.NEGATIVE_INFINITY;
  for (const point of points) {
    if (point.step < before || stretches.length === 0) stretches.push([]);
    stretches.at(-1)!.push(point);
    before = point.step;
  }
  return stretches;
}

/** Several writers that go on side by side: steps go back at every second or third point, from ever later places. */
function isInterleaved(stretches: readonly Point[][]): boolean {
  const points = stretches.reduce((sum, { length }) => sum + length, 0);
  if (stretches.length < 4 || points >= 3 * stretches.length) return false;
  return stretches.every((stretch, at) => at <= 1 || stretch[0]!.step > stretches[at - 1]![0]!.step);
}

/** What a stretch is that begins at an earlier step: an attempt of its own, late lines, or lines that stand there already. */
function judge(
  stretch: readonly Point[],
  seen: ReadonlyMap<number, Point>,
  before: Pick<Resume, 'clock' | 'furthest' | 'after'>,
  resumes: Resume[],
): void {
  const { furthest } = before;
  const known = stretch.filter(({ step }) => seen.has(step));
  const goesOn = stretch.at(-1)!.step >= furthest;
  if (known.length === 0 && !goesOn) {
    for (const point of stretch) point.kind = 'late';
  } else if (known.length > 0 && known.every((point) => isSame(point, seen.get(point.step)!))) {
    for (const point of stretch)
      point.kind = !seen.has(point.step)
        ? point.step < furthest
          ? 'late'
          : 'next'
        : goesOn
          ? 'again'
          : 'repeated';
  } else {
    const { step, rank } = stretch[0]!;
    resumes.push({ ...before, step, rank });
  }
}

function isSame(a: Point, b: Point): boolean {
  return Object.is(a.value, b.value) && Object.is(a.timeUs, b.timeUs);
}

function settled(
  { name, clock, points, resumes: _own, isMixed }: Course,
  all: readonly Resume[],
): MetricSeries {
  const mine = isMixed ? [] : all.filter((resume) => resume.clock === clock);
  const kept: Point[] = [];
  const late: Point[] = [];
  const earlier: Point[] = [];
  const at = new Set<number>();
  let furthest = Number.NEGATIVE_INFINITY;
  let next = 0;
  const resumeUpTo = (rank: number) => {
    for (; next < mine.length && mine[next]!.rank <= rank; next++) {
      const resume = mine[next]!;
      // A series that was further on counts its steps otherwise.
      if (furthest > resume.furthest) continue;
      const aside = [...takeFrom(kept, resume.step), ...takeLate(late, resume.step)];
      if (aside.length > 0) at.add(resume.step);
      earlier.push(...aside.sort((a, b) => a.rank - b.rank));
    }
  };
  for (const point of points) {
    resumeUpTo(point.rank);
    furthest = Math.max(furthest, point.step);
    if (point.kind === 'late') late.push(point);
    // What stands there already counts once; where a resume took it away, it counts again.
    else if (point.kind !== 'repeated' || kept.length === 0 || kept.at(-1)!.step < point.step) {
      if (point.kind === 'again') takeSame(kept, point);
      kept.push(point);
    }
  }
  resumeUpTo(Number.POSITIVE_INFINITY);
  const counted = late.length > 0 || isMixed ? [...kept, ...late].sort((a, b) => a.step - b.step) : kept;
  const result: MetricSeries = { name, ...columnsOf(counted) };
  if (earlier.length > 0) result.resumed = { by: clock ?? 'step', at: [...at], earlier: columnsOf(earlier) };
  return result;
}

/** Takes what stands from a step on from the end of points whose steps do not go back. */
function takeFrom(points: Point[], step: number): Point[] {
  let from = points.length;
  while (from > 0 && points[from - 1]!.step >= step) from--;
  return points.splice(from);
}

function takeLate(points: Point[], step: number): Point[] {
  const taken = points.filter((point) => point.step >= step);
  if (taken.length > 0) points.splice(0, points.length, ...points.filter((point) => point.step < step));
  return taken;
}

/** Points that stand again further down count there. */
function takeSame(points: Point[], { step, rank }: Point): void {
  let from = points.length;
  while (from > 0 && points[from - 1]!.step >= step && points[from - 1]!.rank < rank) from--;
  points.splice(from);
}

function columnsOf(points: readonly Point[]): MetricPoints {
  const timesUs = Float64Array.from(points, ({ timeUs }) => timeUs);
  return {
    steps: Float64Array.from(points, ({ step }) => step),
    timesUs: timesUs.every(Number.isNaN) ? undefined : timesUs,
    values: Float64Array.from(points, ({ value }) => value),
  };
}
