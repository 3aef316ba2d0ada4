import { extent, scaleLinear } from 'd3';
import { type Stretch, without } from './field-gaps.ts';
import { timeShare } from './time-travel.ts';

/** A number that a field had from a time on; undefined where it had none. */
export interface FieldNumber {
  atUs: number;
  value: number | undefined;
}

/** What is left of the numbers of snapshots that were thinned out. */
export interface RolledNumber extends Stretch {
  min: number;
  max: number;
  mean: number;
}

/** Bands are at least so wide and high. */
const leastBand = 1.5;

/** A number over time as a line that stays where it is until the number changes; x and y in units of the size. */
export interface FieldLine {
  path: string;
  /** From least to greatest, with the mean, where snapshots were thinned out. */
  bands: (RolledNumber & { x: number; width: number; y: number; height: number; meanY: number })[];
  min: number | undefined;
  max: number | undefined;
  /** Whether numbers stand so near together that strokes take the place of steps. */
  isDense: boolean;
}

/** Changes of a number between two times. What is nearer together than one of `size.pixels` is a stroke from least to greatest. */
export function fieldLine(
  numbers: readonly FieldNumber[],
  size: { width: number; height: number; pixels: number; fromUs: number; toUs: number },
  { rolled = [], breaks = [] }: { rolled?: readonly RolledNumber[]; breaks?: readonly Stretch[] } = {},
): FieldLine {
  const all = [...numbers.map(({ value }) => value), ...rolled.flatMap(({ min, max }) => [min, max])];
  const [min, max] = extent(all, (value) => (Number.isFinite(value) ? value : undefined));
  if (min === undefined || max === undefined)
    return { path: '', bands: [], min: undefined, max: undefined, isDense: false };
  const [low, high] = [size.height - 2, 2];
  const y = min === max ? () => size.height / 2 : scaleLinear([min, max], [low, high]);
  const x = (us: number) => timeShare(us, size.fromUs, size.toUs) * size.width;
  const isDense = numbers.length > size.pixels * 2;
  const path = isDense
    ? strokes(numbers, x, y, size.width / size.pixels)
    : steps(numbers, x, y, { toUs: size.toUs, breaks });
  return { path, bands: rolled.map((span) => bandOf(span, x, y)), min, max, isDense };
}

type Place = (value: number) => number;

function bandOf(
  { fromUs, toUs, min, max, mean }: RolledNumber,
  x: Place,
  y: Place,
): FieldLine['bands'][number] {
  const [left, top] = [round(x(fromUs)), round(y(max))];
  return {
    ...{ fromUs, toUs, min, max, mean },
    x: left,
    width: Math.max(leastBand, round(x(toUs) - left)),
    y: top,
    height: Math.max(leastBand, round(y(min) - top)),
    meanY: round(y(mean)),
  };
}

function steps(
  numbers: readonly FieldNumber[],
  x: Place,
  y: Place,
  { toUs, breaks }: { toUs: number; breaks: readonly Stretch[] },
): string {
  let path = '';
  /** Until when the line is drawn. */
  let until: number | undefined;
  for (const [at, { atUs, value }] of numbers.entries()) {
    if (value === undefined || !Number.isFinite(value)) until = undefined;
    else
      for (const piece of without({ fromUs: atUs, toUs: numbers[at + 1]?.atUs ?? toUs }, breaks)) {
        const begin = until === piece.fromUs ? 'V' : `M${round(x(piece.fromUs))} `;
        path += `${begin}${round(y(value))}H${round(x(piece.toUs))}`;
        until = piece.toUs;
      }
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
