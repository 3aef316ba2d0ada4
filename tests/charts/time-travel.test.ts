import { describe, expect, it } from 'vitest';
import { fieldBand, maxStates } from '../../src/charts/field-band.ts';
import { fieldLine } from '../../src/charts/field-line.ts';
import {
  nearestSnapshot,
  snapshotInForce,
  type TravelPoint,
  timeShare,
  travelStrip,
} from '../../src/charts/time-travel.ts';

const start = Date.UTC(2026, 10, 14) * 1000;
const hourUs = 3_600_000_000;
const golden = (name: string) => `../golden/charts/${name}.json`;
const text = (value: unknown) => `${JSON.stringify(value, undefined, 1)}\n`;
const at = (hours: number) => start + hours * hourUs;
const point = (hours: number, changes: number, health: TravelPoint['health'] = 'operational') => ({
  atUs: at(hours),
  health,
  changes,
});

describe('the strip of time', () => {
  const size = { width: 100, height: 56, actionsHeight: 24, slots: 100 };

  it('draws snapshots, the gap between them, and the actions below', async () => {
    const points = [point(0, 0), point(1, 4), point(2, 1, 'degraded'), point(30, 9, 'failing')];
    const gaps = [{ fromUs: at(3), toUs: at(30) }];
    const actions = [0, 10, 20].map((hours) => ({ fromUs: at(hours), toUs: at(hours + 10), count: hours }));
    await expect(text(travelStrip(points, gaps, actions, size))).toMatchFileSnapshot(golden('time-travel'));
  });

  it('draws those that would cover each other as one, at the place of the newest, with the worst health', () => {
    const points = Array.from({ length: 17_520 }, (_, index) =>
      point(index, index % 7, index === 500 ? 'degraded' : 'operational'),
    );
    const { marks } = travelStrip(points, [], [], size);
    expect(marks.length).toBeLessThanOrEqual(100);
    expect(marks.reduce((sum, { count }) => sum + count, 0)).toBe(17_520);
    expect(marks.filter(({ health }) => health === 'degraded')).toHaveLength(1);
    expect(marks.at(-1)).toMatchObject({ x: 100, atUs: at(17_519) });
  });

  it('draws no more gaps and bars than there is room for, and loses no action', () => {
    const points = [point(0, 1), point(10_000, 1)];
    const stretches = Array.from({ length: 5000 }, (_, n) => ({ fromUs: at(n * 2), toUs: at(n * 2 + 1) }));
    const bins = stretches.map((stretch) => ({ ...stretch, count: 2 }));
    const strip = travelStrip(points, stretches, bins, size);
    expect(strip.gaps.length).toBeLessThanOrEqual(100);
    expect(strip.actions.length).toBeLessThanOrEqual(100);
    expect(strip.actions.reduce((sum, { count }) => sum + count, 0)).toBe(10_000);
  });

  it('takes one snapshot, none, one without a time, and actions before and after', () => {
    expect(travelStrip([point(5, 0)], [], [], size).marks).toEqual([
      expect.objectContaining({ x: 0, count: 1 }),
    ]);
    expect(travelStrip([], [], [], size)).toMatchObject({ marks: [], actions: [], ticks: [] });
    expect(travelStrip([{ ...point(0, 0), atUs: Number.NaN }], [], [], size).marks).toEqual([]);
    const outside = [
      { fromUs: at(-9), toUs: at(-8), count: 5 },
      { fromUs: at(90), toUs: at(91), count: 5 },
    ];
    expect(travelStrip([point(0, 0), point(9, 0)], [], outside, size).actions).toEqual([]);
  });
});

