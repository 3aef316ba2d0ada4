import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RunDetailsStore } from '../../../src/client/runs/details-store.ts';
import { publishRuns } from '../../../src/data/runs/publish.ts';
import { publishNow } from '../../../src/data/runs/publish-now.ts';
import type { ReceiptVerdict, Staleness } from '../../../src/data/runs/types.ts';
import { counts } from '../../data/sample-action.ts';
import { metricSeries, runRecord } from '../../data/sample-records.ts';
import { type FilesOnDisk, filesOnDisk } from '../published.ts';

const loss = metricSeries('loss', 5);
/** One run has a series, one is called like what every object has. */
const records = [
  ...Array.from({ length: 600 }, (_, index) => runRecord(index)),
  runRecord(600, { slug: 'constructor', name: 'constructor' }),
  runRecord(601, { slug: 'curves', series: [{ name: 'loss', count: 5, last: Number.NaN }] as never }),
];
const verdict = { state: 'differs' } as ReceiptVerdict;
const stale = { why: 'no sign of life' } as unknown as Staleness;

let folder: string;
let files: FilesOnDisk;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'daybook-client-'));
  const given = { pages: 10, byStatus: counts({ completed: records.length }), seriesOf: () => [loss] };
  const { shards } = await publishRuns(folder, records, given);
  publishNow(join(folder, 'runs'), {
    verdicts: new Map([['train-2', verdict]]),
    stale: new Map([['train-1', stale]]),
    shards: shards.details,
    nowUs: 1,
  });
});

beforeEach(() => {
  files = filesOnDisk(join(folder, 'runs'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('any run of a book as a page reads it', () => {
  it('has its details, with what was true of it at the time of the build', async () => {
    const store = await RunDetailsStore.open(files);
    expect(await store.detailsOf('train-0')).toMatchObject({
      slug: 'train-0',
      metrics: { loss: 1 },
      stale: undefined,
    });
    expect(await store.detailsOf('train-1')).toMatchObject({ slug: 'train-1', stale });
    expect((await store.detailsOf('train-3'))?.metrics['loss']).toBeNaN();
    expect([await store.verdictOf('train-2'), await store.verdictOf('train-1')]).toEqual([
      verdict,
      undefined,
    ]);
  });

  it('is read from one file among several, once', async () => {
    const store = await RunDetailsStore.open(files);
    expect(store.index.shards.details).toBe(4);
    for (const { slug } of records) expect((await store.detailsOf(slug))?.slug).toBe(slug);
    expect(files.asked.filter((name) => name.startsWith('details')).sort()).toEqual(
      [0, 1, 2, 3].map((shard) => `details-000${shard}.json.gz`),
    );
  });

  it('has its curves, and none are asked for where it has none', async () => {
    const store = await RunDetailsStore.open(files);
    expect(await store.seriesOf('train-0')).toEqual([]);
    expect(files.asked.some((name) => name.startsWith('series'))).toBe(false);
    expect((await store.seriesOf('curves')).map(({ name, values }) => [name, values.length])).toEqual([
      ['loss', 5],
    ]);
  });

  it('is none where the book has no run of that name, whatever objects are made of', async () => {
    const store = await RunDetailsStore.open(files);
    for (const slug of ['train-9999', '__proto__', 'toString', 'valueOf'])
      expect([await store.detailsOf(slug), await store.verdictOf(slug)]).toEqual([undefined, undefined]);
    expect(await store.detailsOf('constructor')).toMatchObject({ slug: 'constructor', stale: undefined });
  });

  it('has a page of its own only where all runs have one', async () => {
    const { index } = await RunDetailsStore.open(files);
    const now = { format: 1 as const, checkedAtUs: 1, verdicts: {}, stale: {} };
    const all = { ...index, pages: index.total };
    expect(new RunDetailsStore(files, index, now, '../').hrefOf('a b')).toBe('../run.html?run=a%20b');
    expect(new RunDetailsStore(files, all, now).hrefOf('a b')).toBe('runs/a%20b.html');
  });

  it('says what a file that cannot be read says, and is read again', async () => {
    const store = await RunDetailsStore.open(files);
    for (const shard of [0, 1, 2, 3]) files.broken.add(`details-000${shard}.json.gz`);
    await expect(store.detailsOf('train-5')).rejects.toThrow('the server answered 500');
    files.broken.clear();
    expect((await store.detailsOf('train-5'))?.slug).toBe('train-5');
    files.broken.add('code.json');
    await expect(store.codeChanges()).rejects.toThrow('code.json');
  });
});
