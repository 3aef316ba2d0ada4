import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type Filter, filterOf, matchRows } from '../../../src/client/actions/filters.ts';
import type { MatchedRows } from '../../../src/client/actions/matched-rows.ts';
import { ActionStore } from '../../../src/client/actions/store.ts';
import { searchText } from '../../../src/client/actions/text-search.ts';
import { timeBins } from '../../../src/client/actions/time-bins.ts';
import { isFiltered, parseViewState } from '../../../src/client/actions/view-state.ts';
import type { ActionIndex } from '../../../src/data/actions/index.ts';
import { actionRow, type FilesOnDisk, filesOnDisk, publishRows } from '../published.ts';

const minute = 60e6;
const firstUs = Date.UTC(2026, 10, 20) * 1000;
const statuses = ['completed', 'failed', 'unknown'] as const;

/** Ten actions, one a minute, given out of order; three to a shard, two to a group. */
const rows = Array.from({ length: 10 }, (_, number) =>
  actionRow({
    atUs: firstUs + number * minute,
    type: number % 2 === 0 ? 'build' : 'deploy',
    status: statuses[number % 3]!,
    word: number % 3 === 2 ? `odd ${number}` : statuses[number % 3]!,
    run: number < 4 ? null : `train/${number % 2}`,
    took: number === 5 ? null : number * 10,
    key: `action_20261120_00${String(number).padStart(2, '0')}00_000000~${number}`,
    summary: `step ${number}`,
    details: JSON.stringify({ number, note: number === 6 ? 'größe "x"' : '' }),
    error: number === 7 ? 'Quetzal is not there' : null,
    line: number + 1,
  }),
);

let folder: string;
let files: FilesOnDisk;
let store: ActionStore;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'daybook-client-'));
  await publishRows(folder, [...rows].reverse(), { shardRows: 3, groupRows: 2 });
});

