import { describe, expect, it } from 'vitest';
import { displayStatuses } from '../../collector/formats/actions/status.ts';
import { calendar } from '../../src/charts/calendar.ts';
import {
  type Bin,
  binUnit,
  brushRange,
  brushSpan,
  countInto,
  emptyBins,
  histogram,
  noCounts,
  total,
} from '../../src/charts/histogram.ts';
import { slotGrid } from '../../src/charts/slots.ts';
import { sparkline } from '../../src/charts/sparkline.ts';
import { statusOrder, statusShape } from '../../src/charts/status-shape.ts';
import { builtAtUs } from '../data/sample-action.ts';
import { sampleCoverage } from '../data/sample-coverage.ts';

const dayUs = 86_400_000_000;
const hourUs = 3_600_000_000;
const start = Date.UTC(2026, 10, 1) * 1000;
const golden = (name: string) => `../golden/charts/${name}.json`;
const text = (value: unknown) => `${JSON.stringify(value, undefined, 1)}\n`;

function week(): Bin[] {
  return countInto(emptyBins(start, start + 7 * dayUs - 1, 'day'), [
    { atUs: start + hourUs, status: 'completed', count: 900 },
    { atUs: start + hourUs, status: 'failed', count: 1 },
    { atUs: start + dayUs, status: 'running' },
    { atUs: start + 3 * dayUs, status: 'aborted', count: 40 },
    { atUs: start + 3 * dayUs, status: 'pending', count: 40 },
    { atUs: start + 6 * dayUs, status: 'unknown', count: 450 },
    { atUs: Number.NaN, status: 'failed' },
    { atUs: start - 1, status: 'failed' },
    { atUs: start + 7 * dayUs, status: 'failed' },
  ]);
}

describe('histogram', () => {
  it('draws a week with gaps, rare failures and every status', async () => {
    await expect(text(histogram(week(), { width: 100, height: 112 }))).toMatchFileSnapshot(
      golden('histogram-week'),
    );
  });

  it('leaves out what has no time or lies outside', () => {
    expect(week().reduce((sum, bin) => sum + total(bin.counts), 0)).toBe(1432);
  });

  it('shows one failure among nine hundred, and no bar taller than the chart', () => {
    const chart = histogram(week(), { width: 100, height: 112 });
    const failed = chart.bars[0]?.segments.find(({ status }) => status === 'failed');
    expect(failed?.height).toBeGreaterThanOrEqual(1.5);
    for (const bar of chart.bars) {
      for (const segment of bar.segments) expect(segment.y).toBeGreaterThanOrEqual(-0.01);
    }
  });

  it('is empty without bins, and flat without counts', () => {
    expect(histogram([], { width: 100, height: 112 })).toMatchObject({ bars: [], xTicks: [], max: 0 });
    const flat = histogram([{ fromUs: start, toUs: start + dayUs, counts: noCounts() }], {
      width: 100,
      height: 112,
    });
    expect(flat.bars).toMatchObject([{ x: 0, width: 100, total: 0, segments: [] }]);
    expect(flat.yTicks).toEqual([{ value: 0, y: 112 }]);
  });

  it('makes no bins of a range that is none', () => {
    expect(emptyBins(Number.NaN, start, 'day')).toEqual([]);
    expect(emptyBins(start, start - 1, 'day')).toEqual([]);
    expect(emptyBins(start, start, 'hour')).toHaveLength(1);
  });

  it('chooses a unit that needs few bins, and never loops over hostile years', () => {
    expect(binUnit(start, start + hourUs)).toBe('minute');
    expect(binUnit(start, start + 4 * dayUs)).toBe('hour');
    expect(binUnit(start, start + 90 * dayUs)).toBe('day');
    expect(binUnit(start, start + 700 * dayUs)).toBe('week');
    expect(emptyBins(-62_135_596_800_000_000, 253_402_300_799_000_000, 'minute').length).toBe(20_000);
  });

  it('snaps a brush to whole bins in both directions, and cuts a span to the axis', () => {
    const bins = week();
    const range = { fromUs: start + dayUs, toUs: start + 3 * dayUs };
    expect(brushRange(bins, 15, 40, 100)).toEqual(range);
    expect(brushRange(bins, 40, 15, 100)).toEqual(range);
    expect(brushRange(bins, -50, 500, 100)).toEqual({ fromUs: start, toUs: start + 7 * dayUs });
    expect(brushRange([], 0, 1, 100)).toBeUndefined();
    expect(brushSpan(bins, start - dayUs, start + 3.5 * dayUs, 100)).toEqual({ x: 0, width: 50 });
    expect(brushSpan(bins, start + 8 * dayUs, start + 9 * dayUs, 100)).toBeUndefined();
  });
});

