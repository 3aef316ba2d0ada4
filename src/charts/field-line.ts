import { extent, scaleLinear } from 'd3';
import { timeShare } from './time-travel.ts';

/** A number that a field had from a time on; undefined where it had none. */
export interface FieldNumber {
  atUs: number;
  value: number | undefined;
}

/** A number over time as a line that stays where it is until the number changes; x and y in units of the size. */
export interface FieldLine {
  path: string;
  min: number | undefined;
  max: number | undefined;
  /** Whether numbers stand so near together that strokes take the place of steps. */
  isDense: boolean;
}

/** Changes of a number between two times. What is nearer together than one of `size.pixels` is a stroke from least to greatest. */
export function fieldLine(
  numbers: readonly FieldNumber[],
  size: { width: number; height: number; pixels: number; fromUs: number; toUs: number },
): FieldLine {
  const [min, max] = extent(numbers, ({ value }) => (Number.isFinite(value) ? value : undefined));
  if (min === undefined || max === undefined)
    return { path: '', min: undefined, max: undefined, isDense: false };
  const [low, high] = [size.height - 2, 2];
  const y = min === max ? () => size.height / 2 : scaleLinear([min, max], [low, high]);
  const x = (us: number) => timeShare(us, size.fromUs, size.toUs) * size.width;
  const isDense = numbers.length > size.pixels * 2;
  const path = isDense ? strokes(numbers, x, y, size.width / size.pixels) : steps(numbers, x, y, size.toUs);
  return { path, min, max, isDense };
}

type Place = (value: number) => number;

function steps(numbers: readonly FieldNumber[], x: Place, y: Place, toUs: number): string {
  let path = '';
  let isDrawing = false;
  for (const [at, { atUs, value }] of numbers.entries()) {
    const isNumber = value !== undefined && Number.isFinite(value);
    if (isNumber)
      path += `${isDrawing ? 'V' : `M${round(x(atUs))} `}${round(y(value))}H${round(x(numbers[at + 1]?.atUs ?? toUs))}`;
    isDrawing = isNumber;
  }
  return path;
}

/** For each pixel a stroke over all numbers that stood in it, and a line to the next. */
function strokes(numbers: readonly FieldNumber[], x: Place, y: Place, pixel: number): string {
  const ranges = new Map<number, { top: number; bottom: number; last: number }>();
  for (const { atUs, value } of numbers) {
    if (value === undefined || !Number.isFinite(value)) continue;
    const column = Math.floor(x(atUs) / pixel);
    const place = y(value);
    const range = ranges.get(column);
    ranges.set(column, {
      top: Math.min(range?.top ?? place, place),
      bottom: Math.max(range?.bottom ?? place, place),
      last: place,
    });
  }
  let before: number | undefined;
  let path = '';
  for (const [column, { top, bottom, last }] of ranges) {
    const left = round(column * pixel);
    const from = before === undefined ? top : Math.min(top, before);
    const to = before === undefined ? bottom : Math.max(bottom, before);
    path += `M${left} ${round(from)}V${round(Math.max(to, from + 0.5))}`;
    before = last;
  }
  return path;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
