import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import type { MetricSeries } from '../../../collector/formats/metrics/series.ts';
import type { ReceiptVerdict } from '../../../collector/formats/receipts/record.ts';
import type { RunRecord } from '../../../collector/runs/record.ts';
import { readBook } from '../../../src/data/reader.ts';
import { type RunIndex, type RunNow, shardName, shardOf } from '../../../src/data/runs/index.ts';
import { loadRuns, type RunReads } from '../../../src/data/runs/load.ts';
import { noTrends } from '../../../src/data/trends/views.ts';
import { temporaryBook, temporaryFolder } from '../../helpers.ts';
import { metricSeries, packedPoints, receiptRecord, records, runRecord } from '../sample-records.ts';

interface Fake extends RunReads {
  runs: RunRecord[];
  series: Map<string, MetricSeries[]>;
  verdicts: Map<string, ReceiptVerdict>;
  readings: number;
}

function bookOf(runs: RunRecord[]) {
  const root = temporaryFolder();
  writeFileSync(join(root, 'metadata.json'), '{}');
  const fake: Fake = {
    runs,
    series: new Map(),
    verdicts: new Map(),
    readings: 0,
    readEnds: async () => '',
    listFiles: async () => ({ files: [{ kind: 'ledger', path: 'metadata.json' }], sized: '' }),
    seriesFiles: () => [],
    async read() {
      fake.readings += 1;
      return fake.runs;
    },
    staleNow: () => ({
      stale: new Map(fake.runs.flatMap(({ slug, stale }) => (stale === undefined ? [] : [[slug, stale]]))),
      findings: [],
    }),
    seriesOf: async ({ slug }) => fake.series.get(slug) ?? [],
    verify: async () => fake.verdicts,
  };
  const site = join(root, 'site');
  const folder = join(site, 'data', 'runs');
  return {
    root,
    fake,
    folder,
    async load(pages = 1000) {
      const effects = { nowUs: 1, progress: () => {}, trendsOf: noTrends };
      const given = { cache: join(root, 'cache'), extra: 'x', pages, ...effects };
      const loaded = await loadRuns(root, fake, given);
      loaded.publish(site);
      return loaded;
    },
    json: <Kind>(name: string) => JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Kind,
    packed: <Kind>(name: string) =>
      JSON.parse(gunzipSync(readFileSync(join(folder, `${name}.json.gz`))).toString()) as Kind,
    async rows(kind: 'table' | 'metrics') {
      const { [kind]: files } = this.json<RunIndex>('index');
      const rows: Record<string, unknown>[] = [];
      for (const { file } of files)
        rows.push(
          ...(await parquetReadObjects({
            file: await asyncBufferFromFile(join(folder, file)),
            compressors: { GZIP: (packed) => gunzipSync(packed) },
          })),
        );
      return rows;
    },
  };
}