beforeEach(async () => {
  files = filesOnDisk(folder);
  store = await ActionStore.open(files);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function filter(change: Partial<Filter> = {}): Filter {
  const none = { status: new Set<number>(), type: new Set<number>(), run: new Set<number>() };
  return { ...none, writer: new Set(), time: undefined, text: undefined, ...change };
}

const listed = (found: MatchedRows) => Array.from({ length: found.count }, (_, at) => found.at(at));

function match(change: Partial<Filter>) {
  const { rows: found, facets } = matchRows(store, filter(change));
  return { rows: listed(found), facets };
}

function search(text: string): Promise<number[]> {
  return new Promise((resolve, reject) => {
    const { hits } = searchText(store, text, {
      onProgress: (finished) => finished && resolve([...hits.keys()].filter((row) => hits[row] === 1)),
      onError: reject,
    });
  });
}

describe('actions as a page loads them', () => {
  it('come shard by shard from the newest, each read while the one before it is taken in', async () => {
    expect(files.asked).toEqual(['index.json']);
    expect(store.loadedFrom()).toBe(10);
    const seen: number[] = [];
    await store.loadAll(() => {
      seen.push(store.loadedFrom());
      expect(store.kinds.counts.reduce((sum, count) => sum + count, 0)).toBe(10 - store.loadedFrom());
    });
    expect(seen).toEqual([9, 6, 3, 0]);
    expect(files.asked.slice(1).map((name) => name.slice(0, 9))).toEqual([
      'rows-0003',
      'rows-0002',
      'rows-0001',
      'rows-0000',
    ]);
  });

  it('are in the order of time with all that the log says of them', async () => {
    await store.loadAll(() => {});
    const { columns, types, runs, words } = store;
    const codes = (part: 'type' | 'run' | 'status') => rows.map((_, row) => store.codeOf(part, row));
    expect([...columns.time]).toEqual(rows.map(({ atUs }) => atUs));
    expect(codes('type').map(types.textOf)).toEqual(rows.map(({ type }) => type));
    expect(codes('run').map(runs.textOf)).toEqual(rows.map(({ run }) => run ?? ''));
    expect(codes('status').map((code) => store.statuses[code])).toEqual(rows.map(({ status }) => status));
    expect([...columns.took]).toEqual(rows.map(({ took }) => took ?? Number.NaN));
    expect([2, 5, 8].map((row) => words.textOf(store.codeOf('word', row)))).toEqual([
      'odd 2',
      'odd 5',
      'odd 8',
    ]);
  });

  it('are filtered and counted over all shards', async () => {
    await store.loadAll(() => {});
    const deploy = new Set([store.types.findCode('deploy')]);
    const failed = new Set([store.statuses.indexOf('failed')]);
    const { rows: found, facets } = match({ type: deploy, status: failed });
    expect([...found]).toEqual([7, 1]);
    expect(facets.status[store.statuses.indexOf('unknown')]).toBe(1);
    expect(facets.type[store.types.findCode('build')]).toBe(1);
    const time = { fromUs: firstUs + 2 * minute, toUs: firstUs + 5 * minute };
    expect([...match({ time }).rows]).toEqual([4, 3, 2]);
  });

  it('are filtered as the address says, and a value that does not occur has no rows', async () => {
    await store.loadAll(() => {});
    const found = (query: string) => {
      const state = parseViewState(query, '');
      const { rows } = matchRows(store, filterOf(store, state));
      return [isFiltered(state), ...listed(rows)];
    };
    expect(found('?run=train/1&status=failed&status=unknown')).toEqual([true, 7, 5]);
    expect(found('?from=2026-11-20T00:08Z')).toEqual([true, 9, 8]);
    expect(found('?to=2026-11-20T00:01Z&type=build')).toEqual([true, 0]);
    expect(found('?writer=gpu-3&type=gone')).toEqual([true]);
    expect(found('?q=step')).toHaveLength(11);
    expect(found('?action=a')[0]).toBe(false);
  });

  it('are counted by time as their shards come', async () => {
    const bins = timeBins(store);
    const totals: number[] = [];
    await store.loadAll(() => {
      bins.assign();
      totals.push(bins.totals.reduce((sum, count) => sum + count, 0));
    });
    expect(totals).toEqual([1, 4, 7, 10]);
    const none = bins.count(matchRows(store, filter({ type: new Set([-1]) })).rows);
    expect([...none].every((count) => count === 0)).toBe(true);
    expect(bins.count(matchRows(store, filter()).rows)).toEqual(bins.totals);
  });
});

describe('an action of which more is asked', () => {
  it('is found by its key in the shard of its time first', async () => {
    files.asked.length = 0;
    expect(await store.rowOf(rows[4]!.key)).toBe(4);
    expect(files.asked.map((name) => name.slice(0, 12))).toEqual(['details-0001']);
    expect(await store.rowOf('action_20261120_000400_000000~none')).toBe(-1);
    expect(await store.rowOf('no time in it')).toBe(-1);
  });

  it('has its details, and its summary when that came', async () => {
    expect(await store.details(7)).toMatchObject({
      key: rows[7]!.key,
      error: 'Quetzal is not there',
      line: 8,
    });
    const came = new Promise<void>((resolve) => {
      expect(store.summary(9, resolve)).toBeUndefined();
    });
    await came;
    expect([0, 4, 9].map((row) => store.summary(row, () => {}))).toEqual(['step 0', 'step 4', 'step 9']);
  });

  it('has a summary later where its file could not be read at first', async () => {
    const { text } = store.shards[0]!;
    files.broken.add(text.file);
    store.summary(0, () => expect.fail('there is no text'));
    while (!files.asked.includes(text.file)) await new Promise((resolve) => setTimeout(resolve, 1));
    await new Promise((resolve) => setTimeout(resolve, 1));
    files.broken.clear();
    await new Promise<void>((resolve) => {
      store.summary(0, resolve);
    });
    expect(store.summary(0, () => {})).toBe('step 0');
  });
});

describe('a text that is looked for', () => {
  it('is found in details, errors, summaries, types and runs, in upper and lower case', async () => {
    await store.loadAll(() => {});
    expect(await search('GRÖSSE "X"')).toEqual([]);
    expect(await search('GRÖße "X"')).toEqual([6]);
    expect(await search('quetzal')).toEqual([7]);
    expect(await search('step 3')).toEqual([3]);
    expect(await search('TRAIN/1')).toEqual([5, 7, 9]);
  });

  it('waits for the rows that are still coming', async () => {
    const found = search('deploy');
    await store.loadAll(() => {});
    expect(await found).toEqual([1, 3, 5, 7, 9]);
  });

  it.each([
    ['what it found', 'readable'],
    ['what went wrong', 'broken'],
  ])('is not told %s once another is looked for', async (_, state) => {
    await store.loadAll(() => {});
    let open = () => {};
    files.gate = new Promise((resolve) => {
      open = resolve;
    });
    const newest = store.shards[3]!.details.file;
    if (state === 'broken') files.broken.add(newest);
    const said: unknown[] = [];
    const say = (one: unknown) => said.push(one);
    const stale = searchText(store, 'step', { onProgress: say, onError: say });
    while (!files.asked.includes(newest)) await Promise.resolve();
    stale.cancel();
    said.length = 0;
    open();
    await store.details(9).catch(() => {});
    files.broken.clear();
    expect(await search('step 1')).toEqual([1]);
    expect([...stale.hits, stale.done(), ...said]).toEqual(new Array(11).fill(0));
  });

  it('tells what went wrong', async () => {
    await store.loadAll(() => {});
    files.broken.add(store.shards[1]!.text.file);
    await expect(search('step')).rejects.toThrow('the server answered 500');
  });
});

describe('a data file that cannot be read', () => {
  it('ends the loading with its reason, and what came before it stays', async () => {
    files.broken.add(store.shards[1]!.rows.file);
    await expect(store.loadAll(() => {})).rejects.toThrow(
      `${store.shards[1]!.rows.file}: the server answered 500`,
    );
    expect(store.loadedFrom()).toBe(6);
    expect([...match({}).rows]).toEqual([9, 8, 7, 6]);
  });

  it('is read again when it is asked for again', async () => {
    const { file } = store.shards[2]!.details;
    files.broken.add(file);
    await expect(store.details(6)).rejects.toThrow(file);
    files.broken.clear();
    expect((await store.details(6)).key).toBe(rows[6]!.key);
  });

  it('is named where its content is no Parquet', async () => {
    const { file, bytes } = store.shards[3]!.rows;
    const copy = `${folder}-copy`;
    onTestFinished(() => rmSync(copy, { recursive: true, force: true }));
    cpSync(folder, copy, { recursive: true });
    writeFileSync(join(copy, file), Buffer.alloc(bytes, 'x'));
    const damaged = await ActionStore.open(filesOnDisk(copy));
    await expect(damaged.loadAll(() => {})).rejects.toThrow(/parquet/);
  });

  it('makes an empty book of an index without shards', async () => {
    const none = { ...((await files.json('index')) as ActionIndex), total: 0, shards: [] };
    const empty = new ActionStore(files, none);
    await empty.loadAll(() => expect.fail('there is nothing to load'));
    expect([empty.loadedFrom(), await empty.rowOf('a')]).toEqual([0, -1]);
  });
});
