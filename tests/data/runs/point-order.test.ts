import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { MetricSeries } from '../../../collector/formats/metrics/series.ts';
import { openParquet, readColumns } from '../../../src/client/parquet.ts';
import { openInMemory } from '../../../src/data/publish/temporary-database.ts';
import { PointFiles } from '../../../src/data/runs/series-table.ts';
import { filesOnDisk } from '../../client/published.ts';
import { temporaryFolder } from '../../helpers.ts';

/** More rows than one thread of the database writes by itself. */
const rows = 150_000;

it('a file of many points has them in their order, whatever writes it', async () => {
  const folder = temporaryFolder();
  const database = openInMemory(join(folder, 'spill'));
  onTestFinished(async () => (await database).close());
  const numbers = Array.from({ length: rows }, (_, at) => at);
  const series = (name: string) =>
    ({ name, steps: numbers, timesUs: numbers.map(() => undefined), values: numbers }) as MetricSeries;
  const files = new PointFiles(folder, () => database);
  const [first, second] = [series("lo'ss"), series('val/iou')];
  const written = await files.write([
    { slug: 'one', series: first, from: 0, to: 100_000 },
    { slug: 'two', series: second, from: 100_000, to: rows },
  ]);
  const opened = await openParquet(filesOnDisk(folder), written);
  const { step, run, name } = await readColumns(opened, ['step', 'run', 'name'], 0, rows);
  expect(Array.from(step!, Number).every((value, at) => value === at)).toBe(true);
  expect([run![0], name![0], run![99_999], run![100_000], name![100_000]]).toEqual([
    'one',
    "lo'ss",
    'one',
    'two',
    'val/iou',
  ]);
});
