import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseCondition } from '../../../src/client/runs/condition.ts';
import { runGridWidth } from '../../../src/client/runs/grid.ts';
import { matchRuns } from '../../../src/client/runs/matches.ts';
import { chosenColumns, tellingColumns } from '../../../src/client/runs/shown-columns.ts';
import { RunStore } from '../../../src/client/runs/store.ts';
import { noRunState } from '../../../src/client/runs/view-state.ts';
import { publishRuns } from '../../../src/data/runs/publish.ts';
import { publishNow } from '../../../src/data/runs/publish-now.ts';
import { counts } from '../../data/sample-action.ts';
import { runRecord } from '../../data/sample-records.ts';
import { filesOnDisk } from '../published.ts';

let folder: string;
let store: RunStore;

/** Three parameters and three metrics that every run has. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'daybook-client-'));
  const runs = Array.from({ length: 12 }, (_, at) =>
    runRecord(at, {
      params: { lr: at / 10, model: at % 2 === 0 ? 'a' : 'b', seed: at % 3 },
      metrics: { loss: 1 / (at + 1), acc: at / 12, norm: at * 2 },
      tags: [],
    }),
  );
  const given = { pages: 12, byStatus: counts({ completed: 12 }), seriesOf: () => [] };
  const { shards } = await publishRuns(folder, runs, given);
  publishNow(join(folder, 'runs'), {
    verdicts: new Map(),
    stale: new Map(),
    shards: shards.details,
    nowUs: 1,
  });
  store = await RunStore.open(filesOnDisk(join(folder, 'runs')));
  await store.loadAll(() => {});
  await store.need(store.columns.map(({ id }) => id));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function shownIn(room: (whole: number) => number): string[] {
  const state = noRunState();
  const matches = matchRuns(store, state, parseCondition('', store.columns));
  const look = { rows: matches.rows, matches, sorted: undefined, room: 0 };
  const columns = chosenColumns(store, undefined, look);
  const found = tellingColumns(store, columns, { ...look, room: room(runGridWidth(columns)) });
  return found.filter(({ group }) => group !== 'fixed').map(({ name }) => name);
}

describe('columns that nobody chose', () => {
  it('give way from the end of the larger kind where all tell as much', () => {
    expect(shownIn((whole) => whole)).toEqual(['loss', 'acc', 'norm', 'lr', 'model', 'seed']);
    expect(shownIn((whole) => whole - 1)).toEqual(['loss', 'acc', 'norm', 'lr', 'model']);
    expect(shownIn((whole) => whole - 8)).toEqual(['loss', 'acc', 'lr', 'model']);
    expect(shownIn((whole) => whole - 15)).toEqual(['loss', 'acc', 'lr']);
  });
});
