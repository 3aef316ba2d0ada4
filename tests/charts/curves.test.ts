import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatNumber } from '../../collector/base/format/number.ts';
import { type Curve, curveChart } from '../../src/charts/curves.ts';
import { statusBar } from '../../src/charts/status-bar.ts';

const text = (value: unknown) => `${JSON.stringify(value, undefined, 1)}\n`;
const size = { width: 1000, height: 100 };
const curve = (id: string, values: number[], steps = values.map((_, at) => at + 1)): Curve => ({
  id,
  steps,
  values,
});

describe('curves', () => {
  it('are drawn over one another with gaps, lone values and labels apart', async () => {
    const chart = curveChart(
      [
        curve('a', [0.9, 0.7, 0.55, Number.NaN, 0.4, Number.POSITIVE_INFINITY, 0.35, 0.34]),
        curve('b', [0.8, 0.6, 0.5, 0.45, 0.4, 0.37, 0.36, 0.341]),
      ],
      { ...size, labelGap: 13 },
    );
    await expect(text(chart)).toMatchFileSnapshot('../golden/charts/curves.json');
    const [a, b] = chart.lines;
    expect(a?.missing).toBe(2);
    expect(a?.dots).toHaveLength(1);
    expect(Math.abs(a!.end!.labelY - b!.end!.labelY)).toBeGreaterThanOrEqual(13);
    expect(Math.max(a!.end!.labelY, b!.end!.labelY)).toBeLessThanOrEqual(100);
  });

  it('have no line without a number, and a flat one for a constant', () => {
    expect(curveChart([], size)).toEqual({ lines: [], xTicks: [], yTicks: [], log: false });
    expect(curveChart([curve('a', [Number.NaN, Number.NEGATIVE_INFINITY])], size).lines).toEqual([
      { id: 'a', path: '', dots: [], end: undefined, missing: 2 },
    ]);
    expect(curveChart([curve('a', [5])], size).lines[0]).toMatchObject({ path: '', dots: [{}] });
    expect(curveChart([curve('a', [0, 0, 0])], size).lines[0]?.path).toMatch(/^M0,50L500,50L1000,50$/);
  });

  it('begin again where steps go back, as they do when a run was started again', () => {
    const chart = curveChart([curve('a', [3, 2, 1, 3, 2, 1], [1, 2, 3, 1, 2, 3])], size);
    expect(chart.lines[0]?.path.match(/M/g)).toHaveLength(2);
  });

  it('can be logarithmic, where anything is above zero', () => {
    const chart = curveChart([curve('a', [1000, 100, 10, 1, 0, -1])], { ...size, log: true });
    expect(chart).toMatchObject({
      log: true,
      yTicks: [{ label: '1' }, { label: '10' }, { label: '100' }, { label: '1000' }],
    });
    expect(chart.lines[0]?.missing).toBe(2);
    expect(curveChart([curve('a', [-1, 0])], { ...size, log: true }).log).toBe(false);
  });

  it('keep the extremes of a hundred thousand points in few', () => {
    const values = Array.from({ length: 100_000 }, (_, at) => Math.sin(at / 500));
    values[54_321] = 9;
    values[12_345] = -9;
    const { lines } = curveChart([curve('a', values)], { ...size, pixels: 500 });
    const points = lines[0]!.path.split('L');
    expect(points.length).toBeLessThanOrEqual(4 * 501);
    const heights = points.map((point) => Number(point.split(',')[1]));
    const whole = curveChart([curve('a', values)], { ...size, pixels: 1e9 });
    const all = whole.lines[0]!.path.split('L').map((point) => Number(point.split(',')[1]));
    expect([Math.min(...heights), Math.max(...heights)]).toEqual([
      all.reduce((a, b) => Math.min(a, b)),
      all.reduce((a, b) => Math.max(a, b)),
    ]);
  });

  it('never leave their box, whatever is drawn', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.double(), { maxLength: 40 }), { maxLength: 4 }),
        fc.boolean(),
        (all, log) => {
          const chart = curveChart(
            all.map((values, at) => curve(String(at), values)),
            { ...size, log, labelGap: 10 },
          );
          for (const { path, end } of chart.lines) {
            for (const [x, y] of path
              .split(/[ML]/)
              .filter(Boolean)
              .map((point) => point.split(',').map(Number))) {
              expect(x! >= -0.01 && x! <= 1000.01 && y! >= -0.01 && y! <= 100.01).toBe(true);
            }
            if (end !== undefined) expect(end.labelY).toBeLessThanOrEqual(100.01);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('a status bar', () => {
  const minute = 60_000_000;
  const start = Date.UTC(2026, 10, 20, 16) * 1000;

  it('shows waiting, work, failure and the second attempt as zones of time', async () => {
    const bar = statusBar(
      [
        { atUs: start, status: 'pending', word: 'pending' },
        { atUs: start + minute, status: 'running', word: 'running' },
        { atUs: start + 3 * minute, status: 'failed', word: 'error' },
        { atUs: start + 4 * minute, status: 'running', word: 'running' },
        { atUs: start + 8 * minute, status: 'completed', word: 'done' },
      ],
      { width: 100 },
    );
    await expect(text(bar)).toMatchFileSnapshot('../golden/charts/status-bar.json');
    expect(bar?.zones.map(({ again }) => again)).toEqual([0, 0, 0, 1]);
    expect(bar?.end?.word).toBe('done');
  });

  it('takes who says twice that it runs for one attempt', () => {
    const bar = statusBar(
      [0, 1, 2].map((at) => ({ atUs: start + at * minute, status: 'running' as const, word: 'running' })),
      { width: 100, untilUs: start + 5 * minute },
    );
    expect(bar?.zones.map(({ again }) => again)).toEqual([0, 0, 0]);
  });

  it('reaches to now where the run goes on, and is nothing without a stretch of time', () => {
    const running = [{ atUs: start, status: 'running' as const, word: 'running' }];
    expect(statusBar(running, { width: 100, untilUs: start + minute })?.zones).toMatchObject([
      { x: 0, width: 100 },
    ]);
    expect(statusBar(running, { width: 100 })).toBeUndefined();
    expect(statusBar(running, { width: 100, untilUs: start - minute })).toBeUndefined();
    expect(statusBar([], { width: 100 })).toBeUndefined();
    expect(statusBar([{ ...running[0]!, atUs: Number.NaN }], { width: 100, untilUs: start })).toBeUndefined();
  });

  it('labels seconds where minutes would all be the same', () => {
    const bar = statusBar(
      [
        { atUs: start, status: 'running', word: 'running' },
        { atUs: start + 20_000_000, status: 'completed', word: 'done' },
      ],
      { width: 100 },
    );
    expect(bar?.ticks.map(({ label }) => label)).toContain('16:00:05');
  });
});

describe('formatNumber', () => {
  it.each([
    [0.8209645065629316, '0.821'],
    [0.00012157, '0.0001216'],
    [0.0000026, '2.6e−6'],
    [12400, '12,400'],
    [1234.5678, '1235'],
    [1e20, '1e20'],
    [-0.5, '−0.5'],
    [0, '0'],
    [Number.NaN, 'NaN'],
    [Number.NEGATIVE_INFINITY, '−∞'],
  ])('%s is %s', (value, expected) => {
    expect(formatNumber(value)).toBe(expected);
  });
});