describe('moments', () => {
  const times = [10, 20, 30, 30, 50];

  it('have the state of the newest snapshot until then; before the first its own', () => {
    expect([0, 10, 19, 20, 30, 49, 50, 99].map((us) => snapshotInForce(times, us))).toEqual([
      0, 0, 0, 1, 3, 3, 4, 4,
    ]);
    expect(snapshotInForce([], 5)).toBe(0);
  });

  it('lie nearest to one snapshot', () => {
    expect([0, 14, 16, 41, 99].map((us) => nearestSnapshot(times, us))).toEqual([0, 0, 1, 4, 4]);
  });

  it('lie between two times, or at the beginning of none', () => {
    expect([timeShare(5, 0, 10), timeShare(-5, 0, 10), timeShare(50, 0, 10), timeShare(7, 7, 7)]).toEqual([
      0.5, 0, 1, 0,
    ]);
  });
});

describe('a number over time', () => {
  const size = { width: 100, height: 40, pixels: 50, fromUs: at(0), toUs: at(10) };

  it('is a line of steps with a hole where the field was gone', async () => {
    const numbers = [
      { atUs: at(0), value: 4 },
      { atUs: at(2), value: 8 },
      { atUs: at(4), value: undefined },
      { atUs: at(6), value: 0 },
      { atUs: at(8), value: Number.NaN },
    ];
    await expect(text(fieldLine(numbers, size))).toMatchFileSnapshot(golden('field-line'));
  });

  it('keeps the extremes of thousands in a path that grows with the pixels alone', () => {
    const numbers = Array.from({ length: 20_000 }, (_, n) => ({
      atUs: at(0) + (n / 20_000) * 10 * hourUs,
      value: n === 7777 ? 1000 : Math.sin(n),
    }));
    const line = fieldLine(numbers, size);
    expect(line).toMatchObject({ max: 1000, isDense: true });
    expect(line.path.length).toBeLessThan(50 * 30);
    expect(line.path).toMatch(/M38 2V/);
  });

  it('lies in the middle where it never changed, and is empty without numbers', () => {
    expect(fieldLine([{ atUs: at(0), value: 7 }], size)).toMatchObject({ path: 'M0 20H100', min: 7, max: 7 });
    expect(fieldLine([{ atUs: at(0), value: undefined }], size).path).toBe('');
    expect(fieldLine([], size)).toMatchObject({ path: '', min: undefined, max: undefined });
  });
});

describe('states over time', () => {
  const size = { width: 100, slots: 50, fromUs: at(0), toUs: at(10) };
  const states = (...all: [number, string | undefined][]) =>
    all.map(([hours, state]) => ({ atUs: at(hours), state }));

  it('are a band of stretches, the same state always the same', async () => {
    const band = fieldBand(
      states([0, 'stable'], [3, 'degraded'], [4, 'stable'], [6, undefined], [9, 'failing']),
      size,
    );
    await expect(text(band)).toMatchFileSnapshot(golden('field-band'));
    expect(band.states.map(({ state, forUs }) => [state, forUs / hourUs])).toEqual([
      ['stable', 5],
      ['degraded', 1],
      ['failing', 1],
    ]);
  });

  it('flow together where there are more than could be seen, and long ones stay', () => {
    const many = Array.from({ length: 4000 }, (_, n): [number, string] => [n / 1000, n % 2 ? 'a' : 'b']);
    const band = fieldBand(states(...many, [5, 'c']), size);
    expect(band.stretches.length).toBeLessThanOrEqual(50);
    expect(band.stretches.reduce((sum, { count }) => sum + count, 0)).toBe(4001);
    expect(band.stretches.at(-1)).toMatchObject({ kind: 'state', state: 'c', x: 50, width: 50 });
    expect(band.stretches[0]).toMatchObject({ kind: 'mixed', state: undefined });
  });

  it('are told in turns where they are too many to tell apart', () => {
    const all = Array.from({ length: maxStates + 1 }, (_, n): [number, string] => [n, `value ${n}`]);
    const band = fieldBand(states(...all), size);
    expect(band).toMatchObject({ states: [], distinct: maxStates + 1 });
    expect(band.stretches.map(({ tone }) => tone)).toEqual([0, 1, 0, 1, 0, 1, 0]);
    expect(fieldBand([], size)).toEqual({ stretches: [], states: [], distinct: 0 });
  });
});
