/** What the way across a chart of curves can mean. */
export type CurveAxis = 'step' | 'time' | 'epoch';

/** All of them, in the order in which they are offered. */
export const curveAxes: readonly CurveAxis[] = ['step', 'time', 'epoch'];

/** The points of one series, as its file has them. */
export interface Course {
  name: string;
  steps: readonly number[];
  timesUs: readonly (number | null)[];
  values: readonly number[];
}

/** What the series of one run say of its steps beside their values. */
export interface RunClock {
  /** The earliest time among all points; times are told from here. */
  startUs: number | undefined;
  /** The series that counts epochs, where steps are something finer. */
  epochs: Course | undefined;
}

/** Reads the clock of a run from its series. */
export function clockOf(series: readonly Course[]): RunClock {
  let startUs: number | undefined;
  for (const { timesUs } of series)
    for (const us of timesUs) if (us !== null && (startUs === undefined || us < startUs)) startUs = us;
  return { startUs, epochs: series.find(({ name }) => name === 'epoch' || name.endsWith('/epoch')) };
}

/** Which axes the series of a run can be drawn on. */
export function axesOf(series: readonly Course[], { startUs, epochs }: RunClock): CurveAxis[] {
  const hasTimes =
    startUs !== undefined && series.some(({ timesUs }) => timesUs.some((us) => us !== null && us > startUs));
  const hasEpochs =
    epochs?.values.some((value) => value !== epochs.values[0]) &&
    series.some(({ name }) => name !== epochs.name);
  return curveAxes.filter((axis) => axis === 'step' || (axis === 'time' ? hasTimes : hasEpochs));
}

/** Where each point of a series stands on an axis: steps, milliseconds since the start, epochs; NaN where that is not known. */
export function placesOn(axis: CurveAxis, course: Course, clock: RunClock): number[] {
  if (axis === 'step') return [...course.steps];
  const { startUs, epochs } = clock;
  if (axis === 'time')
    return course.timesUs.map((us) =>
      us === null || startUs === undefined ? Number.NaN : (us - startUs) / 1000,
    );
  const marks = epochs === undefined ? undefined : epochMarks(epochs);
  return course.steps.map((step) => (marks === undefined ? Number.NaN : epochAt(marks, step)));
}

/** A stretch in terms of what is recorded: steps, or times in microseconds; both ends inclusive. */
export interface RecordedSpan {
  by: 'steps' | 'timesUs';
  from: number;
  to: number;
}

/** What was recorded in a window of an axis; undefined where nothing can be. */
export function spanOn(
  axis: CurveAxis,
  [from, to]: readonly [number, number],
  { startUs, epochs }: RunClock,
): RecordedSpan | undefined {
  if (axis === 'step') return { by: 'steps', from, to };
  if (axis === 'time')
    return startUs === undefined
      ? undefined
      : { by: 'timesUs', from: startUs + from * 1000, to: startUs + to * 1000 };
  if (epochs === undefined) return undefined;
  const { steps, values } = epochMarks(epochs);
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let at = 1; at < steps.length; at++) {
    const [low, high] = [Math.min(values[at - 1]!, values[at]!), Math.max(values[at - 1]!, values[at]!)];
    if (high < from || low > to) continue;
    const rise = (values[at]! - values[at - 1]!) / (steps[at]! - steps[at - 1]!);
    const stepAt = (epoch: number) => steps[at - 1]! + (epoch - values[at - 1]!) / rise;
    const ends = [stepAt(Math.max(low, from)), stepAt(Math.min(high, to))].filter(Number.isFinite);
    const found = ends.length === 2 ? ends : [steps[at - 1]!, steps[at]!];
    first = Math.min(first, ...found);
    last = Math.max(last, ...found);
  }
  return first > last ? undefined : { by: 'steps', from: first, to: last };
}

/** The steps at which epochs are known, and the last step that any is counted at. */
interface EpochMarks {
  steps: number[];
  values: number[];
  end: number;
}

/**
 * Where each epoch begins: a program that writes its epoch with every point says the same one many times, and the points of
 * it belong between its beginning and the next.
 */
function epochMarks({ steps, values }: Course): EpochMarks {
  const marks: EpochMarks = { steps: [], values: [], end: steps.at(-1) ?? Number.NaN };
  for (const [at, value] of values.entries()) {
    if (!Number.isFinite(value) || (at > 0 && value === marks.values.at(-1))) continue;
    marks.steps.push(steps[at]!);
    marks.values.push(value);
  }
  const [last, before] = [marks.steps.at(-1), marks.steps.at(-2)];
  if (last === undefined || before === undefined || !(last < marks.end)) return marks;
  // The last one has no next: it goes on as the one before it, and no farther than another would begin.
  const pace = (marks.values.at(-1)! - marks.values.at(-2)!) / (last - before);
  const most = marks.values.at(-1)! - marks.values.at(-2)!;
  marks.values.push(marks.values.at(-1)! + Math.min(pace * (marks.end - last), most));
  marks.steps.push(marks.end);
  return marks;
}

/** The epoch of a step: between two that are told, the share of the way between them. */
function epochAt({ steps, values, end }: EpochMarks, step: number): number {
  let [low, high] = [0, steps.length - 1];
  if (high < 0 || step < steps[0]! || step > end) return Number.NaN;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle]! < step) low = middle + 1;
    else high = middle;
  }
  if (steps[low] === step || low === 0) return values[low]!;
  const share = (step - steps[low - 1]!) / (steps[low]! - steps[low - 1]!);
  return values[low - 1]! + share * (values[low]! - values[low - 1]!);
}
