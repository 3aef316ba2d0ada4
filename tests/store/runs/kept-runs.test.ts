import { appendFileSync, cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Finding } from '../../../collector/formats/findings/finding.ts';
import type { RunRecord } from '../../../collector/runs/record.ts';
import { auditRuns, countBookRuns } from '../../../collector/store/runs/count-runs.ts';
import { keptRuns } from '../../../collector/store/runs/kept-runs.ts';
import { readRuns } from '../../../collector/store/runs/read-runs.ts';
import type { SignsOfLife } from '../../../collector/store/runs/stale-runs.ts';
import { temporaryFolder } from '../../helpers.ts';
import { amount } from '../../long.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/runs-book');
const build = 'test';

interface Reading {
  runs: RunRecord[];
  findings: Finding[];
  signs: SignsOfLife[];
}

async function read(root: string, named: string | undefined): Promise<Reading> {
  const reading: Reading = { runs: [], findings: [], signs: [] };
  reading.runs = await readRuns(
    root,
    { build: named },
    (finding) => reading.findings.push(finding),
    (signs) => {
      reading.signs = signs;
    },
  );
  // Whole documents are made when they are asked for.
  reading.runs = reading.runs.map((run) => {
    const { receipt, experiment, ledger } = run;
    return { ...run, receipt, experiment, ledger };
  });
  return reading;
}

async function counted(root: string, named: string | undefined): Promise<unknown> {
  const findings: Finding[] = [];
  const { counts, newestUs } = await auditRuns(root, { build: named }, (finding) => findings.push(finding));
  return { counts, newestUs, findings, counted: await countBookRuns(root, { build: named }) };
}

/** What may happen to a book between two readings. */
const happening = fc.record({
  kind: fc.constantFrom(
    'ledger',
    'metrics',
    'receipt',
    'tracker',
    'config',
    'remove',
    'artifact',
    'other',
    'look-alike',
    'log',
    'link',
  ),
  run: fc.nat(4),
  value: fc.nat(9),
});

type Happening = typeof happening extends fc.Arbitrary<infer Value> ? Value : never;

function happen(root: string, { kind, run, value }: Happening): void {
  const folder = join(root, 'results', `run_${run}`);
  const put = (path: string, text: string) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  };
  const ways: Record<string, () => void> = {
    ledger: () =>
      put(
        join(root, 'results', 'metadata.json'),
        JSON.stringify({
          train: {
            grid: {
              [run]: {
                status: value % 2 ? 'done' : 'running',
                param_hash: value,
                files: { model: 'model.pt' },
                timestamp_status_lst: [[`2026-01-01T00:00:0${value}`, 'running']],
              },
            },
          },
        }),
      ),
    metrics: () => {
      mkdirSync(folder, { recursive: true });
      appendFileSync(
        join(folder, 'metrics.jsonl'),
        `{"step":${value},"loss":${value === 9 ? 'NaN' : value / 7}}\n`,
      );
    },
    receipt: () =>
      put(
        join(folder, 'run.lock'),
        `timestamp: '2026-01-0${1 + run}T00:00:00'\nconfig:\n  lr: ${value}.0\nrepos: {}\ndata: {}\n`,
      ),
    'look-alike': () => put(join(folder, `junit-${value}.xml`), ''),
    tracker: () =>
      put(
        join(folder, 'experiment_tracker.json'),
        JSON.stringify({
          experiment_id: `e${value}`,
          status: 'completed',
          artifacts: { model: { type: 'x', path: 'out/model.pt' } },
        }),
      ),
    config: () => put(join(folder, 'config.json'), `{"depth": ${value}}`),
    remove: () => rmSync(folder, { recursive: true, force: true }),
    artifact: () => put(join(folder, 'out', 'model.pt'), 'x'),
    other: () => put(join(root, 'snapshots', `periodic_20260101_00000${value}.json`), '{}'),
    log: () => {
      mkdirSync(join(root, 'snapshots'), { recursive: true });
      const action = {
        type: 'command',
        status: value % 2 ? 'completed' : 'failed',
        run: `results/run_${run}`,
        details: { exit_code: value },
        started_at: '2026-01-02T00:00:00Z',
      };
      appendFileSync(
        join(root, 'snapshots', 'action_log.jsonl'),
        `${JSON.stringify({ snapshot_id: `action_${Date.now()}_${run}${value}`, snapshot_type: 'action', timestamp: '2026-01-02T00:00:01Z', action })}\n`,
      );
    },
    link: () => {
      mkdirSync(join(root, 'results'), { recursive: true });
      const link = join(root, 'results', `link_${value}`);
      rmSync(link, { force: true });
      symlinkSync(`run_${run}`, link);
    },
  };
  ways[kind]!();
}

beforeEach(() => {
  // Files count as changed long ago.
  const now = Date.now.bind(Date);
  vi.spyOn(Date, 'now').mockImplementation(() => now() + 3_600_000);
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe('runs that were read before', () => {
  it('are those that a reading of all files gives, whatever happened to the book', async () => {
    let used = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(happening, { maxLength: 4 }), { minLength: 1, maxLength: 5 }),
        async (rounds) => {
          const root = temporaryFolder();
          for (const each of rounds) {
            for (const one of each) happen(root, one);
            // Two changes within a tick of the system have one time.
            await sleep(12);
            const fresh = await read(root, undefined);
            expect(await read(root, build)).toEqual(fresh);
            used += (await keptRuns(root, { build })) === undefined ? 0 : 1;
            expect(await read(root, build)).toEqual(fresh);
            expect(await counted(root, build)).toEqual(await counted(root, undefined));
          }
        },
      ),
      { numRuns: amount(25, 400) },
    );
    expect(used).toBeGreaterThan(20);
  });

  it('are kept of a real book, with the whole documents of each', async () => {
    const root = temporaryFolder();
    cpSync(fixtures, root, { recursive: true });
    rmSync(join(root, 'results'), { recursive: true, force: true });
    const fresh = await read(root, undefined);
    await read(root, build);
    const kept = await keptRuns(root, { build });
    if (fresh.findings.some(({ severity }) => severity === 'error')) expect(kept).toBeUndefined();
    expect(await read(root, build)).toEqual(fresh);
  });

  it('are not believed where they are damaged, of another build, or of other folders', async () => {
    const root = temporaryFolder();
    for (const kind of ['ledger', 'receipt', 'tracker'] as const) happen(root, { kind, run: 1, value: 3 });
    await sleep(12);
    const fresh = await read(root, build);
    expect(await keptRuns(root, { build })).toBeDefined();
    expect(await keptRuns(root, { build: 'other' })).toBeUndefined();
    expect(await keptRuns(root, { build, exclude: ['x'] })).toBeUndefined();
    const cache = join(root, '.daybook', 'cache');
    const list = readFileSync(join(cache, 'runs-list.json'), 'utf8');
    writeFileSync(join(cache, 'runs-list.json'), list.replace('"done"', '"gone"'));
    expect(await read(root, build)).toEqual(fresh);
    writeFileSync(
      join(cache, 'runs-look.json'),
      readFileSync(join(cache, 'runs-look.json')).subarray(0, 300),
    );
    expect(await keptRuns(root, { build })).toBeUndefined();
    expect(await read(root, build)).toEqual(fresh);
  });
});
