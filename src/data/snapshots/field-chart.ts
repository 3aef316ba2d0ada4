import { formatNumber } from '../../../collector/base/format/number.ts';
import { plural, shorten } from '../../../collector/base/format/words.ts';
import { type FieldBand, fieldBand } from '../../charts/field-band.ts';
import { type Stretch, silences } from '../../charts/field-gaps.ts';
import { type FieldLine, fieldLine } from '../../charts/field-line.ts';
import { timeShare } from '../../charts/time-travel.ts';
import { jsonText, numberIn } from '../browser.ts';
import type { Json } from '../values/value.ts';
import { lastKey, valueText } from './changes.ts';
import type { FieldPoint } from './index.ts';
import type { RolledSpan } from './rolled.ts';
import { type StateTone, stateTone } from './tones.ts';

/** A field over time: numbers as a line, anything else as a band of states; and where nobody looked, or only roll-ups are left. */
export type FieldChart = (
  | { kind: 'line'; line: FieldLine; minText: string; maxText: string }
  | { kind: 'band'; band: FieldBand; tones: StateTone[] }
) & { gaps: ChartSpan[]; rolled: (ChartSpan & { text: string })[] };

/** A stretch of time in hundredths of the width. */
export interface ChartSpan extends Stretch {
  x: number;
  width: number;
}

/** What a field was at one moment, and how it stands among its changes. */
export interface FieldMoment {
  text: string;
  /** The recorded value where the text is not the whole of it. */
  whole: string | undefined;
  isGone: boolean;
  /** Since when it had this value; undefined where the field had not been recorded yet. */
  sinceUs: number | undefined;
  /** Number of the value among all of the field, -1 before the first. */
  at: number;
}

/** Units of the drawings: charts are stretched to any width. */
export const chartUnits = { width: 1000, height: 40, pixels: 500, slots: 100 };

const maxStateChars = 60;
const maxValueChars = 40;

/**
 * Draws the values of a field between the first and the last snapshot; `times` are those of all snapshots, `rolled` what is left of
 * those that were thinned out. A wide chart begins with these where they are older.
 */
export function fieldChart(
  path: string,
  points: readonly FieldPoint[],
  times: ArrayLike<number>,
  { rolled = [], isWide = false }: { rolled?: readonly RolledSpan[]; isWide?: boolean } = {},
): FieldChart {
  const first = times[0] ?? 0;
  const range = {
    fromUs: isWide ? Math.min(first, rolled[0]?.fromUs ?? first) : first,
    toUs: times[times.length - 1] ?? 0,
  };
  const key = lastKey(path);
  const spanOf = ({ fromUs, toUs }: Stretch): ChartSpan => {
    const x = timeShare(fromUs, range.fromUs, range.toUs) * 100;
    return { fromUs, toUs, x, width: timeShare(toUs, range.fromUs, range.toUs) * 100 - x };
  };
  const seen = rolled.filter(({ toUs }) => toUs > range.fromUs || isWide);
  const silent = silences(times, rolled);
  const about = {
    gaps: silent.map(spanOf),
    rolled: seen.map((span) => ({ ...spanOf(span), text: rolledText(span, key) })),
  };
  if (isNumeric(points) && seen.every((span) => span.range !== undefined)) {
    const numbers = points.map(([at, value]) => ({
      atUs: times[at]!,
      value: numberIn(value),
    }));
    const { width, height, pixels } = chartUnits;
    const ranges = seen.map(({ fromUs, toUs, range: of }) => ({ fromUs, toUs, ...of! }));
    const breaks = [...silent, ...seen].sort((a, b) => a.fromUs - b.fromUs);
    const line = fieldLine(numbers, { width, height, pixels, ...range }, { rolled: ranges, breaks });
    return {
      kind: 'line',
      line,
      minText: valueText(line.min, key),
      maxText: valueText(line.max, key),
      ...about,
    };
  }
  const states = points.map((point) => ({
    atUs: times[point[0]]!,
    state: point.length === 1 ? undefined : shorten(valueText(point[1] as Json, key), maxStateChars),
  }));
  // What was the same all the time is told by the band itself.
  const isTold = ({ seen: texts, more, range: of, fromUs }: RolledSpan) =>
    of === undefined &&
    !more &&
    texts.length === 1 &&
    states.findLast(({ atUs }) => atUs <= fromUs)?.state ===
      shorten(valueText(texts[0]!, key), maxStateChars);
  const changing = about.rolled.filter((_, at) => !isTold(seen[at]!));
  const band = fieldBand(states, { width: 100, slots: chartUnits.slots, ...range });
  return {
    kind: 'band',
    band,
    tones: band.states.map(({ state }) => stateTone(state)),
    ...about,
    rolled: changing,
  };
}

/** "0 to 7, mean 2.5, of 23 snapshots", "main, dev, of 2 snapshots" */
function rolledText({ count, range, seen, more }: RolledSpan, key: string): string {
  const texts = seen.slice(0, 3).map((text) => shorten(text, maxValueChars));
  const values =
    range === undefined
      ? [...texts, ...(more || seen.length > 3 ? ['others'] : [])]
      : range.min === range.max
        ? [valueText(range.min, key)]
        : [
            `${valueText(range.min, key)} to ${valueText(range.max, key)}`,
            `mean ${formatNumber(range.mean)}`,
          ];
  return `${values.join(', ')}, of ${plural(count, 'snapshot')} that ${count === 1 ? 'was' : 'were'} thinned out`;
}

/** The value of a field at a snapshot. */
export function fieldMoment(
  path: string,
  points: readonly FieldPoint[],
  times: ArrayLike<number>,
  snapshot: number,
): FieldMoment {
  let [low, high] = [0, points.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle]![0] <= snapshot) low = middle + 1;
    else high = middle;
  }
  const point = points[low - 1];
  if (point === undefined)
    return { text: 'not yet recorded', whole: undefined, isGone: true, sinceUs: undefined, at: -1 };
  const at = { sinceUs: times[point[0]]!, at: low - 1 };
  if (point.length === 1) return { text: 'no longer recorded', whole: undefined, isGone: true, ...at };
  const text = valueText(point[1] as Json, lastKey(path));
  const exact = typeof point[1] === 'string' ? point[1] : jsonText(point[1]);
  const shown = shorten(text, maxValueChars);
  return { text: shown, whole: shown === exact ? undefined : shorten(exact, 2000), isGone: false, ...at };
}

/** Numbers, and nothing but numbers and holes. */
function isNumeric(points: readonly FieldPoint[]): boolean {
  return (
    points.some(([, value]) => numberIn(value) !== undefined) &&
    points.every(([, value]) => value === undefined || value === null || numberIn(value) !== undefined)
  );
}
