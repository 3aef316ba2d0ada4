import { shorten } from '../../../collector/base/format/words.ts';
import { type FieldBand, fieldBand } from '../../charts/field-band.ts';
import { type FieldLine, fieldLine } from '../../charts/field-line.ts';
import { jsonText, numberIn } from '../browser.ts';
import type { Json } from '../values/value.ts';
import { lastKey, valueText } from './changes.ts';
import type { FieldPoint } from './index.ts';
import { type StateTone, stateTone } from './tones.ts';

/** A field over time: numbers as a line, anything else as a band of states. */
export type FieldChart =
  | { kind: 'line'; line: FieldLine; minText: string; maxText: string }
  | { kind: 'band'; band: FieldBand; tones: StateTone[] };

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

/** Draws the values of a field between the first and the last snapshot; `times` are those of all snapshots. */
export function fieldChart(
  path: string,
  points: readonly FieldPoint[],
  times: ArrayLike<number>,
): FieldChart {
  const range = { fromUs: times[0] ?? 0, toUs: times[times.length - 1] ?? 0 };
  const key = lastKey(path);
  if (isNumeric(points)) {
    const numbers = points.map(([at, value]) => ({
      atUs: times[at]!,
      value: numberIn(value),
    }));
    const { width, height, pixels } = chartUnits;
    const line = fieldLine(numbers, { width, height, pixels, ...range });
    return { kind: 'line', line, minText: valueText(line.min, key), maxText: valueText(line.max, key) };
  }
  const states = points.map((point) => ({
    atUs: times[point[0]]!,
    state: point.length === 1 ? undefined : shorten(valueText(point[1] as Json, key), maxStateChars),
  }));
  const band = fieldBand(states, { width: 100, slots: chartUnits.slots, ...range });
  return { kind: 'band', band, tones: band.states.map(({ state }) => stateTone(state)) };
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