describe('the runs of a book', () => {
  it('are counted, listed newest first, and those with a page are named', async () => {
    const { load } = bookOf(Array.from({ length: 300 }, (_, at) => runRecord(at)));
    const { summary } = await load(50);
    expect(summary.total).toBe(300);
    expect(summary.byStatus).toMatchObject({ failed: 30, completed: 270 });
    expect(summary.views).toHaveLength(200);
    expect(summary.pageSlugs).toHaveLength(50);
    expect(summary.failed.map(({ slug }) => slug).slice(0, 2)).toEqual(['train-3', 'train-13']);
    expect(summary.facets['identifier']).toEqual([
      { value: 'even', count: 150 },
      { value: 'odd', count: 150 },
    ]);
    expect(summary.facets['tags']).toEqual([{ value: 'keep', count: 100 }]);
    expect(summary.detailsOf('train-299')?.error).toBeUndefined();
    expect(summary.detailsOf('train-293')?.error).toBe('out of memory');
    expect(summary.detailsOf('nobody')).toBeUndefined();
  });

  it('have columns that say what their values are like', async () => {
    const { load } = bookOf([
      runRecord(0, { params: records({ a: 1, b: 'x', c: true, d: 1, e: null }) }),
      runRecord(1, { params: records({ a: 2, b: 'y', c: false, d: 'z' }), metrics: records({ loss: 5 }) }),
    ]);
    const { columns } = (await load()).summary;
    expect(
      columns.map(({ kind, name, type, count, distinct }) => [kind, name, type, count, distinct]),
    ).toEqual([
      ['param', 'a', 'number', 2, 2],
      ['param', 'b', 'text', 2, 2],
      ['param', 'c', 'boolean', 2, 2],
      ['param', 'd', 'mixed', 2, 2],
      ['param', 'e', 'text', 1, 1],
      ['metric', 'loss', 'number', 2, 2],
    ]);
    expect(columns.at(-1)).toMatchObject({ min: 1, max: 5 });
  });

  it('are a table that other programs can read, whatever names are recorded', async () => {
    const hostile = JSON.parse(
      '{"__proto__": 1, "constructor": 2, "lr": 3, "LR": 4, "a\\"b": 5, "": 6, "\\ud800": 7}',
    );
    const book = bookOf([
      runRecord(0, { params: records(hostile), name: 'half \ud800', experiment: { git_commit: 'abc123' } }),
      runRecord(3),
    ]);
    const { summary } = await book.load();
    const [first, second] = await book.rows('table');
    expect(first).toMatchObject({
      name: 'half \ufffd',
      'param.lr': 3,
      'param.LR~2': 4,
      'param.a"b': 5,
      'param.': 6,
    });
    expect(first?.['param.__proto__']).toBe(1);
    expect(second).toMatchObject({ status: 'failed', 'param.opt': 'sgd', duration_ms: 30_000 });
    expect([first?.['commit'], second?.['commit']]).toEqual(['abc123', null]);
    expect(second?.['ended']).toEqual(new Date((runRecord(3).endedAtUs as number) / 1000));
    expect(second?.['metric.loss']).toBeNaN();
    expect(second?.['time']).toEqual(new Date((runRecord(3).atUs as number) / 1000));
    expect(Object.getOwnPropertyNames(summary.views[0]?.params)).toContain('__proto__');
    expect(Object.getPrototypeOf(summary.detailsOf('train-0')?.params ?? {})).toBe(Object.prototype);
  });

  it('keep NaN and infinities in lists, details and series', async () => {
    const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1];
    const series = { name: 'loss', steps: [0, 1, 2, 3], timesUs: [undefined, 5, 6, 7], values };
    const book = bookOf([
      runRecord(0, {
        metrics: records({ loss: Number.NEGATIVE_INFINITY }),
        series: [{ name: 'loss', count: 4, last: Number.NaN }],
      }),
    ]);
    book.fake.series.set('train-0', [packedPoints(series)]);
    for (const reading of ['new', 'cached']) {
      const { summary } = await book.load();
      expect(summary.views[0]?.metrics['loss'], reading).toBe(Number.NEGATIVE_INFINITY);
      expect(summary.detailsOf('train-0')?.series[0]?.last).toBeNaN();
      expect(summary.seriesOf('train-0')).toEqual([
        { name: 'loss', steps: [0, 1, 2, 3], timesUs: [null, 5, 6, 7], values, count: 4 },
      ]);
    }
    expect(
      (await book.rows('metrics')).map(({ run, name, step, value, units, scale }) => [
        run,
        name,
        step,
        value ?? Number(units) / 10 ** Number(scale),
      ]),
    ).toEqual(values.map((value, step) => ['train-0', 'loss', step, value]));
  });

  it('thin long series and keep their extremes; every point stands in the Parquet file', async () => {
    const long = metricSeries('loss', 9000);
    long.values[4321] = -7;
    const book = bookOf([runRecord(0, { series: [{ name: 'loss', count: 9000, last: 0 }] })]);
    book.fake.series.set('train-0', [long]);
    const [drawn] = (await book.load()).summary.seriesOf('train-0');
    expect(drawn?.values.length).toBeLessThanOrEqual(2000);
    expect(drawn?.count).toBe(9000);
    expect(drawn?.values[drawn.steps.indexOf(4321)]).toBe(-7);
    expect([drawn?.steps[0], drawn?.steps.at(-1)]).toEqual([0, 8999]);
    expect(await book.rows('metrics')).toHaveLength(9000);
  });

  it('lie in the shard that their slug names, with twins for pages opened from disk', async () => {
    const book = bookOf(Array.from({ length: 1100 }, (_, at) => runRecord(at)));
    await book.load();
    const { details: shards } = book.json<RunIndex>('index').shards;
    expect(shards).toBe(8);
    const sizes: number[] = [];
    for (let shard = 0; shard < shards; shard++) {
      const slugs = Object.keys(book.packed<object>(shardName('details', shard)));
      sizes.push(slugs.length);
      expect(slugs.every((slug) => shardOf(slug, shards) === shard)).toBe(true);
    }
    expect(sizes.reduce((sum, size) => sum + size)).toBe(1100);
    expect(Math.max(...sizes)).toBeLessThan(500);
    const names = readdirSync(book.folder);
    for (const name of names.filter((one) => !one.endsWith('.js')))
      expect(names).toContain(name.replace(/\.(json|json\.gz|parquet)$/, '.js'));
    const twin = readFileSync(join(book.folder, 'details-0000.js'), 'utf8');
    const [, base64] = /="([^"]*)"/.exec(twin) ?? [];
    expect(Buffer.from(base64 ?? '', 'base64')).toEqual(
      readFileSync(join(book.folder, 'details-0000.json.gz')),
    );
  });

  it('take no file for what nobody recorded', async () => {
    const measured = runRecord(7, { series: [{ name: 'loss', count: 1, last: 0 }] });
    const book = bookOf([...Array.from({ length: 7 }, (_, at) => runRecord(at)), measured]);
    book.fake.series.set('train-7', [metricSeries('loss', 1)]);
    const { summary } = await book.load();
    expect(readdirSync(book.folder).filter((name) => name.startsWith('series-'))).toHaveLength(2);
    expect(summary.seriesOf('train-7')).toHaveLength(1);
    expect(summary.seriesOf('train-0')).toEqual([]);
    const without = bookOf([runRecord(0)]);
    const { summary: none } = await without.load();
    expect(readdirSync(without.folder).filter((name) => /^(series|verdicts|metrics)-/.test(name))).toEqual(
      [],
    );
    expect(none.seriesOf('train-0')).toEqual([]);
  });

  it('leave to the file what is too large for a page', async () => {
    const config = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, at) => [`key_${at}`, 'x'.repeat(60)]),
    );
    const receipt = receiptRecord('train/0/run.lock', { config });
    const { load } = bookOf([runRecord(0, { receipt })]);
    const shown = (await load()).summary.detailsOf('train-0')?.receipt;
    expect(shown?.shortened).toBe(true);
    expect(Object.keys(shown?.config ?? {})).toHaveLength(200);
    expect(shown).not.toHaveProperty('raw');
  });

  it('hold no patches: those are code, and the receipt has them', async () => {
    const patched = {
      tree: 't',
      patch: '+secret',
      submodules: { lib: { tree: 'u', patch_base64: 'c2VjcmV0' } },
    };
    const repos = { main: { ...emptyRepository, tree: 't', raw: patched } };
    const { load } = bookOf([runRecord(0, { receipt: receiptRecord('train/0/run.lock', { repos }) })]);
    const shown = (await load()).summary.detailsOf('train-0')?.receipt?.repos['main'];
    expect(shown?.raw).toEqual({ tree: 't', submodules: { lib: { tree: 'u' } } });
  });
});

