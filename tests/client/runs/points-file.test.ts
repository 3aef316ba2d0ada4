import { expect, it } from 'vitest';
import { openParquet } from '../../../src/client/parquet.ts';
import { groupsOf, mayHold, readPoints } from '../../../src/client/runs/points-file.ts';
import { groupRows, writePoints } from '../../../src/data/runs/series-table.ts';
import { packedPoints } from '../../data/sample-records.ts';
import { temporaryFolder } from '../../helpers.ts';
import { filesOnDisk } from '../published.ts';

const { signal } = new AbortController();

function series(name: string, values: number[]) {
  const timesUs = values.map((_, at) => (at % 3 === 0 ? undefined : at * 1000));
  return packedPoints({ name, steps: values.map((_, at) => at), timesUs, values });
}

it('gives the points of a group to the last bit, whichever way they are written', async () => {
  const folder = temporaryFolder();
  const decimals = Array.from({ length: groupRows - 10 }, (_, at) => (at % 997) / 1000);
  const others = [1 / 3, Number.NaN, Number.POSITIVE_INFINITY, -0, 1e300, ...Array(20).fill(Math.PI)];
  const rows = [series('acc', [...decimals, Number.NaN]), series('loss', others)];
  const points = rows.map((one) => ({ slug: 'one', series: one, from: 0, to: one.values.length }));
  const opened = await openParquet(filesOnDisk(folder), writePoints(folder, points, { hasTwin: false }));
  const groups = groupsOf(opened);
  expect(groups.map(({ rows }) => rows)).toEqual([groupRows, 16]);
  const read = await Promise.all(groups.map((group) => readPoints(opened, group, signal)));
  const all = (name: 'steps' | 'timesUs' | 'values') => read.flatMap((group) => [...group[name]]);
  expect(all('values')).toEqual(rows.flatMap(({ values }) => [...values]));
  expect(all('steps')).toEqual(rows.flatMap(({ steps }) => [...steps]));
  expect(all('timesUs')).toEqual(rows.flatMap(({ timesUs }) => [...timesUs!]));
});

it('passes over groups in which nothing of a span can be', async () => {
  const folder = temporaryFolder();
  const rows = series('acc', Array(2 * groupRows).fill(0.5));
  const points = [{ slug: 'one', series: rows, from: 0, to: 2 * groupRows }];
  const opened = await openParquet(filesOnDisk(folder), writePoints(folder, points, { hasTwin: false }));
  const holding = (from: number, to: number) =>
    groupsOf(opened).map((group) => mayHold(opened, group, { by: 'steps', from, to }));
  expect(holding(0, 10)).toEqual([true, false]);
  expect(holding(groupRows - 1, groupRows)).toEqual([true, true]);
});
