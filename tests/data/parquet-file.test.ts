import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openParquet, readBytes, readColumns } from '../../src/client/parquet.ts';
import {
  type GroupValues,
  type ParquetColumn,
  ParquetFile,
} from '../../src/data/publish/parquet-file/file.ts';
import { filesOnDisk } from '../client/published.ts';
import { temporaryFolder } from '../helpers.ts';
import { amount } from '../long.ts';

const columns: ParquetColumn[] = [
  { name: 'text', kind: 'text' },
  { name: 'diverse', kind: 'text', isDiverse: true },
  { name: 'double', kind: 'double' },
  { name: 'int', kind: 'int' },
  { name: 'time', kind: 'time' },
  { name: 'flag', kind: 'flag' },
];

/** Rows of a group: texts that repeat and texts that do not, and none of each. */
const row = fc.tuple(
  fc.option(fc.constantFrom('', 'build', 'größe 😀', 'a\0b')),
  fc.option(fc.string({ unit: 'grapheme', maxLength: 60 })),
  fc.option(fc.double({ noNaN: true })),
  fc.option(fc.integer()),
  fc.option(fc.integer({ min: -62_135_596_800_000_000, max: 9_000_000_000_000_000 })),
  fc.option(fc.boolean()),
);
const groups = fc.array(
  fc.oneof(
    fc.array(row, { minLength: 1, maxLength: 30 }),
    fc
      .array(row, { minLength: 1, maxLength: 3 })
      .map((few) => Array.from({ length: 300 }, (_, at) => few[at % few.length]!)),
  ),
  { minLength: 1, maxLength: 4 },
);

let instance: DuckDBInstance;
beforeAll(async () => {
  instance = await DuckDBInstance.create();
});
afterAll(() => instance.closeSync());

function written(rowsOfGroups: readonly (readonly GroupValues[])[]): { folder: string; bytes: number } {
  const folder = temporaryFolder();
  const file = new ParquetFile(columns, 6);
  for (const rows of rowsOfGroups) file.addGroup(columns.map((_, at) => rows.map((values) => values[at]!)));
  const bytes = file.finish();
  writeFileSync(join(folder, 'all.parquet'), bytes);
  return { folder, bytes: bytes.length };
}

describe('a Parquet file that a build writes itself', () => {
  it('is read by DuckDB and by pages as what was put into it', async () => {
    const connection = await instance.connect();
    await fc.assert(
      fc.asyncProperty(groups, async (all) => {
        const { folder, bytes } = written(all);
        const rows = all.flat();
        const names = columns.map(({ name }) => name);
        const select = names.map((name) => (name === 'time' ? 'epoch_us(time)::DOUBLE' : name)).join(', ');
        const read = await connection.runAndReadAll(
          `SELECT ${select} FROM read_parquet('${folder}/all.parquet')`,
        );
        expect(read.getRows()).toEqual(rows);
        const opened = await openParquet(filesOnDisk(folder), { file: 'all.parquet', bytes });
        const values = await readColumns(opened, undefined, 0, rows.length);
        expect(names.map((name) => [...values[name]!])).toEqual(
          names.map((_, at) => rows.map((one) => one[at])),
        );
        const middle = Math.floor(rows.length / 2);
        const one = await readColumns(opened, ['diverse', 'int'], middle, middle + 1);
        expect([one['diverse']![0], one['int']![0]]).toEqual([rows[middle]![1], rows[middle]![3]]);
        const texts = await readBytes(opened, ['text'], [0, rows.length]);
        const decoded = Array.from(
          texts['text']!,
          (text) => text && Buffer.from(text as Uint8Array).toString(),
        );
        expect(decoded).toEqual(rows.map(([text]) => text));
      }),
      { numRuns: amount(25, 500) },
    );
  });

  it('takes little for texts that repeat and times that rise', () => {
    const start = Date.UTC(2026, 10, 20) * 1000;
    const rows = Array.from(
      { length: 6000 },
      (_, at): GroupValues => [at % 3 === 0 ? 'deploy' : 'build', null, null, 7, start + at * 1000, true],
    );
    expect(written([rows]).bytes).toBeLessThan(6000);
  });

  it('says that a page is damaged instead of showing what it holds', async () => {
    const rows = Array.from({ length: 600 }, (_, at): GroupValues => [null, `text ${at}`, null, at, 0, null]);
    const { folder, bytes } = written([rows]);
    const opened = await openParquet(filesOnDisk(folder), { file: 'all.parquet', bytes });
    const { meta_data } = opened.metadata.row_groups[0]!.columns[1]!;
    const file = {
      ...opened.file,
      async slice(start: number, end?: number) {
        const piece = new Uint8Array(await opened.file.slice(start, end)).slice();
        const at =
          Number(meta_data!.data_page_offset) + Number(meta_data!.total_compressed_size) - 200 - start;
        piece[at]! ^= 0xff;
        return piece.buffer;
      },
    };
    await expect(readColumns({ ...opened, file }, ['diverse'], 0, 600)).rejects.toThrow();
  });
});
