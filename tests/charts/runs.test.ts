import { describe, expect, it } from 'vitest';
import { axisScale, isInRange } from '../../src/charts/axis-scale.ts';
import { statusGroups, valueGroups } from '../../src/charts/colour-groups.ts';
import { type ParallelColumn, parallelChart } from '../../src/charts/parallel.ts';
import { sampleRows } from '../../src/charts/sample-rows.ts';
import { pointPath, scatterChart } from '../../src/charts/scatter.ts';
import { statusOrder } from '../../src/charts/status-shape.ts';

const places = (values: number[], log?: boolean) => {
  const scale = axisScale(values, { type: 'number', length: 100, log });
  return values.map((value) => scale.place(value));
};

describe('an axis', () => {
  it('reaches from the smallest to the largest value', () => {
    expect(places([1, 2, 3])).toEqual([0, 50, 100]);
    expect(places([-5, 0, 5])).toEqual([0, 50, 100]);
  });

  it('is logarithmic where values span a hundredfold, unless told otherwise', () => {
    expect(places([0.001, 0.01, 0.1])).toEqual([0, 50, 100]);
    expect(places([1, 50.5, 100], false)).toEqual([0, 50, 100]);
    expect(places([1, 2], true)).toEqual([0, 100]);
    expect(axisScale([0, 1000], { type: 'number', length: 1 })).toMatchObject({ log: false, canLog: false });
    expect(axisScale([1, 1000], { type: 'time', length: 1 })).toMatchObject({ log: false, canLog: false });
  });

  it('puts equal values into the middle, and has no place for what is no number', () => {
    const scale = axisScale([7, Number.NaN, 7, null, undefined, 'x', Number.POSITIVE_INFINITY], {
      type: 'number',
      length: 100,
    });
    expect(scale.place(7)).toBe(50);
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, null, undefined, 'x'])
      expect(scale.place(value)).toBeUndefined();
    expect(scale.ticks).toEqual([{ at: 50, label: '7' }]);
    const nothing = axisScale([], { type: 'number', length: 100 });
    expect([nothing.ticks, nothing.between(0, 100), nothing.place(1)]).toEqual([[], undefined, 100]);
  });

  it('has few ticks, whole powers where it is logarithmic', () => {
    const scale = axisScale([1e-8, 1e8], { type: 'number', length: 200 });
    expect(scale.ticks.length).toBeLessThanOrEqual(6);
    const labels = (values: number[]) =>
      axisScale(values, { type: 'number', length: 200, ticks: 4 }).ticks.map(({ label }) => label);
    expect(labels([2, 0, 1])).toEqual(['0', '1', '2']);
    expect(labels([2, 0, 1.5])).toContain('0.5');
    expect(axisScale([0.0001, 0.1], { type: 'number', length: 90 }).ticks.map(({ label }) => label)).toEqual([
      '0.0001',
      '0.001',
      '0.01',
      '0.1',
    ]);
  });

  it('takes texts in order, numbers among them by size', () => {
    const scale = axisScale(['16', '4', 'auto', '128', null], { type: 'text', length: 90 });
    expect(scale.ticks.map(({ label }) => label)).toEqual(['4', '16', '128', 'auto']);
    expect([scale.place('4'), scale.place('auto'), scale.place('none')]).toEqual([0, 90, undefined]);
    expect(axisScale([true, false], { type: 'text', length: 10 }).place(true)).toBe(10);
  });

  it.each([
    ['numbers', axisScale([2, 4, 10], { type: 'number', length: 80 }), [4, 3], [10, 2]],
    ['a logarithmic scale', axisScale([1, 1e6], { type: 'number', length: 60 }), [1000], [1, 1e6]],
  ] as const)('chooses with a brush what lies under it: %s', (_, scale, inside, ends) => {
    const part = scale.between(5, 50)!;
    for (const value of inside) expect([value, isInRange(value, part)]).toEqual([value, true]);
    for (const value of ends) expect([value, isInRange(value, part)]).toEqual([value, false]);
    const whole = scale.between(-20, 500)!;
    for (const value of [...inside, ...ends]) expect(isInRange(value, whole)).toBe(true);
    expect(isInRange(undefined, whole)).toBe(false);
    const span = scale.spanOf(part)!;
    expect(span.from).toBeCloseTo(5, 0);
    expect(span.to).toBeCloseTo(50, 0);
    expect(scale.spanOf({ low: 1e9, high: 1e10 })).toBeUndefined();
  });

  it('chooses texts by name', () => {
    const scale = axisScale(['adam', 'lamb', 'sgd'], { type: 'text', length: 100 });
    expect(scale.between(40, 110)).toEqual({ texts: ['lamb', 'sgd'] });
    expect(scale.between(10, 20)).toBeUndefined();
    expect(isInRange('adam', { texts: ['lamb', 'sgd'] })).toBe(false);
    expect(scale.spanOf({ texts: ['gone'] })).toBeUndefined();
  });
});

