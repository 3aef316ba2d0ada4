import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlainSeries } from '../../../collector/formats/metrics/series.ts';
import { readNumbers, readTexts } from '../../../src/client/flat-columns.ts';
import { openParquet } from '../../../src/client/parquet.ts';
import { packedSeries, revivedSeries } from '../../../src/data/runs/json.ts';
import { numberOfUnits, scaledNumbers } from '../../../src/data/runs/scaled.ts';
import { groupRows, writePoints } from '../../../src/data/runs/series-table.ts';
import { filesOnDisk } from '../../client/published.ts';
import { temporaryFolder } from '../../helpers.ts';
import { amount } from '../../long.ts';
import { packedPoints } from '../sample-records.ts';

let instance: DuckDBInstance;
beforeAll(async () => {
  instance = await DuckDBInstance.create();
});
afterAll(() => instance.closeSync());

/** Numbers as programs write them: with few digits, with all, and what is none. */
const written = fc.oneof(
  fc
    .tuple(fc.integer({ min: -(2 ** 40), max: 2 ** 40 }), fc.nat(9))
    .map(([whole, digits]) => Number(`${whole}e-${digits}`)),
  fc.float().map(Math.fround),
  fc.double(),
  fc.constantFrom(0, -0, 0.1 + 0.2, 1e-5, 5e-324, 1e300, 2 ** 50, 2 ** 53, -1, NaN, Infinity, -Infinity),
);
const column = fc.oneof(
  fc.array(written, { minLength: 1, maxLength: 40 }),
  fc
    .tuple(fc.integer(), fc.nat(6), fc.nat(40))
    .map(([from, digits, count]) =>
      Array.from({ length: count + 1 }, (_, at) => Number(`${from + at * 7}e-${digits}`)),
    ),
);
const time = fc.oneof(
  fc.constant(undefined),
  fc.integer({ min: -62_135_596_800_000_000, max: 9_000_000_000_000_000 }),
);
const series: fc.Arbitrary<PlainSeries> = fc
  .tuple(fc.string({ unit: 'grapheme', maxLength: 8 }), column, fc.array(time), fc.boolean(), fc.integer())
  .map(([name, values, times, isEven, from]) => ({
    name,
    values,
    steps: values.map((value, at) => (isEven || !Number.isFinite(value) ? from + at : value + 0)),
    timesUs: values.map((_, at) => times[at % Math.max(1, times.length)]),
  }));

const bits = (values: ArrayLike<unknown>) =>
  Array.from(values, (value) => (Object.is(value, -0) ? '-0' : String(value)));

describe('numbers', () => {
  it('are whole ones and a power of ten only where all of them come back', () => {
    fc.assert(
      fc.property(column, (values) => {
        const scaled = scaledNumbers(values);
        if (scaled === undefined) return;
        const finite = values.filter((value) => Number.isFinite(value) && !Object.is(value, -0));
        const units = [...scaled.units].filter((each) => !Number.isNaN(each));
        expect(units.every(Number.isSafeInteger)).toBe(true);
        expect(bits(units.map((each) => numberOfUnits(each, scaled.scale)))).toEqual(bits(finite));
      }),
    );
    expect(scaledNumbers([0.25, -1.5, 12])).toEqual({ scale: 2, units: Float64Array.of(25, -150, 1200) });
    expect(scaledNumbers([0.1, 1 / 3])).toBeUndefined();
    expect(scaledNumbers([0, -0, 0.5])).toEqual({ scale: 1, units: Float64Array.of(0, Number.NaN, 5) });
  });

  it('of a curve come out of a data file as they went in', () => {
    fc.assert(
      fc.property(series, ({ name, steps, timesUs, values }) => {
        const times = timesUs.map((us) => us ?? null);
        const given = [
          { name, steps: steps.map((step) => step + 0), timesUs: times, values, count: values.length },
        ];
        const read = revivedSeries(JSON.parse(JSON.stringify(packedSeries(given))));
        // JSON has one zero.
        expect(read[0]!.values.map((value) => value + 0)).toEqual(values.map((value) => value + 0));
        expect(read[0]!.timesUs).toEqual(times);
        if (steps.every(Number.isFinite))
          expect(read[0]!.steps.map((step) => step + 0)).toEqual(given[0]!.steps);
      }),
    );
  });
});