describe('calendar', () => {
  it('draws the weeks up to a day, quiet and busy days apart', async () => {
    const days = [
      { day: '2026-10-05', total: 1, failed: 0 },
      { day: '2026-11-03', total: 40, failed: 2 },
      { day: '2026-11-20', total: 10, failed: 0 },
    ];
    const chart = calendar(days, builtAtUs, { width: 100, rowHeight: 14, weeks: 8 });
    await expect(text({ ...chart, cells: chart.cells.filter(({ level }) => level > 0) })).toMatchFileSnapshot(
      golden('calendar'),
    );
    expect(chart.cells).toHaveLength(7 * 7 + 5);
  });

  it('is all quiet without days, and holds a single one', () => {
    const levels = (days: { day: string; total: number; failed: number }[]) =>
      calendar(days, builtAtUs, { width: 100, rowHeight: 14, weeks: 2 }).cells.map(({ level }) => level);
    expect(new Set(levels([]))).toEqual(new Set([0]));
    expect(levels([{ day: '2026-11-20', total: 1, failed: 0 }]).at(-1)).toBe(4);
    expect(new Set(levels([{ day: 'never', total: Number.NaN, failed: 0 }]))).toEqual(new Set([0]));
  });
});

describe('slotGrid', () => {
  it('gives a row per day, with the missed night in its place', async () => {
    const grid = slotGrid(sampleCoverage(builtAtUs).slots, { width: 100, rowHeight: 16 });
    expect(grid.rows.map(({ label, cells }) => [label, cells.length])).toEqual(
      ['Sat 14', 'Sun 15', 'Mon 16', 'Tue 17', 'Wed 18', 'Thu 19', 'Fri 20'].map((label) => [label, 48]),
    );
    await expect(text(grid.rows[3]?.cells.filter(({ state }) => state === 'missed'))).toMatchFileSnapshot(
      golden('slots-missed'),
    );
  });

  it('gathers slots of minutes into wider cells that show the worst', () => {
    const slots = Array.from({ length: 24 * 60 }, (_, index) => ({
      atUs: start + index * 60_000_000,
      state: index === 100 ? ('missed' as const) : ('taken' as const),
      id: undefined,
    }));
    const cells = slotGrid(slots, { width: 100, rowHeight: 16 }).rows[0]?.cells ?? [];
    expect(cells).toHaveLength(48);
    expect(cells.filter(({ state }) => state === 'missed').map(({ count, x }) => [count, x])).toEqual([
      [30, 6.25],
    ]);
  });

  it('puts daily slots into one row, and takes one or none', () => {
    const daily = [0, 1, 2].map((day) => ({ atUs: start + day * dayUs, state: 'taken' as const, id: 'a' }));
    expect(
      slotGrid(daily, { width: 140, rowHeight: 16 }).rows.map(({ cells }) => cells.map(({ x }) => x)),
    ).toEqual([[0, 10, 20]]);
    expect(slotGrid(daily.slice(0, 1), { width: 90, rowHeight: 16 }).rows).toHaveLength(1);
    expect(slotGrid([], { width: 90, rowHeight: 16 })).toEqual({ rows: [], height: 0, hours: [] });
  });
});

describe('sparkline', () => {
  const size = { width: 96, height: 24 };
  it('breaks at gaps, sets a dot for a lone value, lies in the middle where all is equal', () => {
    expect(sparkline([1, 2, Number.NaN, 4, Number.NaN, 2, 3], size)).toEqual({
      path: 'M0,23L16,15.67M48,1ZM80,15.67L96,8.33',
      dots: [{ x: 48, y: 1 }],
      min: 1,
      max: 4,
    });
    expect(sparkline([5, 5], size).path).toBe('M0,12L96,12');
    expect(sparkline([7], size).dots).toEqual([{ x: 0, y: 12 }]);
    expect(sparkline([], size).path).toBe('');
    expect(sparkline([Number.NaN, Number.POSITIVE_INFINITY], size).path).toBe('');
  });
});

describe('status shapes', () => {
  it('knows every status of the data, each with a shape of its own', () => {
    expect([...statusOrder].sort()).toEqual([...displayStatuses].sort());
    const drawn = statusOrder.map((status) => JSON.stringify(statusShape(status)));
    expect(new Set(drawn).size).toBe(statusOrder.length);
  });
});
