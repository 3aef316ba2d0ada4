import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { archiveBook } from '../../../collector/operations/archive/archive-book.ts';
import { fieldHistory } from '../../../collector/operations/snapshots/field-history.ts';
import { auditBook } from '../../../collector/store/audit.ts';
import { periodicIds } from '../../../collector/store/periodic-store.ts';
import { isRollupName, readRollups } from '../../../collector/store/segments/read-rollups.ts';
import { rollUp } from '../../../collector/store/segments/rollups.ts';
import { temporaryBook } from '../../helpers.ts';
import { amount } from '../../long.ts';

const hourMs = 3_600_000;
const start = Date.UTC(2026, 0, 1);
const folder = (root: string) => join(root, 'snapshots');
const files = (root: string) => readdirSync(folder(root)).filter(isRollupName);

function write(root: string, minutes: number, n: unknown, text = 'a'): string {
  const time = new Date(start + minutes * 60_000).toISOString();
  const id = `periodic_${time.slice(0, 19).replace(/[-:]/g, '').replace('T', '_')}`;
  mkdirSync(folder(root), { recursive: true });
  const content = { snapshot_id: id, snapshot_type: 'periodic', timestamp: time, load: { n, text } };
  writeFileSync(join(folder(root), `${id}.json`), JSON.stringify(content));
  return id;
}

/** Archives as if so many hours had gone by since the first snapshot. */
async function archiveAt(root: string, hours: number) {
  const clock = { nowUs: () => (start + hours * hourMs) * 1000 };
  const retention = { thin: true };
  return archiveBook(root, { by: 'month', keepMs: 7 * 24 * hourMs, dryRun: false, clock, retention });
}

describe('archive with retention rules', () => {
  it('leaves roll-ups of what it thins out, which history goes through and marks', async () => {
    const root = temporaryBook();
    for (const [at, n] of [3, 1, 2, 6].entries()) write(root, at * 15, n, at < 2 ? 'a' : 'b');
    for (const [at, n] of [7, 7].entries()) write(root, 60 + at * 30, n);
    const { snapshots } = await archiveAt(root, 50);
    expect(snapshots.thinned).toBe(4);
    expect(periodicIds(root)).toEqual(['periodic_20260101_004500', 'periodic_20260101_013000']);
    const { rollups } = readRollups(root);
    expect(rollups.map(({ unit, snapshots: some }) => [unit, some.length])).toEqual([
      ['hour', 3],
      ['hour', 1],
    ]);
    expect(rollups[0]!.fields.get('load.n')).toEqual({
      count: 3,
      numbers: 3,
      min: 1,
      max: 3,
      mean: 2,
      first: 3,
      last: 2,
      seen: [],
      more: false,
    });
    const history = await fieldHistory({ root, path: 'load.n' });
    expect(history).toMatchObject({ snapshots: 6, present: 6, rolled: 4 });
    expect(history.values.map(({ value, snapshots: of, rolled }) => [value, of, rolled?.unit])).toEqual([
      [7, 2, undefined],
      [6, 1, undefined],
      [2, 3, 'hour'],
    ]);
    const texts = await fieldHistory({ root, path: 'load.text' });
    expect(texts.values.at(-1)?.rolled).toMatchObject({
      seen: ['a', 'b'],
      first: 'a',
      last: 'b',
      more: false,
    });
    expect((await auditBook(root)).findings.filter(({ code }) => code !== 'latest-differs')).toEqual([]);
  });

  it('puts hours together to days and days to months when they have become old', async () => {
    const root = temporaryBook();
    for (let at = 0; at < 96; at++) write(root, at * 30, at);
    await archiveAt(root, 4 * 24);
    expect(readRollups(root).rollups.map(({ unit }) => unit)).toEqual(Array(48).fill('hour'));
    await archiveAt(root, 20 * 24);
    const units = () => readRollups(root).rollups.map(({ unit, snapshots }) => [unit, snapshots.length]);
    expect(units()).toEqual([
      ['day', 47],
      ['day', 47],
    ]);
    await archiveAt(root, 500 * 24);
    expect(units()).toEqual([['month', 95]]);
    expect(files(root)).toHaveLength(1);
    expect(readRollups(root).rollups[0]!.fields.get('load.n')).toMatchObject({
      count: 95,
      min: 0,
      max: 94,
      first: 0,
    });
    expect(periodicIds(root)).toEqual(['periodic_20260102_233000']);
  });

  it('tells of a snapshot once, whatever a stop left behind', async () => {
    const root = temporaryBook();
    const ids = [0, 15, 30].map((at) => write(root, at, at));
    write(root, 45, 45);
    rollUp(root, ids, (start + 50 * hourMs) * 1000);
    const before = await fieldHistory({ root, path: 'load.n' });
    expect(before).toMatchObject({ snapshots: 4, rolled: 3 });
    const kept = join(temporaryBook(), 'kept');
    copyFileSync(join(folder(root), files(root)[0]!), kept);
    const name = files(root)[0]!;
    await archiveAt(root, 20 * 24);
    copyFileSync(kept, join(folder(root), name));
    expect(await fieldHistory({ root, path: 'load.n' })).toMatchObject({ snapshots: 4, rolled: 3 });
    expect(periodicIds(root)).toHaveLength(1);
  });

  it('reports roll-ups that cannot be read, and keeps them', async () => {
    const root = temporaryBook();
    for (let at = 0; at < 4; at++) write(root, at * 10, at);
    await archiveAt(root, 50);
    writeFileSync(join(folder(root), files(root)[0]!), 'no zstd');
    const { findings } = await auditBook(root);
    expect(findings.find(({ code }) => code === 'unreadable')?.file).toBe(`snapshots/${files(root)[0]}`);
    for (let at = 6; at < 9; at++) write(root, at * 10, at);
    await archiveAt(root, 60);
    expect(files(root)).toHaveLength(2);
  });
});

