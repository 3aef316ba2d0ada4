import { scaleLinear } from 'd3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { axesOf, type Course, clockOf, placesOn } from '../../src/charts/curve-axis.ts';
import { differenceFrom } from '../../src/charts/curve-difference.ts';
import { plainView, planCurves } from '../../src/charts/curve-plan.ts';
import { cutTo, extentOf, nearestAt, nextPlace } from '../../src/charts/curve-reading.ts';
import { smoothed } from '../../src/charts/curve-smoothing.ts';
import { shortTick, tickLabels, xTicksOf } from '../../src/charts/curve-ticks.ts';
import { heightOf } from '../../src/charts/curves.ts';
import { timeTicks } from '../../src/charts/time-ticks.ts';

const size = { width: 1000, height: 100, pixels: 1000 };
const course = (name: string, values: number[], given: Partial<Course> = {}): Course => ({
  name,
  values,
  steps: values.map((_, at) => at),
  timesUs: values.map(() => null),
  ...given,
});

describe('smoothing', () => {
  it('weighs what came before, does not begin at zero and leaves gaps as they are', () => {
    expect(smoothed([1, 2, 3], 0)).toEqual([1, 2, 3]);
    const [first, second, gap, last] = smoothed([4, 8, Number.NaN, 8], 0.5);
    expect([first, gap]).toEqual([4, Number.NaN]);
    expect(second).toBeCloseTo(20 / 3, 12);
    expect(last).toBeCloseTo((0.5 * 0.5 * 0.5 * 4 + 0.5 * 0.5 * 8 + 0.5 * 8) / 0.875, 12);
  });

  it('stays within what was measured, and keeps a constant', () => {
    const numbers = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(numbers, fc.double({ min: 0, max: 2, noNaN: true }), (values, weight) => {
        const [least, most] = [Math.min(...values), Math.max(...values)];
        for (const value of smoothed(values, weight)) {
          expect(value).toBeGreaterThanOrEqual(least - 1e-6);
          expect(value).toBeLessThanOrEqual(most + 1e-6);
        }
        for (const value of smoothed(
          values.map(() => 7),
          weight,
        ))
          expect(value).toBeCloseTo(7, 9);
      }),
    );
  });
});

describe('the way across', () => {
  const loss = course('loss', [3, 2, 1, 0], {
    steps: [0, 10, 20, 30],
    timesUs: [5e6, 6e6, null, 9e6],
  });
  const epoch = course('epoch', [0, 1, 3], { steps: [0, 10, 30], timesUs: [5e6, 6e6, 9e6] });

  it('is steps, time since the first point, or epochs where a series counts them', () => {
    const clock = clockOf([loss, epoch]);
    expect(axesOf([loss, epoch], clock)).toEqual(['step', 'time', 'epoch']);
    expect(placesOn('step', loss, clock)).toEqual([0, 10, 20, 30]);
    expect(placesOn('time', loss, clock)).toEqual([0, 1000, Number.NaN, 4000]);
    expect(placesOn('epoch', loss, clock)).toEqual([0, 1, 2, 3]);
  });

  it('is offered only where it was recorded', () => {
    const bare = course('loss', [1, 2]);
    expect(axesOf([bare], clockOf([bare]))).toEqual(['step']);
    const once = course('loss', [1, 2], { timesUs: [4e6, 4e6] });
    expect(axesOf([once], clockOf([once]))).toEqual(['step']);
    expect(axesOf([epoch], clockOf([epoch]))).toEqual(['step', 'time']);
  });

  it('spreads the points of an epoch between its beginning and the next, where each point says its epoch', () => {
    const steps = [0, 1, 2, 3, 4, 5, 6];
    const each = course('epoch', [0, 0, 1, 1, 2, 2, 2], { steps });
    const values = course('loss', [7, 6, 5, 4, 3, 2, 1], { steps });
    expect(placesOn('epoch', values, clockOf([values, each]))).toEqual([0, 0.5, 1, 1.5, 2, 2.5, 3]);
    // A run that is in its first epoch has no such axis.
    const first = course('epoch', [0, 0, 0], { steps: [0, 1, 2] });
    expect(axesOf([values, first], clockOf([values, first]))).not.toContain('epoch');
  });

  it('has no epoch where none was counted yet or any more', () => {
    const late = course('loss', [1, 2], { steps: [-5, 31] });
    expect(placesOn('epoch', late, clockOf([late, epoch]))).toEqual([Number.NaN, Number.NaN]);
  });
});

