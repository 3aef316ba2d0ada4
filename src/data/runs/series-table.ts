import type { MetricSeries } from '../../../collector/formats/metrics/series.ts';
import { writeParquet } from '../publish/parquet.ts';
import { openDatabase, type TableAppender, type TemporaryDatabase } from '../publish/temporary-database.ts';
import type { RunTableFile } from './index.ts';

/** Takes the series of runs and publishes every point of them. */
export interface SeriesTable {
  add(slug: string, series: MetricSeries[]): Promise<void>;
  finish(): Promise<RunTableFile[]>;
  /** Closes the database, also when something failed. */
  discard(): void;
}

const maxRows = 1_000_000;
const groupRows = 122_880;

/** metrics-NNNN.parquet: run (its slug), name, step, time, value; a run's points stand together, each series in order. */
export function openSeriesTable(place: { folder: string; work: string }): SeriesTable {
  let database: TemporaryDatabase | undefined;
  let append: TableAppender | undefined;
  let rows = 0;
  // A book without series needs no database, which would be most of the memory of its build.
  const open = async () => {
    database = await openDatabase(place.work);
    return database.appender('points', [
      ['run', 'VARCHAR'],
      ['name', 'VARCHAR'],
      ['step', 'DOUBLE'],
      ['atUs', 'DOUBLE'],
      ['value', 'DOUBLE'],
    ]);
  };
  return {
    async add(slug, series) {
      append ??= await open();
      for (const { name, steps, timesUs, values } of series) {
        for (let at = 0; at < values.length; at++) {
          const row = [slug, name.toWellFormed(), steps[at] ?? at, timesUs[at] ?? null, values[at]];
          const waiting = append.waiting();
          for (const [column, value] of row.entries()) waiting[column]!.push(value);
          append.added();
        }
        rows += values.length;
      }
    },
    async finish() {
      if (database === undefined) return [];
      append?.close();
      const files: RunTableFile[] = [];
      for (let start = 0; start < rows; start += maxRows) {
        const end = Math.min(start + maxRows, rows);
        const name = `metrics-${String(files.length).padStart(4, '0')}`;
        const select = `SELECT run, name, step, make_timestamp(atUs::BIGINT) AS time, value FROM points WHERE rowid >= ${start} AND rowid < ${end} ORDER BY rowid`;
        const written = await writeParquet(
          database.connection,
          { folder: place.folder, prefix: 'runs/', name },
          select,
          groupRows,
        );
        files.push({ ...written, rows: end - start });
      }
      return files;
    },
    discard() {
      database?.close();
      database = undefined;
    },
  };
}