describe('a file of points', () => {
  it('gives every point back, to databases and to pages', async () => {
    const connection = await instance.connect();
    await fc.assert(
      fc.asyncProperty(fc.array(series, { minLength: 1, maxLength: 6 }), async (all) => {
        const folder = temporaryFolder();
        const rows = all.map((each, at) => ({
          slug: `run-${at % 2}`,
          series: packedPoints(each),
          from: at % 2 && each.values.length > 1 ? 1 : 0,
          to: each.values.length,
        }));
        const file = writePoints(folder, rows, { hasTwin: false });
        const expected = rows.flatMap(({ slug, from, to }, number) => {
          const { name, steps, timesUs, values } = all[number]!;
          return values
            .slice(from, to)
            .map((value, at) => [
              slug,
              name.toWellFormed(),
              ...bits([steps[from + at], timesUs[from + at] ?? null, value]),
            ]);
        });
        const read = await connection.runAndReadAll(
          `SELECT run, name, step, epoch_us(time)::DOUBLE, coalesce(value, units / 10.0 ** scale) FROM read_parquet('${folder}/${file.file}')`,
        );
        expect(read.getRows().map(([run, name, ...numbers]) => [run, name, ...bits(numbers)])).toEqual(
          expected,
        );
        const opened = await openParquet(filesOnDisk(folder), file);
        const [step, us, value, units, scale] = await Promise.all(
          ['step', 'time', 'value', 'units', 'scale'].map((name) => readNumbers(opened, name)),
        );
        const runs = await readTexts(opened, 'run');
        const shown = Array.from({ length: file.rows }, (_, row) => [
          runs.texts[runs.codes[row]!],
          ...bits([
            step![row],
            Number.isNaN(us![row]) ? null : us![row],
            Number.isNaN(units![row]) ? value![row] : numberOfUnits(units![row]!, scale![row]!),
          ]),
        ]);
        expect(shown).toEqual(expected.map(([run, _name, ...numbers]) => [run, ...numbers]));
      }),
      { numRuns: amount(30, 400) },
    );
  });

  it('has its rows in order over several groups, and says where their steps lie', async () => {
    const folder = temporaryFolder();
    const count = groupRows + 5;
    const numbers = Array.from({ length: count }, (_, at) => at);
    const each = (name: string) =>
      packedPoints({
        name,
        steps: numbers,
        timesUs: numbers.map(() => undefined),
        values: numbers.map((at) => at / 1000),
      });
    const file = writePoints(
      folder,
      [
        { slug: 'one', series: each("lo'ss"), from: 0, to: 40_000 },
        { slug: 'two', series: each('val/iou'), from: 40_000, to: count },
      ],
      { hasTwin: false },
    );
    const opened = await openParquet(filesOnDisk(folder), file);
    expect(bits(await readNumbers(opened, 'step'))).toEqual(bits(numbers));
    expect(bits(await readNumbers(opened, 'units'))).toEqual(bits(numbers));
    const { codes, texts } = await readTexts(opened, 'name');
    expect([0, 39_999, 40_000, count - 1].map((row) => texts[codes[row]!])).toEqual([
      "lo'ss",
      "lo'ss",
      'val/iou',
      'val/iou',
    ]);
    const ranges = opened.metadata.row_groups.map(({ columns }) => {
      const told = columns.find(({ meta_data }) => meta_data?.path_in_schema[0] === 'step')?.meta_data
        ?.statistics;
      return [told?.min_value, told?.max_value];
    });
    expect(ranges).toEqual([
      [-0, groupRows - 1],
      [groupRows, count - 1],
    ]);
    // Two bytes a point, where a double takes eight, and its step as many.
    expect(file.bytes).toBeLessThan(2 * count);
  });
});
