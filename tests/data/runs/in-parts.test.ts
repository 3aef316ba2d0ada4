import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as collector from '../../../collector/read.ts';
import { forgetSums } from '../../../src/data/publish/file-sums.ts';
import { loadRuns } from '../../../src/data/runs/load.ts';
import { runReads } from '../../../src/data/runs/reads.ts';
import { noTrends } from '../../../src/data/trends/views.ts';
import { temporaryFolder } from '../../helpers.ts';
import { amount } from '../../long.ts';

/** Every data file of the runs of a book, as a build makes it, and what it tells the pages. */
async function built(
  root: string,
): Promise<{ files: Record<string, string>; said: unknown; inodes: string[] }> {
  forgetSums();
  // Whether a receipt stands is found out at every build, and says where the book lies.
  const verify = async () => new Map();
  const reads = {
    ...runReads(root, collector, { config: { exclude: [], places: [], deleted: false }, format: 'test' }),
    verify,
  };
  const loaded = await loadRuns(root, reads, {
    cache: join(root, '.daybook', 'cache'),
    extra: 'test',
    pages: 6,
    nowUs: 1,
    progress: () => {},
    trendsOf: noTrends,
    sizes: { group: 30, file: 40 },
  });
  const site = temporaryFolder();
  loaded.publish(site);
  const folder = join(site, 'data', 'runs');
  const files = Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'base64')]),
  );
  const { summary, findings } = loaded;
  const slugs = summary.views.map(({ slug }) => slug);
  const said = {
    ...summary,
    findings,
    details: slugs.map((slug) => summary.detailsOf(slug)),
    series: slugs.map((slug) => summary.seriesOf(slug)),
    shapes: slugs.map((slug) => summary.shapeOf(slug)),
  };
  const inodes = Object.keys(files).filter((name) =>
    /^(?:series-.*\.json\.gz|metrics-.*\.parquet)$/.test(name),
  );
  return { files, said: JSON.parse(JSON.stringify(said)), inodes };
}

/** The same book built where nothing is kept. */
async function builtAfresh(root: string): ReturnType<typeof built> {
  const fresh = temporaryFolder();
  cpSync(root, fresh, {
    recursive: true,
    preserveTimestamps: true,
    filter: (path) => !path.startsWith(join(root, '.daybook')),
  });
  return built(fresh);
}

const run = fc.nat(11);
const change = fc.oneof(
  fc.record({
    kind: fc.constant('append' as const),
    run,
    points: fc.integer({ min: 1, max: 30 }),
    from: fc.nat(60),
  }),
  fc.record({ kind: fc.constant('rewrite' as const), run, points: fc.nat(90), from: fc.nat(3) }),
  fc.record({ kind: fc.constant('cut' as const), run, bytes: fc.nat(400) }),
  fc.record({ kind: fc.constant('receipt' as const), run, value: fc.nat(9) }),
  fc.record({ kind: fc.constant('remove' as const), run, points: fc.boolean() }),
  fc.record({ kind: fc.constant('ledger' as const), runs: fc.nat(6) }),
);
type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never;

function apply(root: string, change: Change): void {
  if (change.kind === 'ledger') {
    writeLedger(root, change.runs);
    return;
  }
  const folder = join(root, 'results', `run_${change.run}`);
  const metrics = join(folder, 'metrics.jsonl');
  mkdirSync(folder, { recursive: true });
  if (change.kind === 'append') appendFileSync(metrics, pointsOf(change.from, change.points));
  else if (change.kind === 'rewrite') writeFileSync(metrics, pointsOf(change.from, change.points));
  else if (change.kind === 'cut') cut(metrics, change.bytes);
  else if (change.kind === 'remove')
    rmSync(change.points ? metrics : folder, { recursive: true, force: true });
  else
    writeFileSync(
      join(folder, 'run.lock'),
      `timestamp: '2026-01-0${1 + (change.run % 9)}T00:00:00'\nconfig:\n  lr: ${change.value}\nrepos: {}\ndata: {}\n`,
    );
}

function cut(path: string, bytes: number): void {
  try {
    truncateSync(path, bytes);
  } catch {
    // There is nothing to cut.
  }
}

const pointsOf = (from: number, count: number) =>
  Array.from(
    { length: count },
    (_, at) => `{"step":${from + at},"loss":${((from + at) % 17) / 10}${from % 2 ? ',"iou":0.5' : ''}}\n`,
  ).join('');

function writeLedger(root: string, runs: number): void {
  const path = join(root, 'ledger', 'metadata.json');
  mkdirSync(dirname(path), { recursive: true });
  const records = Object.fromEntries(
    Array.from({ length: runs }, (_, at) => [
      `00${at}`,
      {
        status: 'done',
        param_hash: null,
        files: {},
        timestamp_status_lst: [[`2026-01-01T00:00:0${at}`, 'done']],
      },
    ]),
  );
  writeFileSync(path, JSON.stringify({ train: { grid: records } }));
}

describe('the runs of a book that was built before', () => {
  it('are published as if it had never been, whatever came, changed or went', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(change, { minLength: 1, maxLength: 6 }), { minLength: 2, maxLength: 5 }),
        async (rounds) => {
          const root = temporaryFolder();
          for (const changes of rounds) {
            for (const each of changes) apply(root, each);
            const [now, fresh] = [await built(root), await builtAfresh(root)];
            expect(Object.keys(now.files)).toEqual(Object.keys(fresh.files));
            expect(now).toEqual(fresh);
          }
        },
      ),
      { numRuns: amount(5, 200) },
    );
  });

  it('keep the files of points that no new point belongs to', async () => {
    const root = temporaryFolder();
    for (let at = 0; at < 12; at++)
      apply(root, { kind: 'rewrite', run: at, points: at === 0 ? 90 : 20, from: 0 });
    const before = await built(root);
    apply(root, { kind: 'append', run: 0, points: 1, from: 90 });
    const after = await built(root);
    const fresh = after.inodes.filter((name) => !before.inodes.includes(name));
    expect(before.inodes.length).toBeGreaterThan(8);
    // The thinned series of its group, and the last file of its own points.
    expect(fresh.map((name) => name.replace(/-.*/, '')).sort()).toEqual(['metrics', 'series']);
  });
});