describe('reading a line', () => {
  it('finds the closest point, and the later one of two attempts', () => {
    expect(nearestAt([0, 10, 20], 14)).toBe(1);
    expect(nearestAt([0, 10, 20, 10, 20], 11)).toBe(3);
    expect(nearestAt([Number.NaN, 4], 100)).toBe(1);
    expect(nearestAt([], 1)).toBeUndefined();
    expect(nearestAt([Number.NaN], 1)).toBeUndefined();
  });

  it('finds the next place of any line on either side, and stays at the ends', () => {
    const lines = [
      { xs: [0, 10, 20], values: [] },
      { xs: [5, 25], values: [] },
    ];
    expect(nextPlace(lines, 5, 1)).toBe(10);
    expect(nextPlace(lines, 5, -1)).toBe(0);
    expect(nextPlace(lines, 25, 1)).toBe(25);
    expect(extentOf(lines)).toEqual([0, 25]);
    expect(extentOf([{ xs: [Number.NaN], values: [] }])).toBeUndefined();
  });

  it('cuts a line at the edges of a window', () => {
    expect(cutTo({ xs: [0, 10, 20, 30], values: [0, 10, 20, 30] }, [5, 24])).toEqual({
      xs: [5, 10, 20, 24],
      values: [5, 10, 20, 24],
    });
    expect(cutTo({ xs: [0, 30], values: [0, 30] }, [10, 20])).toEqual({ xs: [10, 20], values: [10, 20] });
    expect(cutTo({ xs: [0, 10, 0, 10], values: [1, 2, 3, 4] }, [20, 30])).toEqual({ xs: [], values: [] });
  });

  it('never leaves the window', () => {
    const points = fc.array(fc.tuple(fc.double({ min: -100, max: 100 }), fc.double({ min: -10, max: 10 })));
    fc.assert(
      fc.property(points, fc.nat(90), fc.integer({ min: 1, max: 50 }), (all, from, span) => {
        const line = { xs: all.map(([x]) => x), values: all.map(([, value]) => value) };
        const cut = cutTo(line, [from, from + span]);
        expect(cut.values).toHaveLength(cut.xs.length);
        expect(cut.xs.every((x) => x >= from && x <= from + span)).toBe(true);
      }),
    );
  });
});

describe('the difference from a line', () => {
  it('is taken at the same place, or between two points, and nowhere else', () => {
    const base = { xs: [0, 10, 20], values: [1, 2, 4] };
    const line = { xs: [-1, 0, 5, 20, 21], values: [9, 3, 3, 3, 9] };
    expect(differenceFrom(base, line)).toEqual([Number.NaN, 2, 1.5, -1, Number.NaN]);
  });

  it('of a line from itself is nothing', () => {
    const places = fc.uniqueArray(fc.integer({ min: 0, max: 1000 }), { minLength: 1 });
    fc.assert(
      fc.property(places, (xs) => {
        const line = { xs, values: xs.map((x) => Math.sin(x)) };
        expect(differenceFrom(line, line).every((value) => value === 0)).toBe(true);
      }),
    );
  });

  it('takes the later of two attempts', () => {
    expect(differenceFrom({ xs: [0, 10, 0, 10], values: [1, 1, 5, 5] }, { xs: [10], values: [6] })).toEqual([
      1,
    ]);
  });
});

