import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asyncBufferFromFile } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../../collector/runs/record.ts';
import type { DataFiles } from '../../../src/client/data-files.ts';
import { parseCondition } from '../../../src/client/runs/condition.ts';
import { matchRuns, shownStatus, sortRuns } from '../../../src/client/runs/matches.ts';
import { chosenColumns, tellingColumns } from '../../../src/client/runs/shown-columns.ts';
import { RunStore } from '../../../src/client/runs/store.ts';
import { parseRunViewState } from '../../../src/client/runs/view-state.ts';
import { runFields } from '../../../src/data/browser.ts';
import type { RunIndex } from '../../../src/data/runs/index.ts';
import { publishRuns } from '../../../src/data/runs/publish.ts';
import { publishNow } from '../../../src/data/runs/publish-now.ts';
import { valueOfRun } from '../../../src/data/runs/table-columns.ts';
import { runView } from '../../../src/data/runs/view.ts';
import { records, runRecord } from '../../data/sample-records.ts';
import { temporaryFolder } from '../../helpers.ts';

const gone = { sinceUs: 1, why: 'process 4711 no longer exists' };

/** Runs as they are published, read back from disk; `times` says how often the table stands there, `opened` counts how often a file was opened. */
async function published(runs: RunRecord[], times = 1) {
  const site = join(temporaryFolder(), 'data');
  const byStatus = { pending: 0, running: 0, completed: 0, failed: 0, aborted: 0, unknown: 0 };
  const { shards } = await publishRuns(site, runs, { pages: 2, byStatus, seriesOf: () => [] });
  const stale = new Map(runs.flatMap(({ slug, stale: one }) => (one === undefined ? [] : [[slug, one]])));
  publishNow(join(site, 'runs'), { verdicts: new Map(), stale, shards: shards.details, nowUs: 1 });
  const seen = { opened: 0, fail: false, failAt: -1 };
  const files: DataFiles = {
    async json(name) {
      const found = JSON.parse(readFileSync(join(site, 'runs', `${name}.json`), 'utf8'));
      if (name !== 'index') return found;
      const { table, total } = found as RunIndex;
      return { ...found, total: total * times, table: Array.from({ length: times }, () => table).flat() };
    },
    packedJson: () => Promise.reject(new Error('not asked for')),
    packedNumbers: () => Promise.reject(new Error('not asked for')),
    open: async (file) => {
      seen.opened += 1;
      if (seen.fail || seen.opened === seen.failAt) throw new Error('no network');
      return asyncBufferFromFile(join(site, 'runs', file));
    },
  };
  return { store: await RunStore.open(files), seen };
}

const sample = () => [
  runRecord(0, { experiment: { git_commit: 'abc123' }, description: 'a try' }),
  runRecord(1, { status: 'running', statusWord: 'running', stale: gone, endedAtUs: undefined }),
  runRecord(2, { tags: ['keep', 'best', 'best'], artifacts: [], startedAtUs: undefined }),
  runRecord(3),
];

describe('the columns that the table of runs shows', () => {
  const shown = async (rows: number[], room: number, ids?: string[]) => {
    const { store } = await published(
      [0, 1, 2, 3].map((at) =>
        runRecord(at, {
          params: records({ lr: at, ...(at > 1 ? { late: at } : {}) }),
          metrics: records({}),
          tags: [],
        }),
      ),
    );
    await store.loadAll(() => {});
    await store.need(store.columns.map(({ id }) => id));
    const matches = { rows, unbrushed: rows, facets: new Map() };
    const look = { rows, matches, sorted: undefined, room };
    const chosen = chosenColumns(store, ids, look);
    return (ids === undefined ? tellingColumns(store, chosen, look) : chosen).map(({ id }) => id);
  };

  it('are what was chosen, as far as there are such', async () => {
    expect(await shown([0, 1], 100, ['commit', 'nothing', 'name', 'param.lr'])).toEqual([
      'commit',
      'name',
      'param.lr',
    ]);
  });

  it('else are what differs among the rows and what fits, but only what says something in them', async () => {
    expect(await shown([0, 1, 2, 3], 100)).toEqual([
      'status',
      'started',
      'duration',
      'param.lr',
      'param.late',
    ]);
    expect(await shown([0, 1], 100)).toEqual(['status', 'started', 'duration', 'param.lr']);
    expect(await shown([0, 1, 2, 3], 60)).toEqual(['status', 'started', 'duration', 'param.lr']);
  });
});

