import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunRecord } from '../../../collector/runs/record.ts';
import { ChartPlan, rowsWithLine } from '../../../src/client/runs/chart-plan.ts';
import { RunStore } from '../../../src/client/runs/store.ts';
import { noRunState } from '../../../src/client/runs/view-state.ts';
import { publishRuns } from '../../../src/data/runs/publish.ts';
import { publishNow } from '../../../src/data/runs/publish-now.ts';
import { counts } from '../../data/sample-action.ts';
import { runRecord } from '../../data/sample-records.ts';
import { filesOnDisk } from '../published.ts';

let folder: string;
let store: RunStore;
let plan: ChartPlan;

/** Twenty runs; the newest has no parameters and no metrics, and nobody knows how it went. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'daybook-client-'));
  const bare: Partial<RunRecord> = { params: {}, metrics: {}, status: 'unknown', statusWord: 'odd' };
  const runs = Array.from({ length: 20 }, (_, index) => runRecord(index, index === 0 ? bare : {}));
  const given = { pages: 20, byStatus: counts({ completed: 20 }), seriesOf: () => [] };
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
  plan = new ChartPlan(store);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ids = (columns: readonly { id: string }[]) => columns.map(({ id }) => id);
const column = (id: string) => plan.columns.find((one) => one.id === id)!;

describe('what the charts of runs show', () => {
  it('is what this book begins with, where the reader chose nothing', () => {
    const { axes, x, y, colour } = plan.chosen(noRunState());
    const { charts } = store.index;
    expect([ids(axes), x?.id, y?.id, colour.id]).toEqual([charts.axes, charts.x, charts.y, 'status']);
    expect(axes.length).toBeGreaterThan(1);
  });

  it('is what the reader chose, without columns that there are not', () => {
    const chosen = plan.chosen({
      axes: ['param.opt', 'param.gone', 'metric.loss'],
      x: 'param.lr',
      y: 'param.gone',
      colour: 'metric.loss',
    });
    expect(ids(chosen.axes)).toEqual(['param.opt', 'metric.loss']);
    expect([chosen.x?.id, chosen.y?.id, chosen.colour.id]).toEqual([
      'param.lr',
      store.index.charts.y,
      'metric.loss',
    ]);
    expect(plan.chosen({ ...noRunState(), axes: [] }).axes).toEqual([]);
  });

  it('can be any column with places on an axis, and colours go by the status and by numbers', () => {
    expect(ids(plan.columns)).toEqual(
      expect.arrayContaining(['status', 'started', 'param.opt', 'metric.loss']),
    );
    expect(ids(plan.columns)).not.toContain('description');
    const colours = ids(plan.colours());
    expect(colours[0]).toBe('status');
    expect(colours).toContain('param.lr');
    expect(colours).not.toContain('param.opt');
    expect(new Set(colours).size).toBe(colours.length);
  });

  it('has a line only for runs with values on two axes', () => {
    const rows = [...Array(20).keys()];
    const axes = (...chosen: string[]) => chosen.map((id) => plan.axisOf(column(id), undefined));
    expect(rowsWithLine(rows, axes('param.lr', 'param.opt', 'metric.loss'))).toEqual(rows.slice(1));
    expect(rowsWithLine(rows, axes('param.lr', 'started', 'duration'))).toEqual(rows);
    expect(rowsWithLine(rows, axes('started'))).toEqual([]);
  });

  it('keeps the scale that was chosen for a column', () => {
    expect(plan.axisOf(column('param.lr'), true)).toMatchObject({
      id: 'param.lr',
      type: 'number',
      log: true,
    });
    expect(plan.axisOf(column('param.opt'), undefined).valueAt(1)).toBe('sgd');
  });

  it('has colours by status or from low to high, with a place for runs without a value', () => {
    const rows = [...Array(20).keys()];
    const byStatus = plan.colourGroups(column('status'), rows);
    const label = (row: number) => byStatus.groups[byStatus.groupOf(row)]!.label;
    expect([label(0), label(1), label(3)]).toEqual(['unknown', 'completed', 'failed']);
    const byLoss = plan.colourGroups(column('metric.loss'), rows);
    expect([byLoss.groupOf(0), byLoss.groupOf(1), byLoss.groupOf(19)]).toEqual([0, 5, 1]);
  });

  it('says of a run its name, its status and its values on the axes', () => {
    const words = plan.describe(3, [column('status'), column('param.opt'), column('metric.loss')]);
    expect(words.split('\n')).toEqual([expect.stringMatching(/3.*, failed$/), 'opt sgd', 'loss NaN']);
    expect(plan.describe(0, [column('param.opt')]).split('\n')[1]).toBe('');
  });
});
