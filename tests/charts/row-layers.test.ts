import { describe, expect, it } from 'vitest';
import { statusGroups } from '../../src/charts/colour-groups.ts';
import { type ParallelColumn, parallelChart } from '../../src/charts/parallel.ts';
import { nearestRow, rowLayers } from '../../src/charts/row-layers.ts';

const groups = statusGroups((row) => (row % 4 === 0 ? 'failed' : 'completed'));
const rows = [...Array(12).keys()];

describe('the layers in which rows are drawn', () => {
  it('have what is not asked for at the bottom and what failed on top', () => {
    const looks = { groups, isIn: (row: number) => row < 8, isPicked: (row: number) => row > 6 };
    const { drawn, inside, picked, layers } = rowLayers('line', rows, 100, looks);
    expect([drawn, inside, picked]).toEqual([rows, rows.slice(0, 8), [7, 8, 9, 10, 11]]);
    expect(layers).toEqual([
      { className: 'line line-out', rows: [8, 9, 10, 11] },
      { className: 'line ink-completed', rows: [1, 2, 3, 5, 6, 7] },
      { className: 'line ink-failed', rows: [0, 4] },
    ]);
  });

  it('draw a share of many rows, some of every group', () => {
    const many = [...Array(10_000).keys()];
    const rare = statusGroups((row) => (row === 9_999 ? 'failed' : 'completed'));
    const looks = { groups: rare, isIn: () => true, isPicked: () => false };
    const { drawn, layers } = rowLayers('point', many, 500, looks);
    expect(drawn.length).toBeLessThanOrEqual(560);
    expect(layers.map(({ className }) => className)).toEqual(['point ink-completed', 'point ink-failed']);
    expect(layers[1]!.rows).toEqual([9_999]);
  });
});

describe('the row under the pointer', () => {
  const column = (values: (number | undefined)[]): ParallelColumn => ({
    id: 'a',
    label: 'a',
    type: 'number',
    valueAt: (row) => values[row],
  });
  const lines = [0, 1, 2, 3];
  const chart = parallelChart([column([0, 10, 5, 5]), column([10, 0, 5, undefined])], lines, {
    width: 100,
    height: 50,
  });
  const at = (x: number, y: number) => nearestRow(lines, 7, (row) => chart.distanceOf(row, x, y));

  it('is the one whose line passes nearest, near enough', () => {
    expect([at(10, 45), at(10, 5), at(90, 25), at(90, 45)]).toEqual([0, 1, 2, 1]);
    expect([at(10, 14), at(50, 5)]).toEqual([undefined, undefined]);
  });

  it('is one without a value where its line leaves the axes below', () => {
    expect(chart.below).toBe(16);
    expect(at(99, 65)).toBe(3);
  });

  it('is none beside the axes', () => {
    expect([at(-1, 25), at(0, 50), at(101, 25)]).toEqual([undefined, undefined, undefined]);
  });

  it('is the first of those that are as near, and none where no row is anywhere', () => {
    expect(nearestRow([4, 5], 10, () => 3)).toBe(4);
    expect([nearestRow([4], 10, () => undefined), nearestRow([4], 10, () => 10)]).toEqual([
      undefined,
      undefined,
    ]);
  });
});
