import { createHash } from 'node:crypto';
import type { MetricSeries } from '../../../collector/formats/metrics/series.ts';
import { writeParquet } from '../publish/parquet.ts';
import { openInMemory, type TemporaryDatabase } from '../publish/temporary-database.ts';
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
  readonly #place: { folder: string; work: string };
  #database: TemporaryDatabase | undefined;

  constructor(place: { folder: string; work: string }) {
    this.#place = place;
  }

  /** Writes the rows as one file, in their order. */
  async write(rows: readonly PointRows[]): Promise<RunTableFile> {
    // A book without series needs no database, which would be most of the memory of its build.
    this.#database ??= await openInMemory(this.#place.work);
    const { connection } = this.#database;
    for (const table of ['points', 'texts']) await connection.run(`DROP TABLE IF EXISTS ${table}`);
    const texts = new Texts();
    const points = await this.#database.numbers('points', ['run', 'name', 'step', 'us', 'value']);
    for (const { slug, series, from, to } of rows) {
      const { steps, timesUs, values } = series;
      points.add([texts.numberOf(slug), texts.numberOf(series.name), steps, timesUs, values], from, to);
    }
    points.close();
    await texts.write(this.#database);
    const text = (column: string) =>
      `(SELECT list(text ORDER BY number) FROM texts)[${column}::INTEGER] AS ${column}`;
    const time = 'CASE WHEN isnan(us) THEN NULL ELSE make_timestamp(us::BIGINT) END AS time';
    const written = await writeParquet(
      connection,
      { folder: this.#place.folder, prefix: 'runs/', name: 'metrics' },
      `SELECT ${text('run')}, ${text('name')}, step, ${time}, value FROM points`,
      groupRows,
    );
    return { ...written, rows: rows.reduce((sum, { from, to }) => sum + to - from, 0) };
  }

  /** Closes the database, also when something failed. */
  close(): void {
    this.#database?.close();
    this.#database = undefined;
  }
}

/** A multiple of DuckDB's vectors (2,048), so that groups are exactly as large; what a reader of a stretch reads at least. */
export const groupRows = 65_536;

/** A name for the content of rows: the same rows make the same file. */
export function sumOfRows({ slug, series, from, to }: PointRows): string {
  const sum = createHash('sha256').update(`${slug}\0${series.name}`);
  for (const column of [series.steps, series.timesUs, series.values]) {
    const numbers = new Float64Array(to - from);
    for (let at = from; at < to; at++) numbers[at - from] = column[at] ?? Number.NaN;
    sum.update(numbers);
  }
  return sum.digest('hex').slice(0, 32);
}

/** Texts that stand in many rows, by number from one on. */
class Texts {
  readonly #numbers = new Map<string, number>();

  numberOf(text: string): number {
    // Halves of characters, which UTF-8 has not.
    const plain = text.toWellFormed();
    const known = this.#numbers.get(plain);
    if (known !== undefined) return known;
    this.#numbers.set(plain, this.#numbers.size + 1);
    return this.#numbers.size;
  }

  async write(database: TemporaryDatabase): Promise<void> {
    const append = await database.appender('texts', [
      ['number', 'DOUBLE'],
      ['text', 'VARCHAR'],
    ]);
    for (const [text, number] of this.#numbers) {
      const [numbers, texts] = append.waiting();
      numbers!.push(number);
      texts!.push(text);
      append.added();
    }
    append.close();
  }
}
