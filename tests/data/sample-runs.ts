import { notRecorded } from '../../src/data/browser.ts';
import { chartColumns } from '../../src/data/runs/chart-columns.ts';
import type {
  LineageEdge,
  LineageNode,
  RunColumn,
  RunDetails,
  RunSeries,
  RunsSummary,
  RunView,
} from '../../src/data/runs/types.ts';
import { noRuns } from '../../src/data/runs/types.ts';
import { builtAtUs, counts } from './sample-action.ts';

const minuteUs = 60_000_000;

/** One run; `index` chooses parameters and status, `given` overrides. */
export function run(index: number, given: Partial<RunView> = {}): RunView {
  const status = index % 11 === 4 ? 'failed' : index % 17 === 9 ? 'aborted' : 'completed';
  const startedAtUs = builtAtUs - (index + 1) * 47 * minuteUs;
  const durationMs = 240_000 + ((index * 7919) % 900_000);
  const lr = [0.1, 0.03, 0.01, 0.003, 0.001][index % 5] as number;
  return {
    key: `results/train/run_${String(index).padStart(4, '0')}`,
    slug: `results-train-run_${String(index).padStart(4, '0')}`,
    name: `run_${String(index).padStart(4, '0')}`,
    identifier: index % 3 === 0 ? 'baseline' : 'sweep/lr',
    place: `results/train/run_${String(index).padStart(4, '0')}`,
    status,
    statusWord: status === 'completed' ? 'done' : status,
    atUs: startedAtUs,
    zoneless: false,
    startedAtUs,
    endedAtUs: startedAtUs + durationMs * 1000,
    durationMs,
    params: {
      lr,
      batch: [16, 32, 64][index % 3] as number,
      'opt.name': index % 2 ? 'adam' : 'sgd',
      seed: 42,
    },
    metrics:
      status === 'failed'
        ? { loss: Number.NaN }
        : { loss: lr * 2 + (index % 7) / 50, iou: 0.5 + (index % 40) / 100 },
    tags: index % 4 === 0 ? ['keep'] : [],
    description: undefined,
    error: status === 'failed' ? 'CUDA out of memory. Tried to allocate 2.00 GiB' : undefined,
    stale: undefined,
    verdict: index % 2 === 0 ? (index % 10 === 0 ? 'differs' : 'matches') : undefined,
    more: { artifacts: index % 3, series: status === 'failed' ? 1 : 2 },
    ...given,
  };
}

/** The runs of a book as the pages get them, made of views alone. */
export function runsOf(views: RunView[], pages = 1000): RunsSummary {
  const newest = [...views].sort((a, b) => (b.atUs ?? 0) - (a.atUs ?? 0));
  const bySlug = new Map(newest.map((view) => [view.slug, view]));
  const byStatus = counts();
  for (const { status } of newest) byStatus[status] += 1;
  const columns = [...columnsOf(newest, 'param'), ...columnsOf(newest, 'metric')];
  const stale = newest.filter((one) => one.stale !== undefined);
  return {
    ...noRuns(),
    total: newest.length,
    byStatus,
    firstUs: newest.at(-1)?.atUs,
    lastUs: newest[0]?.atUs,
    facets: {
      identifier: counted(newest.map(({ identifier }) => identifier)),
      tags: counted(newest.flatMap(({ tags }) => tags)),
    },
    columns,
    charts: chartColumns(newest, columns),
    views: newest,
    pageSlugs: newest.slice(0, pages).map(({ slug }) => slug),
    running: newest
      .filter(({ status, stale: gone }) => status === 'running' && gone === undefined)
      .slice(0, 20),
    failed: newest.filter(({ status }) => status === 'failed').slice(0, 20),
    stale: stale.slice(0, 20),
    staleTotal: stale.length,
    notRecordedTotal: newest.filter(({ statusWord }) => statusWord === notRecorded).length,
    verdicts: {
      matches: newest.filter(({ verdict }) => verdict === 'matches').length,
      reproducible: newest.filter(({ verdict }) => verdict === 'reproducible').length,
      differs: newest.filter(({ verdict }) => verdict === 'differs').length,
      unproven: newest.filter(({ verdict }) => verdict === 'unproven').length,
    },
    lineage: lineageOf(newest),
    detailsOf: (slug) => (bySlug.has(slug) ? detailsOf(bySlug.get(slug) as RunView) : undefined),
    seriesOf: (slug) => (bySlug.has(slug) ? seriesOf(bySlug.get(slug) as RunView) : []),
  };
}