const emptyRepository = {
  commit: undefined,
  isDirty: undefined,
  path: undefined,
  branch: undefined,
  remote: undefined,
  head: undefined,
  include: [],
  exclude: [],
};

describe('the graph', () => {
  it('joins runs by stages, sweeps and shared inputs; a stage elsewhere stands for itself', async () => {
    const shared = (slug: string) =>
      receiptRecord(`${slug}/run.lock`, { data: { train: 'aa', [slug]: slug } });
    const stage = { kind: 'stage', path: undefined } as const;
    const book = bookOf([
      runRecord(0, { receipt: shared('a'), parents: [{ key: runRecord(1).key, name: 'prep', ...stage }] }),
      runRecord(1, { receipt: shared('b'), parents: [{ key: undefined, name: 'gone', ...stage }] }),
      runRecord(2),
    ]);
    const { summary } = await book.load();
    const nodes = summary.lineage.nodes.map(({ id, kind }) => `${kind} ${id}`);
    expect(nodes.sort()).toEqual(['data data:aa', 'run train-0', 'run train-1', 'stage stage:gone']);
    expect(summary.lineage.edges).toContainEqual({ from: 'train-1', to: 'train-0', kind: 'stage' });
    expect(summary.lineage.edges).toContainEqual({ from: 'data:aa', to: 'train-1', kind: 'data' });
    expect(summary.lineage.alone).toBe(1);
    expect(summary.detailsOf('train-1')?.children).toEqual([{ slug: 'train-0', name: '0', kind: 'stage' }]);
    expect(summary.detailsOf('train-0')?.parentSlugs).toEqual(['train-1']);
    expect(book.json('lineage')).toEqual(summary.lineage);
  });
});