describe('the published runs in a browser', () => {
  it('have every field as the printed pages have it', async () => {
    const runs = sample();
    const { store } = await published(runs);
    await store.loadAll(() => {});
    await store.need(runFields.map(({ id }) => id));
    for (const [row, record] of runs.entries())
      for (const column of store.columns.filter(({ group, field }) => group === 'fixed' && field)) {
        const printed = valueOfRun({ ...runView(record), stale: record.stale }, column);
        expect([row, column.id, store.value(row, column)]).toEqual([row, column.id, printed]);
      }
    expect(store.value(0, store.columnOf('commit')!)).toBe('abc123');
    expect([store.status(1), shownStatus(store, 1)]).toEqual(['running', 'stale']);
    expect([store.href(0), store.href(3)]).toEqual(['runs/train-0.html', 'run.html?run=train-3']);
  });

  it.each([
    ['commit ~ ABC', [0]],
    ['stale', [1]],
    ['tags = best', [2]],
    ['reason ~ memory OR description = "a try"', [0, 3]],
    ['artifacts = 0 AND duration = 30 AND lr > 0.02', [0, 1, 2, 3]],
    ['ended > 2000', [0, 2, 3]],
  ])('answer the condition %s', async (text, rows) => {
    const { store } = await published(sample());
    await store.loadAll(() => {});
    const condition = parseCondition(text, store.columns);
    expect(condition.problem).toBeUndefined();
    await store.need(condition.needs.map(({ id }) => id));
    expect(matchRuns(store, parseRunViewState('', ''), condition).rows).toEqual(rows);
  });

  it('leave the word of a later field to a parameter of that name', async () => {
    const { store } = await published([
      runRecord(0, { params: records({ commit: 'no' }), experiment: { git_commit: 'abc' } }),
    ]);
    await store.loadAll(() => {});
    const holds = (text: string) => {
      const condition = parseCondition(text, store.columns);
      return condition.holds?.(store.subject(0, condition.needs));
    };
    await store.need(['commit', 'param.commit']);
    expect([holds('commit = no'), holds('commit = abc')]).toEqual([true, false]);
  });

  it('are counted by facets, by their old words too, and sorted by any field', async () => {
    const { store } = await published(sample());
    await store.loadAll(() => {});
    const none = parseCondition('', store.columns);
    const matches = matchRuns(store, parseRunViewState('?tag=keep', ''), none);
    expect(matches.rows).toEqual([0, 2, 3]);
    expect([...matches.facets.get('tags')!]).toEqual([
      ['keep', 3],
      ['best', 1],
    ]);
    expect([...matches.facets.get('status')!]).toEqual([
      ['completed', 2],
      ['failed', 1],
    ]);
    await store.need(['description']);
    const by = (id: string) => sortRuns(store, [0, 1, 2, 3], store.columnOf(id), false, true);
    expect([by('started'), by('description')]).toEqual([
      [3, 2, 1, 0],
      [0, 1, 2, 3],
    ]);
  });

  it('load a column once, however often it is asked for, and again where that failed', async () => {
    const { store, seen } = await published(sample());
    expect([store.loaded(), store.has('commit'), store.has('status')]).toEqual([0, false, true]);
    seen.fail = true;
    await expect(store.need(['commit'])).rejects.toThrow('no network');
    seen.fail = false;
    await Promise.all([store.need(['commit']), store.need(['commit', 'series'])]);
    expect([store.has('commit'), store.has('series'), seen.opened]).toEqual([true, true, 2]);
    await store.need(['commit', 'nothing', '__proto__']);
    expect(seen.opened).toBe(2);
    expect([store.rowOf('train-0'), store.rowOf('__proto__')]).toEqual([-1, -1]);
  });

  it('have a column in whole or not at all, also where the second file cannot be read', async () => {
    const { store, seen } = await published(sample(), 2);
    seen.failAt = 2;
    await expect(store.need(['commit'])).rejects.toThrow('no network');
    const commit = store.columnOf('commit')!;
    expect([store.has('commit'), store.value(0, commit)]).toEqual([false, undefined]);
    await store.need(['commit']);
    expect([0, 1, 4].map((row) => store.value(row, commit))).toEqual(['abc123', undefined, 'abc123']);
  });
});