/** `count` runs, the newest two running, one of them without a sign of life. */
export function manyRuns(count: number): RunView[] {
  return Array.from({ length: count }, (_, index) => {
    if (index === 0) return run(0, { ...unfinished, error: undefined });
    if (index === 1 && count > 2)
      return run(1, {
        ...unfinished,
        stale: { sinceUs: builtAtUs - 300 * minuteUs, why: 'process 4711 on build-1 no longer exists' },
      });
    return run(index);
  });
}

const unfinished: Partial<RunView> = {
  status: 'running',
  statusWord: 'running',
  endedAtUs: undefined,
  durationMs: undefined,
  verdict: undefined,
};

function detailsOf(view: RunView): RunDetails {
  return {
    ...view,
    statusFrom: 'ledger',
    history: [
      { atUs: view.startedAtUs ?? 0, word: 'running', status: 'running' },
      { atUs: view.endedAtUs ?? view.startedAtUs ?? 0, word: view.statusWord, status: view.status },
    ],
    paramHash: undefined,
    directions: {},
    series: seriesOf(view).map(({ name, count, values }) => ({
      name,
      count,
      last: values.at(-1) ?? Number.NaN,
    })),
    artifacts: [],
    parents: [],
    receipt: undefined,
    experiment: undefined,
    ledger: undefined,
    files: [{ kind: 'ledger', path: 'metadata.json' }],
    children: [],
    parentSlugs: [],
  };
}

function seriesOf(view: RunView): RunSeries[] {
  const steps = Array.from({ length: 30 }, (_, step) => step);
  return Object.entries(view.metrics).map(([name, best]) => ({
    name,
    steps,
    timesUs: steps.map(() => null),
    values: steps.map((step) => best + (29 - step) / 60),
    count: steps.length,
  }));
}

function columnsOf(views: RunView[], kind: RunColumn['kind']): RunColumn[] {
  const records = views.map((view) => (kind === 'param' ? view.params : view.metrics));
  const names = [...new Set(records.flatMap((record) => Object.keys(record)))];
  return names.map((name) => {
    const values = records.filter((record) => Object.hasOwn(record, name)).map((record) => record[name]);
    const numbers = values.filter(
      (value): value is number => typeof value === 'number' && Number.isFinite(value),
    );
    const distinct = new Set(values).size;
    return {
      kind,
      name,
      type: values.every((value) => typeof value === 'number') ? 'number' : 'text',
      count: values.length,
      distinct,
      same: distinct === 1 ? values[0] : undefined,
      min: numbers.length === 0 ? undefined : Math.min(...numbers),
      max: numbers.length === 0 ? undefined : Math.max(...numbers),
    };
  });
}

/** Every fifth run was made from the one five before it, and all of those from one input. */
function lineageOf(views: RunView[]): RunsSummary['lineage'] {
  const joined = views.filter((_, index) => index % 5 === 0);
  const nodes: LineageNode[] = joined.map((view) => ({
    id: view.slug,
    kind: 'run',
    name: view.name,
    identifier: view.identifier,
    status: view.status,
    atUs: view.atUs ?? null,
  }));
  const edges: LineageEdge[] = joined
    .slice(1)
    .map((view, index) => ({ from: view.slug, to: (joined[index] as RunView).slug, kind: 'stage' }));
  const last = joined.at(-1);
  if (last !== undefined && joined.length > 1) {
    nodes.push({
      id: 'data:data/train.csv',
      kind: 'data',
      name: 'data/train.csv',
      identifier: '',
      status: 'unknown',
      atUs: null,
    });
    edges.push({ from: 'data:data/train.csv', to: last.slug, kind: 'data' });
  }
  return {
    nodes: joined.length > 1 ? nodes : [],
    edges,
    alone: views.length - (joined.length > 1 ? joined.length : 0),
    left: 0,
  };
}

function counted(values: string[]): { value: string; count: number }[] {
  const known = new Map<string, number>();
  for (const value of values) known.set(value, (known.get(value) ?? 0) + 1);
  return [...known].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count);
}