describe('a chart as a reader asked for it', () => {
  const source = (id: string, values: number[]) => {
    const one = course('loss', values);
    return { id, course: one, clock: clockOf([one]) };
  };

  it('keeps the values pale behind what is smoothed, without a label of their own', () => {
    const { lines, chart } = planCurves([source('a', [1, 9, 1])], { ...plainView, smooth: 0.5 }, size);
    expect(lines[0]!.values).toEqual([1, 9, 1]);
    expect(lines[0]!.shown[2]).toBeGreaterThan(1);
    expect(chart.lines.map(({ faint }) => faint)).toEqual([true, undefined]);
  });

  it('refuses a logarithmic scale with a reason', () => {
    const log = { ...plainView, log: true };
    expect(planCurves([source('a', [1, 10])], log, size)).toMatchObject({
      noLog: undefined,
      chart: { log: true },
    });
    const refused = planCurves([source('a', [1, 0])], log, size);
    expect(refused.noLog).toBe('values at or below zero');
    expect([refused.chart.log, refused.chart.lines[0]!.missing]).toEqual([false, 0]);
    expect(planCurves([source('a', [1, 10])], { ...log, base: 'a' }, size).noLog).toBe('differences');
  });

  it('shows only a window, with the values that lie in it', () => {
    const sources = [source('a', [100, 5, 6, 5, 100])];
    const { chart } = planCurves(sources, { ...plainView, window: [1, 3] }, size);
    expect(chart.domain).toEqual({ x: [1, 3], y: [5, 6] });
    expect(chart.xTicks.map(({ label }) => label)).toContain('2');
  });

  it('draws a line as nothing where the difference from it is asked for, and values where it is not there', () => {
    const { lines } = planCurves(
      [source('a', [1, 2]), source('b', [1.5, 2.25])],
      { ...plainView, base: 'a' },
      size,
    );
    expect(lines.map(({ values }) => values)).toEqual([
      [0, 0],
      [0.5, 0.25],
    ]);
    expect(planCurves([source('b', [1.5])], { ...plainView, base: 'a' }, size).lines[0]!.values).toEqual([
      1.5,
    ]);
  });

  it('says where a value stands as it is drawn', () => {
    const { chart } = planCurves([source('a', [0, 5, 10])], plainView, size);
    expect([0, 5, 10].map((value) => heightOf(value, chart, 100))).toEqual([100, 50, 0]);
    const log = planCurves([source('a', [1, 10, 100])], { ...plainView, log: true }, size).chart;
    expect([1, 10, 100].map((value) => heightOf(value, log, 100))).toEqual([100, 50, 0]);
    expect(heightOf(Number.NaN, log, 100)).toBeUndefined();
  });

  it('tells time in round spans', () => {
    const one = course('cpu', [1, 2, 3], { timesUs: [0, 300e6, 900e6] });
    const { chart } = planCurves(
      [{ id: 'a', course: one, clock: clockOf([one]) }],
      { ...plainView, axis: 'time' },
      size,
    );
    expect(chart.xTicks.map(({ label }) => label)).toEqual(['0', '5 min', '10 min', '15 min']);
  });

  it('tells neighbours apart where a window is narrow', () => {
    expect(tickLabels([0, 500_000, 1_000_000])).toEqual(['0', '500,000', '1 M']);
    expect(tickLabels([1_234_565, 1_234_566])).toEqual(['1.234565 M', '1.234566 M']);
    expect(tickLabels([0.19871, 0.19872])).toEqual(['0.19871', '0.19872']);
    expect(tickLabels([1, 1])).toEqual(['1', '1']);
  });

  it('tell times of a narrow window apart', () => {
    const of = (from: number, to: number) =>
      xTicksOf(scaleLinear([from, to], [0, 1000]), 'time', [from, to]).map(({ label }) => label);
    const late = 2 * 3_600_000 + 5 * 60_000 + 7000;
    expect(of(late, late + 20)).toEqual([
      '2:05:07',
      '2:05:07.005',
      '2:05:07.010',
      '2:05:07.015',
      '2:05:07.020',
    ]);
    expect(of(0, 3_600_000)).toEqual(['0', '15 min', '30 min', '45 min', '1 h']);
    const us = Date.UTC(2026, 0, 1, 10) * 1000;
    expect(timeTicks(us, us + 4000, 4, 100).map(({ label }) => label)).toEqual([
      ...['10:00:00.000', '10:00:00.001', '10:00:00.002', '10:00:00.003', '10:00:00.004'],
    ]);
  });

  it('shortens large numbers beside an axis', () => {
    expect([0.0213, 12_400, 2_990_000_000, 4.5e6].map((value) => shortTick(value))).toEqual([
      '0.0213',
      '12,400',
      '2.99 G',
      '4.5 M',
    ]);
  });
});
