import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { MetricSeries } from '../../../collector/formats/metrics/series.ts';
import { writeParquet } from '../publish/parquet.ts';
import type { TemporaryDatabase } from '../publish/temporary-database.ts';
import type { RunTableFile } from './index.ts';

/** Some points of one series, from one on and before another. */
export interface PointRows {
  slug: string;
  series: MetricSeries;
  from: number;
  to: number;
}

/**
 * Writes files of points: run (its slug), name, step, time, value; a run's points stand together, each series in order. In
 * memory stands what one file holds.
 */
export class PointFiles {
  readonly #folder: string;
  readonly #open: () => Promise<TemporaryDatabase>;

  constructor(folder: string, database: () => Promise<TemporaryDatabase>) {
    this.#folder = folder;
    this.#open = database;
  }

  /** Writes the rows as one file, in their order. */
  async write(rows: readonly PointRows[]): Promise<RunTableFile> {
    const database = await this.#open();
    const { connection } = database;
    for (const table of ['points', 'series']) await connection.run(`DROP TABLE IF EXISTS ${table}`);
    const hasTimes = rows.some(({ series }) => series.timesUs.some((us) => us !== undefined));
    const columns = ['number', 'step', 'value', ...(hasTimes ? ['us'] : [])];
    const points = await database.numbers('points', columns);
    for (const [at, { series, from, to }] of rows.entries()) {
      const { steps, timesUs, values } = series;
      points.add([at + 1, steps, values, ...(hasTimes ? [timesUs] : [])], from, to);
    }
    points.close();
    await writeNames(database, rows);
    // As values, not as a part of the query: what joins nothing keeps the order of its rows, however many threads write.
    for (const column of ['run', 'name'])
      await connection.run(`SET VARIABLE ${column} = (SELECT list(${column} ORDER BY number) FROM series)`);
    const name = (column: string) => `getvariable('${column}')[number::INTEGER] AS ${column}`;
    const time = hasTimes
      ? 'CASE WHEN isnan(us) THEN NULL ELSE make_timestamp(us::BIGINT) END'
      : 'NULL::TIMESTAMP';
    const written = await writeParquet(
      connection,
      { folder: this.#folder, prefix: 'runs/', name: 'metrics' },
      `SELECT ${name('run')}, ${name('name')}, step, ${time} AS time, value FROM points`,
      groupRows,
    );
    return { ...written, rows: rows.reduce((sum, { from, to }) => sum + to - from, 0) };
  }
}

/** A multiple of DuckDB's vectors (2,048), so that groups are exactly as large; what a reader of a stretch reads at least. */
export const groupRows = 65_536;

/** A name for the content of rows: the same rows make the same file. By checksums of so many rows each, ten times quicker than one. */
export function sumOfRows({ slug, series, from, to }: PointRows): string {
  const sum = createHash('sha256').update(`${slug}\0${series.name}\0${to - from}`);
  const numbers = new Float64Array(partRows);
  for (const column of [series.steps, series.timesUs, series.values]) {
    for (let start = from; start < to; start += partRows) {
      const rows = Math.min(partRows, to - start);
      for (let row = 0; row < rows; row++) numbers[row] = column[start + row] ?? Number.NaN;
      sum.update(`\0${crc32(new Uint8Array(numbers.buffer, 0, rows * numbers.BYTES_PER_ELEMENT))}`);
    }
  }
  return sum.digest('hex').slice(0, 32);
}

const partRows = 8192;

/** The names of the series by their number, from one on. */
async function writeNames(database: TemporaryDatabase, rows: readonly PointRows[]): Promise<void> {
  const append = await database.appender('series', [
    ['number', 'DOUBLE'],
    ['run', 'VARCHAR'],
    ['name', 'VARCHAR'],
  ]);
  for (const [at, { slug, series }] of rows.entries()) {
    const [numbers, runs, names] = append.waiting();
    numbers!.push(at + 1);
    // Halves of characters, which UTF-8 has not.
    runs!.push(slug.toWellFormed());
    names!.push(series.name.toWellFormed());
    append.added();
  }
  append.close();
}
