import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { groupRuns } from '../../../collector/operations/runs/groups.ts';
import type { RunRecord } from '../../../collector/runs/record.ts';
import { gatherRows } from '../../../src/client/runs/groups/gather-rows.ts';
import { bestMeans, groupLines } from '../../../src/client/runs/groups/group-lines.ts';
import { bestAmong } from '../../../src/client/runs/matches.ts';
import { nextSort } from '../../../src/client/runs/order.ts';
import { RunStore } from '../../../src/client/runs/store.ts';
import { noRunState } from '../../../src/client/runs/view-state.ts';
import { publishRuns } from '../../../src/data/runs/publish.ts';
import { publishNow } from '../../../src/data/runs/publish-now.ts';
import { counts } from '../../data/sample-action.ts';
import { runRecord } from '../../data/sample-records.ts';
import { filesOnDisk } from '../published.ts';

let folder: string;
let store: RunStore;
let runs: RunRecord[];

/** A sweep of two models and three rates over four seeds; one of each kind of trouble, numbers as texts, and values that are missing. */
function sweep(): RunRecord[] {
  const rates = [0.1, 0.01, '1e-3'] as const;
  return Array.from({ length: 24 }, (_, at) => {
    const [rate, model, seed] = [rates[at % 3]!, at % 2 === 0 ? 'unet' : 'deep', Math.floor(at / 6)];
    const trouble = ['failed', 'running', 'aborted', 'pending', 'running'] as const;
    return runRecord(at, {
      params: { lr: rate, seed, ...(at === 20 ? {} : { model }) },
      metrics: { loss: at === 7 ? Number.NaN : 1 / (at + 1), acc: at / 24, ...(at > 10 ? { late: at } : {}) },
      status: trouble[at] ?? 'completed',
      stale: at === 4 ? { sinceUs: 1, why: 'gone' } : undefined,
      // What one run has recorded says what is better for all.
      directions: at === 12 ? { late: 'min' } : {},
    });
  });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'daybook-client-'));
  runs = sweep();
  const given = { pages: 24, byStatus: counts({ completed: 24 }), seriesOf: () => [] };
  const { shards } = await publishRuns(folder, runs, given);
  const stale = new Map([[runs[4]!.slug, runs[4]!.stale!]]);
  publishNow(join(folder, 'runs'), { verdicts: new Map(), stale, shards: shards.details, nowUs: 1 });
  store = await RunStore.open(filesOnDisk(join(folder, 'runs')));
  await store.loadAll(() => {});
  await store.need(store.columns.map(({ id }) => id));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const rows = () => runs.map((_, at) => at);
const gathered = (group: string[], more: object = {}) =>
  gatherRows(store, rows(), { ...noRunState(), group, ...more });

describe('groups on the page of runs', () => {
  it.each([[['model']], [['model', 'seed']], [['seed']], [['status', 'model']]])(
    'say of %j what daybook runs --group-by says',
    (names) => {
      const wanted = groupRuns(runs, names);
      const found = gathered(names.map((name) => (name === 'status' ? name : `param.${name}`)));
      expect(found.measures.map(({ column }) => column.name)).toEqual(wanted.measures);
      expect(found.apart).toBe(wanted.leftOut);
      const asCommand = found.groups.map((group) => ({
        n: group.runs.length,
        leftOut: group.apart.length,
        runs: group.runs.map((row) => store.key(row)),
        measures: Object.fromEntries(
          Object.entries(group.measures).map(([id, { best, ...measure }]) => [
            store.columnOf(id)!.name,
            { ...measure, best: best && { value: best.value, run: store.key(best.run) } },
          ]),
        ),
      }));
      const plain = wanted.groups.map(({ n, leftOut, runs: keys, measures }) => ({
        n,
        leftOut,
        runs: keys,
        measures: { ...measures },
      }));
      if (names.includes('status')) {
        // A stale run says so on the page, and not that it runs; it counts in neither.
        const counted = (groups: typeof plain) => groups.filter(({ n }) => n > 0);
        expect(counted(asCommand)).toEqual(counted(plain));
      } else expect(asCommand).toEqual(plain);
    },
  );

  it('take the chosen numbers for measures, and are in the order of one of them', () => {
    const { measures, groups } = gathered(['param.model'], {
      columns: ['param.model', 'status', 'metric.late', 'duration'],
      sort: '-metric.late',
    });
    expect(measures.map(({ column, direction }) => [column.id, direction])).toEqual([
      ['metric.late', 'min'],
      ['duration', 'min'],
    ]);
    const means = groups.map((group) => group.measures['metric.late']?.mean);
    expect(means).toEqual([...means].sort((a, b) => b! - a!));
    expect(groupRuns(runs, ['model'], { sort: '-late' }).groups.map(({ values }) => values['model'])).toEqual(
      groups.map(({ values }) => values['param.model']),
    );
  });

  it('take a text that says a number for one, where a column has both', () => {
    expect(gathered(['param.lr']).groups.map(({ values }) => values['param.lr'])).toEqual([0.001, 0.01, 0.1]);
  });

  it('open to their runs, those that count first', () => {
    const found = gathered(['param.model']);
    const closed = groupLines(found, new Set());
    expect(closed.map(({ kind }) => kind)).toEqual(['group', 'group', 'group']);
    const [id] = found.ids;
    const open = groupLines(found, new Set([id!, 'gone']));
    const members = open.slice(1, 1 + found.groups[0]!.runs.length + found.groups[0]!.apart.length);
    expect(members.map((line) => line.kind === 'run' && line.isApart)).toEqual([
      ...found.groups[0]!.runs.map(() => false),
      ...found.groups[0]!.apart.map(() => true),
    ]);
    expect(open).toHaveLength(closed.length + members.length);
  });

  it('say which mean is the best of each measure, where something says what is better', () => {
    const found = gathered(['param.model']);
    const means = found.groups.flatMap((group) => group.measures['metric.loss']?.mean ?? []);
    expect(bestMeans(found).get('metric.loss')).toBe(Math.min(...means));
    expect(bestMeans({ ...found, groups: found.groups.slice(0, 1) }).size).toBe(0);
  });
});

describe('the order that the head of a column asks for', () => {
  it('begins with the best of a metric, turns round, and ends', () => {
    const [loss, acc] = [store.columnOf('metric.loss'), store.columnOf('metric.acc')];
    expect(nextSort('', 'metric.loss', loss)).toBe('metric.loss');
    expect(nextSort('metric.loss', 'metric.loss', loss)).toBe('-metric.loss');
    expect(nextSort('-metric.loss', 'metric.loss', loss)).toBe('');
    expect(nextSort('metric.loss', 'metric.acc', acc)).toBe('-metric.acc');
    // Recorded in one run, where no name says it.
    expect(nextSort('', 'metric.late', store.columnOf('metric.late'))).toBe('metric.late');
    expect(nextSort('', 'param.seed', store.columnOf('param.seed'))).toBe('-param.seed');
    expect(nextSort('', 'param.model', store.columnOf('param.model'))).toBe('param.model');
  });

  it('knows the best value of each metric among the runs that ended well', () => {
    const columns = [
      store.columnOf('metric.loss')!,
      store.columnOf('metric.acc')!,
      store.columnOf('param.seed')!,
    ];
    const best = bestAmong(store, rows(), columns);
    expect([...best]).toEqual([
      ['metric.loss', 1 / 24],
      ['metric.acc', 23 / 24],
    ]);
    expect(bestAmong(store, [0, 1, 2, 3, 4], columns).size).toBe(0);
  });
});
