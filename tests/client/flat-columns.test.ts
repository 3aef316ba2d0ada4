import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readNumbers, readTexts } from '../../src/client/flat-columns.ts';
import { type OpenedParquet, openWhole, readColumns } from '../../src/client/parquet.ts';
import { openDatabase, type TemporaryDatabase } from '../../src/data/publish/temporary-database.ts';
import { filesOnDisk } from './published.ts';

let folder: string;
let database: TemporaryDatabase;
let written = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'daybook-columns-'));
  database = await openDatabase(join(folder, 'work'));
});

afterAll(() => {
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A file with one column `it`, of `rows` rows that are numbered by `i`. */
async function fileOf(select: string, rows: number, groupRows = 50_000): Promise<OpenedParquet> {
  written += 1;
  const file = `file-${written}.parquet`;
  await database.connection.run(
    `COPY (SELECT ${select} AS it FROM range(${rows}) AS rows(i) ORDER BY i) TO '${join(folder, file)}' (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE ${groupRows}, PARQUET_VERSION v2)`,
  );
  return openWhole(filesOnDisk(folder), { file, bytes: statSync(join(folder, file)).size });
}

async function plainly(opened: OpenedParquet): Promise<unknown[]> {
  const { it = [] } = await readColumns(opened, ['it'], 0, Number(opened.metadata.num_rows));
  return [...it];
}

const encodingsOf = ({ metadata }: OpenedParquet) =>
  metadata.row_groups.flatMap(({ columns }) => columns[0]!.meta_data!.encodings).join(' ');

const random = '(hash(i) >> 1)::BIGINT';
const someNull = (what: string) => `CASE WHEN ${random} % 7 < 2 THEN NULL ELSE ${what} END`;

describe('a column of numbers', () => {
  it.each([
    ['times that rise', `make_timestamp(1763600000000000 + i * 31000000 + ${random} % 60000000)`, 'DELTA'],
    ['times of every size', `make_timestamp((${random} % 253402300799) * 1000000 - i)`, 'DELTA'],
    ['times before 1970', 'make_timestamp(-i * i)', 'DELTA'],
    ['times with gaps', someNull(`make_timestamp(1763600000000000 + ${random} % 1000)`), ''],
    ['the same time again and again', 'make_timestamp(1763600000000000 + i % 3)', 'DICTIONARY'],
    ['no time at all', 'NULL::TIMESTAMP', ''],
    ['durations', someNull(`(${random} % 100000) / 8`), ''],
    ['few durations', someNull(`(${random} % 10) / 8`), 'DICTIONARY'],
    ['numbers that are none', "CASE WHEN i % 2 = 0 THEN 'NaN'::DOUBLE ELSE '-Infinity'::DOUBLE END", ''],
    ['small numbers', '(i % 100 - 50)::INTEGER', ''],
  ])('is read as the library reads it: %s', async (_, select, encoding) => {
    for (const [rows, groupRows] of [
      [1, 50_000],
      [4999, 50_000],
      [5000, 2048],
    ] as const) {
      const opened = await fileOf(select, rows, groupRows);
      if (rows > 1) expect(encodingsOf(opened)).toContain(encoding);
      const wanted = (await plainly(opened)).map((value) => (value as number | null) ?? Number.NaN);
      expect(await readNumbers(opened, 'it')).toEqual(Float64Array.from(wanted));
    }
  });

  it('is read by the library where a number is too large to be exact', async () => {
    const opened = await fileOf('i * 4611686018427387904 + 1', 2);
    expect([...(await readNumbers(opened, 'it'))]).toEqual((await plainly(opened)).map(Number));
  });
});

describe('a column of texts', () => {
  it.each([
    ['few', someNull("'größe ' || (i % 5)"), 'DICTIONARY'],
    ['one', "'always'", 'DICTIONARY'],
    ['all others', `'\ufeff' || ${random}`, 'DELTA_LENGTH'],
    ['none', 'NULL::VARCHAR', ''],
    ['empty ones', "CASE WHEN i % 3 = 0 THEN '' WHEN i % 3 = 1 THEN NULL ELSE 'x' END", 'DICTIONARY'],
  ])('has a number for each row: %s', async (_, select, encoding) => {
    for (const [rows, groupRows] of [
      [1, 50_000],
      [4999, 50_000],
      [5000, 2048],
    ] as const) {
      const opened = await fileOf(select, rows, groupRows);
      if (rows > 1) expect(encodingsOf(opened)).toContain(encoding);
      const { codes, texts } = await readTexts(opened, 'it');
      expect(new Set(texts.slice(1)).size).toBe(texts.length - 1);
      expect(Array.from(codes, (code) => (code === 0 ? null : texts[code]))).toEqual(
        (await plainly(opened)).map((text) => text ?? null),
      );
    }
  });
});