it('keeps count, extremes, mean, first and last of all numbers, however often it is archived', async () => {
  const values = fc.uniqueArray(
    fc.record({ minute: fc.integer({ min: 0, max: 60 * 24 * 12 }), n: fc.integer({ min: -50, max: 50 }) }),
    { selector: ({ minute }) => minute, minLength: 2, maxLength: 30 },
  );
  const times = fc.array(fc.integer({ min: 24, max: 24 * 600 }), { minLength: 1, maxLength: 4 });
  const property = fc.asyncProperty(values, times, async (all, hours) => {
    const root = temporaryBook();
    for (const { minute, n } of all) write(root, minute, n);
    for (const hour of hours.sort((a, b) => a - b)) await archiveAt(root, hour);
    const kept = new Set(periodicIds(root));
    const sorted = all.toSorted((a, b) => a.minute - b.minute);
    const idOf = (minute: number) =>
      `periodic_${new Date(start + minute * 60_000).toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '_')}`;
    const { rollups } = readRollups(root);
    const told = new Map(
      rollups.flatMap((rollup) => rollup.snapshots.map(({ id }) => [id, rollup] as const)),
    );
    expect([...told.keys(), ...kept].sort()).toEqual(sorted.map(({ minute }) => idOf(minute)).sort());
    for (const rollup of rollups) {
      const numbers = sorted.filter(({ minute }) => told.get(idOf(minute)) === rollup).map(({ n }) => n);
      const field = rollup.fields.get('load.n')!;
      expect([field.count, field.min, field.max, field.first, field.last]).toEqual([
        numbers.length,
        Math.min(...numbers),
        Math.max(...numbers),
        numbers[0],
        numbers.at(-1),
      ]);
      expect(field.mean).toBeCloseTo(numbers.reduce((sum, n) => sum + n, 0) / numbers.length, 9);
    }
  });
  await fc.assert(property, { numRuns: amount(15, 200) });
});
