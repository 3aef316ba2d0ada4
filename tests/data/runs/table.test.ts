import { readdirSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunRecord, Scalar } from '../../../collector/runs/record.ts';
import { openParquet, readColumns } from '../../../src/client/parquet.ts';
import { jsonText, runColumns } from '../../../src/data/browser.ts';
import { publishRunTable } from '../../../src/data/runs/table.ts';
import { filesOnDisk } from '../../client/published.ts';
import { temporaryFolder } from '../../helpers.ts';
import { amount } from '../../long.ts';
import { run } from '../sample-runs.ts';

let instance: DuckDBInstance;
beforeAll(async () => {
  instance = await DuckDBInstance.create();
});
afterAll(() => instance.closeSync());

function record(index: number, given: Partial<RunRecord> = {}): RunRecord {
  const { more: _more, verdict: _verdict, ...view } = run(index);
  const none = { experiment: undefined, ledger: undefined, receipt: undefined, paramHash: undefined };
  const empty = { history: [], directions: {}, series: [], artifacts: [], parents: [], files: [] };
  return { ...view, ...none, ...empty, statusFrom: 'receipt', ...given };
}

/** The table of some runs as a database and as pages read it, column by column, and the types that the database sees. */
async function published(runs: RunRecord[]) {
  const folder = temporaryFolder();
  const { columns, files } = publishRunTable(folder, runs, runColumns(runs));
  const [{ file, bytes, rows }] = files as [(typeof files)[0]];
  const opened = await openParquet(filesOnDisk(folder), { file, bytes });
  const pages = await readColumns(opened, undefined, 0, rows);
  const connection = await instance.connect();
  const answer = await connection.runAndReadAll(`FROM '${folder}/${file}'`);
  connection.closeSync();
  const names = answer.columnNames();
  const types = Object.fromEntries(names.map((name, at) => [name, String(answer.columnTypes()[at])]));
  const database = answer.getColumnsJS() as unknown[][];
  return { columns, pages, types, of: (name: string) => database[names.indexOf(name)], folder };
}

const scalar: fc.Arbitrary<Scalar> = fc.oneof(
  fc.constantFrom<Scalar>('', 'a\0b', 'größe 😀', '\ud800', null, true, false, -0, Number.NaN),
  fc.double(),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
);
const values = fc.record({
  params: fc.dictionary(fc.constantFrom('lr', 'LR', 'opt.name', 'a"b'), scalar),
  metrics: fc.dictionary(fc.constantFrom('loss', 'val/iou'), fc.double()),
});

describe('the table of runs', () => {
  it('gives databases and pages every parameter and metric as it was recorded', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(values, { minLength: 1, maxLength: 12 }), async (recorded) => {
        const runs = recorded.map((given, at) => record(at, given));
        const { columns, pages, of } = await published(runs);
        expect(of('slug')).toEqual(runs.map(({ slug }) => slug));
        for (const { kind, name, column, type } of columns) {
          const wanted = runs.map((one) => {
            const value = (kind === 'param' ? one.params : one.metrics)[name] ?? null;
            const isText = type === 'text' || type === 'mixed';
            return isText && value !== null ? String(value).toWellFormed() : value;
          });
          expect(of(column)).toEqual(wanted);
          expect([...pages[column]!]).toEqual(wanted);
        }
      }),
      { numRuns: amount(25, 500) },
    );
  });

  it('has the types that its documentation names, and no value where a run has none', async () => {
    const runs = [record(0, { tags: ['a "b"', 'c'] }), record(1, { atUs: undefined, durationMs: undefined })];
    const { types, of, pages } = await published(runs);
    expect(types).toMatchObject({
      slug: 'VARCHAR',
      time: 'TIMESTAMP',
      has_receipt: 'BOOLEAN',
      duration_ms: 'DOUBLE',
      artifacts: 'INTEGER',
      'param.lr': 'DOUBLE',
      'param.opt.name': 'VARCHAR',
    });
    expect(of('tags')).toEqual([jsonText(runs[0]!.tags), null]);
    expect([...pages['time']!]).toEqual([runs[0]!.atUs, null]);
    expect(of('duration_ms')).toEqual([runs[0]!.durationMs, null]);
    expect(of('has_receipt')).toEqual([false, false]);
  });

  it('has another name for another content, and the same for the same', async () => {
    const nameOf = async (runs: RunRecord[]) => readdirSync((await published(runs)).folder);
    const first = await nameOf([record(0), record(1)]);
    expect(first).toEqual([
      expect.stringMatching(/^table-0000-.{8}\.js$/),
      expect.stringMatching(/\.parquet$/),
    ]);
    expect(await nameOf([record(0), record(1)])).toEqual(first);
    expect(await nameOf([record(1), record(0)])).not.toEqual(first);
  });
});