describe('parallel coordinates', () => {
  const column = (
    id: string,
    values: unknown[],
    type: ParallelColumn['type'] = 'number',
  ): ParallelColumn => ({
    id,
    label: id,
    type,
    valueAt: (row) => values[row] as number,
  });
  const size = { width: 200, height: 100 };

  it('draw a line from axis to axis, below them where a value is missing', () => {
    const chart = parallelChart(
      [column('a', [1, 2]), column('b', [5, null]), column('c', ['x', 'y'], 'text')],
      [0, 1],
      size,
    );
    expect(chart.axes.map(({ x, anchor, hasMissing }) => [x, anchor, hasMissing])).toEqual([
      [0, 'start', false],
      [100, 'middle', true],
      [200, 'end', false],
    ]);
    expect(chart.lineOf(0)).toBe('M0 100L100 50L200 100');
    expect(chart.lineOf(1)).toBe('M0 0L100 116L200 0');
    expect(chart.below).toBe(16);
  });

  it('need two axes for a line', () => {
    const chart = parallelChart([column('a', [1, 2])], [0, 1], size);
    expect([chart.lineOf(0), chart.below]).toEqual(['', 0]);
    expect(parallelChart([], [0], size).axes).toEqual([]);
  });
});

describe('a scatter plot', () => {
  it('places points from the bottom left, and leaves out those without a value', () => {
    const [x, y] = [
      [0, 10, Number.NaN],
      [1, 3, 2],
    ];
    const chart = scatterChart(
      { x: { type: 'number', valueAt: (row) => x[row] }, y: { type: 'number', valueAt: (row) => y[row] } },
      [0, 1, 2],
      { width: 200, height: 100 },
    );
    expect([0, 1, 2].map(chart.pointOf)).toEqual([{ x: 0, y: 100 }, { x: 200, y: 0 }, undefined]);
  });

  it('has a shape of its own for what failed, was aborted, or is not over', () => {
    const shapes = statusOrder.map((status) => pointPath(status, { x: 5, y: 5 }));
    expect(new Set(shapes).size).toBe(5);
  });
});

describe('a sample', () => {
  const rows = [...Array(30_000).keys()];

  it('is everything where there is little', () => {
    expect(sampleRows([3, 1, 2], 3, () => 0)).toEqual([3, 1, 2]);
  });

  it('is spread over all rows in their order, each once', () => {
    const chosen = sampleRows(rows, 2000, () => 0);
    expect(chosen).toHaveLength(2000);
    expect(new Set(chosen).size).toBe(2000);
    expect(chosen).toEqual([...chosen].sort((a, b) => a - b));
    for (const part of [0, 1, 2]) {
      const inside = chosen.filter((row) => Math.floor(row / 10_000) === part).length;
      expect(Math.abs(inside - 2000 / 3)).toBeLessThan(3);
    }
  });

  it('keeps what is rare, and is not in step with what repeats', () => {
    const rare = sampleRows(rows, 2000, (row) => (row === 17 || row === 20_000 ? 1 : 0));
    expect(rare).toEqual(expect.arrayContaining([17, 20_000]));
    const rests = new Set(sampleRows(rows, 2000, () => 0).map((row) => row % 15));
    expect(rests.size).toBe(15);
  });
});

describe('colours', () => {
  it('are those of statuses, what failed drawn last', () => {
    const { groups, groupOf } = statusGroups((row) => (row === 0 ? 'failed' : 'completed'));
    expect(groups[groupOf(0)]?.label).toBe('failed');
    expect(groupOf(0)).toBe(groups.length - 1);
  });

  it('call unknown runs what the page calls them', () => {
    const labels = (word?: string) => statusGroups(() => 'unknown', word).groups.map(({ label }) => label);
    expect(labels()).toEqual(statusOrder);
    expect(labels('not recorded')).toEqual(
      statusOrder.map((status) => (status === 'unknown' ? 'not recorded' : status)),
    );
  });

  it('or five steps of a value with as many runs in each', () => {
    const { groups, groupOf } = valueGroups((row) => row ** 3, [...Array(100).keys()]);
    const counts = groups.map(
      (_, group) => [...Array(100).keys()].filter((row) => groupOf(row) === group).length,
    );
    expect(counts).toEqual([0, 20, 20, 20, 20, 20]);
    expect(groups[1]?.label).toBe('0 to 8000');
    expect(groupOf(-1)).toBe(1);
  });

  it('have a group for runs without a value', () => {
    const { groups, groupOf } = valueGroups(() => Number.NaN, [0, 1]);
    expect(groups[groupOf(0)]).toEqual({ className: 'ramp-none', label: 'no value' });
  });
});
