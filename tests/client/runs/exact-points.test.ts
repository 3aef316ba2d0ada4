import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { MetricSeries } from '../../../collector/formats/metrics/series.ts';
import type { RecordedSpan } from '../../../src/charts/curve-axis.ts';
import type { DataFiles } from '../../../src/client/data-files.ts';
import { ExactLines } from '../../../src/client/runs/curves/exact-lines.ts';
import { RunDetailsStore } from '../../../src/client/runs/details-store.ts';
import { type ExactStretch, rowsFor } from '../../../src/client/runs/exact-points.ts';
import { publishRuns } from '../../../src/data/runs/publish.ts';
import { publishNow } from '../../../src/data/runs/publish-now.ts';
import type { RunSeries } from '../../../src/data/runs/types.ts';
import { clocksOf, linesOf } from '../../../src/parts/runs/curve-cards.tsx';
import { counts } from '../../data/sample-action.ts';
import { packedPoints, runRecord } from '../../data/sample-records.ts';
import { filesOnDisk } from '../published.ts';

/** Long ones have files of their own, in groups of 65,536 rows; the others stand with those of other runs. */
const longRows = 300_000;
const shortRows = 5000;
const startUs = 1_700_000_000_000_000;

/** Steps of three, a point every second, values of six digits and more. */
function series(name: string, count: number): MetricSeries {
  const steps = Array.from({ length: count }, (_, at) => at * 3);
  return packedPoints({
    name,
    steps,
    timesUs: steps.map((_, at) => startUs + at * 1_000_000),
    values: steps.map((_, at) =>
      at % 1000 === 7 ? Number.NaN : at % 2 === 0 ? at / 1e6 : Math.sin(at) * 1e-3,
    ),
  });
}

const long = [series('loss', longRows)];
const short = [series('loss', shortRows), series('val/iou', shortRows)];
const record = (at: number, slug: string, of: readonly MetricSeries[]) =>
  runRecord(at, {
    slug,
    series: of.map(({ name, values }) => ({ name, count: values.length, last: 0 })) as never,
  });

let folder: string;
let store: RunDetailsStore;
/** What was read of which file, and what is done before. */
let slices: string[];
let before: (signal: AbortSignal | undefined) => Promise<void>;

function watchedFiles(): DataFiles {
  const files = filesOnDisk(join(folder, 'runs'));
  return {
    ...files,
    async open(name, bytes) {
      const file = await files.open(name, bytes);
      return {
        byteLength: bytes,
        async slice(start, end = bytes, signal) {
          slices.push(`${name} ${start === 0 || end === bytes ? 'end' : 'group'}`);
          await before(signal);
          return file.slice(start, end);
        },
      };
    },
  };
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'daybook-exact-'));
  const records = [record(0, 'long', long), record(1, 'one', short), record(2, 'two', short)];
  const { shards } = await publishRuns(folder, records, {
    pages: 10,
    byStatus: counts({ completed: 3 }),
    seriesOf: ({ slug }) => (slug === 'long' ? long : short),
  });
  const home = join(folder, 'runs');
  publishNow(home, { verdicts: new Map(), stale: new Map(), shards: shards.details, nowUs: 1 });
});