describe('what is kept between builds', () => {
  it('is read once, and again where a file changed or an artifact came', async () => {
    const artifact = {
      id: 'a',
      type: 'image',
      path: 'plot.png',
      file: undefined,
      description: undefined,
      tags: [],
      bytes: undefined,
      digest: undefined,
      addedAtUs: undefined,
    };
    const book = bookOf([runRecord(0, { artifacts: [artifact] })]);
    expect((await book.load()).reused).toBe(false);
    expect((await book.load()).reused).toBe(true);
    expect(book.fake.readings).toBe(1);
    const plot = join(book.root, 'train/0/plot.png');
    mkdirSync(dirname(plot), { recursive: true });
    writeFileSync(plot, 'x');
    expect((await book.load()).reused).toBe(false);
    writeFileSync(join(book.root, 'metadata.json'), '{"changed": true}');
    expect((await book.load()).reused).toBe(false);
    expect((await book.load()).reused).toBe(true);
  });

  it('is not what depends on the world: signs of life and verdicts are those of now', async () => {
    const running = runRecord(0, { status: 'running', receipt: receiptRecord('train/0/run.lock') });
    const book = bookOf([running, runRecord(1)]);
    const first = (await book.load()).summary;
    expect([first.running.length, first.staleTotal, first.views[0]?.verdict]).toEqual([1, 0, undefined]);
    const stale = { sinceUs: 5, why: 'process 1 on host no longer exists' };
    book.fake.runs = [{ ...running, stale }, runRecord(1)];
    const verdict: ReceiptVerdict = {
      file: 'train/0/run.lock',
      state: 'differs',
      entries: [],
      checkedAtUs: 1,
    };
    book.fake.verdicts.set('train/0/run.lock', verdict);
    const { summary, reused } = await book.load();
    expect(reused).toBe(true);
    expect([summary.running.length, summary.stale[0]?.stale, summary.views[0]?.verdict]).toEqual([
      0,
      stale,
      'differs',
    ]);
    expect(summary.verdictOf('train-0')).toEqual(verdict);
    expect(summary.detailsOf('train-0')?.stale).toEqual(stale);
    expect(book.json<RunNow>('now')).toEqual({
      format: 1,
      checkedAtUs: 1,
      verdicts: { 'train-0': 'differs' },
      stale: { 'train-0': stale },
    });
    expect(book.packed(shardName('verdicts', 0))).toEqual({ 'train-0': verdict });
  });
});

describe('the runs of a book on disk', () => {
  const keysOf = async (root: string) => {
    const { book, reused } = await readBook(root, {});
    return {
      keys: book.runs.views.map(({ key }) => key),
      tags: book.runs.facets['tags'],
      reused: reused.runs,
    };
  };
  const tracker = JSON.stringify({
    experiment_id: 'a',
    experiment_name: 'a',
    status: 'completed',
    timestamp: '2026-11-20T10:00:00',
  });

  it('are other runs where their folder has another name', async () => {
    const root = temporaryBook({ 'results/a/experiment_tracker.json': tracker });
    expect(await keysOf(root)).toMatchObject({ keys: ['results/a'], reused: false });
    expect(await keysOf(root)).toMatchObject({ keys: ['results/a'], reused: true });
    renameSync(join(root, 'results/a'), join(root, 'results/b'));
    expect(await keysOf(root)).toMatchObject({ keys: ['results/b'], reused: false });
  });

  it('are read again where a file beside them came or a ledger got a journal', async () => {
    const root = temporaryBook({
      'results/a/experiment_tracker.json': tracker,
      'metadata.json': '{"train": {}}',
    });
    await keysOf(root);
    writeFileSync(join(root, 'results/a/experiment_daybook.json'), '{}');
    expect((await keysOf(root)).reused).toBe(false);
    writeFileSync(join(root, 'metadata.journal.jsonl'), '');
    expect((await keysOf(root)).reused).toBe(false);
    expect((await keysOf(root)).reused).toBe(true);
  });
});