beforeEach(async () => {
  slices = [];
  before = () => Promise.resolve();
  store = await RunDetailsStore.open(watchedFiles());
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const way = { margin: 0, most: 400_000, thinned: 400_000, signal: new AbortController().signal };

async function read(
  slug: string,
  name: string,
  span: RecordedSpan,
  how: Partial<typeof way> = {},
): Promise<ExactStretch> {
  const one = (await store.curvesOf(slug)).find((each) => each.name === name)!;
  return store.exact.read(one.exact!, span, { ...way, ...how });
}

/** The points of a span in what was recorded. */
function recorded({ steps, timesUs }: MetricSeries, { by, from, to }: RecordedSpan) {
  const places = by === 'steps' ? steps : timesUs!;
  const inside = [...places.keys()].filter((at) => places[at]! >= from && places[at]! <= to);
  return { inside };
}

describe('the points of a long run', () => {
  it('are those that were recorded in a stretch, and the next on either side', async () => {
    const at = fc.double({ min: -10, max: longRows + 10, noNaN: true });
    const span = fc
      .tuple(at, fc.double({ min: 0, max: 3000, noNaN: true }), fc.boolean())
      .map(([from, wide, isTime]): RecordedSpan => {
        const place = (row: number) => (isTime ? startUs + row * 1e6 : row * 3);
        return { by: isTime ? 'timesUs' : 'steps', from: place(from), to: place(from + wide) };
      });
    await fc.assert(
      fc.asyncProperty(span, async (one) => {
        const stretch = await read('long', 'loss', one);
        const { inside } = recorded(long[0]!, one);
        const rows = stretch.steps.map((step) => step / 3);
        expect(stretch.count).toBe(inside.length);
        expect(rows).toEqual(rows.map((_, index) => rows[0]! + index));
        expect(stretch.values).toEqual(rows.map((row) => long[0]!.values[row]));
        expect(stretch.timesUs).toEqual(rows.map((row) => long[0]!.timesUs![row]));
        if (inside.length === 0) return;
        expect(rows[0]!).toBeLessThanOrEqual(inside[0]!);
        expect(rows[0]!).toBeGreaterThanOrEqual(inside[0]! - 2);
        expect(rows.at(-1)!).toBeGreaterThanOrEqual(inside.at(-1)!);
        if (inside[0]! > 0) expect(rows[0]!).toBeLessThan(inside[0]!);
      }),
      { numRuns: 40 },
    );
    // However many windows: the end of each of two files, and each of five groups, once.
    expect(slices.filter((slice) => slice.endsWith('end')).length).toBeLessThanOrEqual(2);
    expect(slices.filter((slice) => slice.endsWith('group')).length).toBeLessThanOrEqual(5);
  });

  it('are read with the groups of rows that hold them and no others, once', async () => {
    const inSecond = { by: 'steps', from: 3 * 70_000, to: 3 * 70_100 } as const;
    await read('long', 'loss', inSecond);
    expect(slices.map((slice) => slice.split(' ')[1])).toEqual(['end', 'group']);
    await read('long', 'loss', { ...inSecond, from: 3 * 70_050 });
    expect(slices).toHaveLength(2);
    const over = { by: 'timesUs', from: startUs + 65_500e6, to: startUs + 65_600e6 } as const;
    await read('long', 'loss', over);
    expect(slices).toHaveLength(3);
  });

  it('are thinned to the extremes where they are too many, and counted all the same', async () => {
    const span = { by: 'steps', from: 3000, to: 3 * 200_000 } as const;
    const stretch = await read('long', 'loss', span, { most: 10_000, thinned: 500 });
    expect(stretch.count).toBe(199_001);
    expect(stretch.steps.length).toBeLessThanOrEqual(500);
    expect(Math.max(...stretch.values)).toBe(0.2);
    expect(stretch.steps.every((step, at) => at === 0 || step > stretch.steps[at - 1]!)).toBe(true);
  });

  it('have so many more on either side as are asked for', async () => {
    const stretch = await read('long', 'loss', { by: 'steps', from: 30_000, to: 30_003 }, { margin: 100 });
    expect(stretch.count).toBe(2);
    expect(stretch.steps[0]! / 3).toBeGreaterThanOrEqual(9890);
    expect(stretch.steps[0]! / 3).toBeLessThanOrEqual(9900);
  });

  it('are told apart where runs stand in one file', async () => {
    const span = { by: 'steps', from: 3 * 4000, to: 3 * 4999 } as const;
    for (const [slug, name] of [
      ['one', 'loss'],
      ['one', 'val/iou'],
      ['two', 'loss'],
    ] as const) {
      const stretch = await read(slug, name, span);
      expect(stretch.count).toBe(1000);
      expect(stretch.values).toEqual([...short[0]!.values.slice(stretch.steps[0]! / 3)]);
    }
    const { exact } = (await store.curvesOf('two')).find(({ name }) => name === 'val/iou')!;
    expect(rowsFor(exact!, span)).toBe(shortRows);
  });
});

describe('what is not wanted any more', () => {
  const span = { by: 'steps', from: 0, to: 3 * 250_000 } as const;

  it('is not read on, and does not stop who wants the same', async () => {
    const [first, second] = [new AbortController(), new AbortController()];
    before = (signal) =>
      new Promise((resolve, reject) => {
        if (signal === undefined) return resolve();
        signal.addEventListener('abort', () => reject(signal.reason));
        setTimeout(resolve, 20);
      });
    const ended = read('long', 'loss', span, { signal: first.signal });
    const wanted = read('long', 'loss', span, { signal: second.signal });
    setTimeout(() => first.abort(), 10);
    await expect(ended).rejects.toThrow('abort');
    expect((await wanted).count).toBe(250_001);
    const { length } = slices;
    first.abort();
    await expect(
      read('long', 'loss', { ...span, to: 3 * 290_000 }, { signal: first.signal }),
    ).rejects.toThrow();
    expect(slices).toHaveLength(length);
  });
});

describe('the lines of a chart', () => {
  const wish = (from: number, to: number) => ({
    axis: 'step' as const,
    window: [from, to] as const,
    smooth: 0,
  });

  async function lines() {
    const runs = ['long', 'one'].map((slug) => ({ slug, name: slug, style: 0, series: [] as RunSeries[] }));
    for (const run of runs) run.series = await store.curvesOf(run.slug);
    return linesOf('loss', runs, clocksOf(runs), false);
  }

  it('are levels of all, then exact points of the window as soon as they are there', async () => {
    let told: () => void = () => {};
    const exact = new ExactLines(store.exact, () => told());
    const levels = await lines();
    expect(exact.show(levels, { axis: 'step', window: undefined, smooth: 0 })).toEqual({
      lines: levels,
      detail: { kind: 'levels' },
    });
    const there = new Promise<void>((resolve) => {
      told = resolve;
    });
    expect(exact.show(levels, wish(300, 600))).toEqual({ lines: levels, detail: { kind: 'reading' } });
    await there;
    const { lines: shown, detail } = exact.show(levels, wish(300, 600));
    expect(detail).toEqual({ kind: 'exact' });
    expect(shown.map(({ count }) => count)).toEqual([101, 101]);
    // A narrower window is there at once, while its own points are read.
    const narrower = exact.show(levels, wish(330, 360));
    expect([narrower.lines, narrower.detail]).toEqual([shown, { kind: 'reading' }]);
  });

  it('are those of the window that was asked for last, whatever comes when', async () => {
    const changes: unknown[] = [];
    const exact = new ExactLines(store.exact, () => changes.push(exact.show(levels, wish(900, 930)).detail));
    const levels = await lines();
    exact.show(levels, wish(3 * 100_000, 3 * 100_010));
    exact.show(levels, wish(900, 930));
    await expect.poll(() => changes).toEqual([{ kind: 'exact' }]);
    expect(exact.show(levels, wish(900, 930)).lines[0]!.count).toBe(11);
  });

  it('say why they are not exact where a file cannot be read', async () => {
    const changes: unknown[] = [];
    const exact = new ExactLines(store.exact, () => changes.push(exact.show(levels, wish(300, 600)).detail));
    const levels = await lines();
    before = () => Promise.reject(new Error('the server answered 503'));
    exact.show(levels, wish(300, 600));
    await expect.poll(() => changes).toEqual([{ kind: 'failed', why: 'the server answered 503' }]);
    expect(exact.show(levels, wish(300, 600)).lines).toBe(levels);
  });
});
