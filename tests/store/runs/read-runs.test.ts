import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../collector/formats/findings/finding.ts';
import { plainSeries } from '../../../collector/formats/metrics/series.ts';
import type { RunRecord } from '../../../collector/runs/record.ts';
import { readRuns } from '../../../collector/store/runs/read-runs.ts';
import { readSeries } from '../../../collector/store/runs/read-series.ts';
import { temporaryBook } from '../../helpers.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/runs-book');

async function readAll(
  root: string,
  exclude: string[] = [],
): Promise<{ runs: RunRecord[]; findings: Finding[] }> {
  const findings: Finding[] = [];
  const runs = await readRuns(root, { exclude }, (finding) => findings.push(finding));
  return { runs, findings };
}

async function runAt(root: string, key: string): Promise<RunRecord> {
  const { runs } = await readAll(root);
  const run = runs.find((each) => each.key === key);
  if (run === undefined) throw new Error(`no run ${key} among ${runs.map((each) => each.key).join(', ')}`);
  return run;
}

const tracker = (fields: object) => JSON.stringify({ experiment_id: 'e', status: 'completed', ...fields });

describe('the runs of real files', () => {
  it('are all there once, newest first, each with a page name of its own', async () => {
    const { runs, findings } = await readAll(fixtures);
    expect(runs.length).toBe(7 + 4 + 5 + 4 + 1);
    expect(new Set(runs.map(({ slug }) => slug.toLowerCase())).size).toBe(runs.length);
    const times = runs.map(({ atUs }) => atUs ?? Number.NEGATIVE_INFINITY);
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    expect(findings.map(({ code }) => code).sort()).toEqual([
      'best-differs',
      'broken-json',
      ...Array(5).fill('missing-artifact'),
      'stale-run',
    ]);
  });

  it('find previous stages by content, by path of another machine, and the sweep of a task', async () => {
    const { runs } = await readAll(fixtures);
    const parents = Object.fromEntries(
      runs
        .filter(({ parents: all }) => all.length > 0)
        .map((run) => [run.key, run.parents.map(({ kind, key }) => `${kind} ${key}`)]),
    );
    expect(parents).toEqual({
      'results/train/run_0000': ['stage results/process'],
      'results/train/run_0003': ['stage results/process'],
      'results/train/run_0004': ['stage results/process'],
      'results/eval/0': ['stage results/train/run_0004'],
      'results/sweep/task_1': ['sweep results/train/run_0000'],
      'results/report': ['stage undefined', 'stage results/process'],
      'older/features': ['stage older/process'],
      'older/train_a': ['stage older/features'],
      'older/eval': ['stage older/train_a'],
    });
  });

  it('find them wherever the folder was moved, the nearest of several copies', async () => {
    const root = temporaryBook();
    cpSync(join(fixtures, 'results'), join(root, 'deep/a'), { recursive: true });
    cpSync(join(fixtures, 'results'), join(root, 'deep/b'), { recursive: true });
    const { runs } = await readAll(root);
    const parentOf = (key: string) => runs.find((run) => run.key === key)?.parents[0]?.key;
    expect(parentOf('deep/a/train/run_0003')).toBe('deep/a/process');
    expect(parentOf('deep/b/train/run_0003')).toBe('deep/b/process');
    expect(parentOf('deep/b/sweep/task_1')).toBe('deep/b/train/run_0000');
  });

  it('tell how an experiment went', async () => {
    const run = await runAt(fixtures, 'experiments/20250723-110631-My_Experiment');
    expect(run).toMatchObject({
      status: 'failed',
      statusWord: 'failed',
      statusFrom: 'experiment',
      description: undefined,
      zoneless: true,
    });
    expect(run.error).toMatch(/^Training failed: CUDA out of memory/);
    expect(run.history.map(({ word }) => word)).toEqual(['created', 'running', 'failed']);
    expect(run.durationMs).toBeCloseTo(58_186.8, 0);
    const aborted = await runAt(fixtures, 'experiments/20250721-040411-unet_cfd');
    expect(aborted.artifacts.map(({ id, type, file }) => [id, type, file])).toEqual([
      ['checkpoint-10', 'checkpoint', undefined],
      ['metrics-final', 'metrics', 'experiments/20250721-040411-unet_cfd/metrics/metrics.jsonl'],
      ['viz', 'visualization', undefined],
    ]);
    expect(aborted.metrics['iou']).toBe(0.7589084786877277);
    expect(aborted.series.map(({ name, count }) => [name, count])).toEqual([
      ['loss', 15],
      ['iou', 15],
      ['lr', 15],
    ]);
  });

  it('keep NaN, in the file and in the history', async () => {
    const run = await runAt(fixtures, 'experiments/20250721-163456-swinv2_hybrid');
    expect(run.metrics['val_loss']).toBeNaN();
    expect(plainSeries((await readSeries(fixtures, run))[0]!)).toMatchObject({
      name: 'loss',
      steps: [1],
      values: [Number.NaN],
    });
    expect(run.stale?.why).toContain('no sign of life');
  });

  it('take metrics without times and tracker for a run, with the configuration beside them', async () => {
    const run = await runAt(fixtures, 'demo/experiment_data');
    expect(run.params).toMatchObject({ 'training.learning_rate': 0.001, 'model.encoder': 'resnet34' });
    expect(run).toMatchObject({
      status: 'unknown',
      statusWord: 'not recorded',
      statusFrom: 'none',
      atUs: undefined,
    });
    expect(run.metrics['iou']).toBe(0.89);
    expect(run.series.find(({ name }) => name === 'iou')).toMatchObject({ count: 20 });
  });
});

describe('the runs of a book', () => {
  it('show the last attempt of a run that was tried again', async () => {
    const times = (list: [string, string][]) => ({
      train: { '': { '000': { status: 'done', param_hash: 'x', files: {}, timestamp_status_lst: list } } },
    });
    const root = temporaryBook({
      'metadata.json': JSON.stringify(
        times([
          ['2025-01-01T10:00:00', 'pending'],
          ['2025-01-01T10:00:01', 'running'],
          ['2025-01-01T10:00:02', 'error'],
          ['2025-01-01T11:00:00', 'running'],
          ['2025-01-01T11:30:00', 'done'],
        ]),
      ),
    });
    const run = await runAt(root, ':train/000');
    expect(run).toMatchObject({
      status: 'completed',
      statusWord: 'done',
      durationMs: 1_800_000,
      identifier: 'train',
      name: '000',
    });
    expect(run.history.length).toBe(5);
  });

  it('do not say a duration that clocks cannot have taken', async () => {
    const root = temporaryBook({
      'e/experiment_tracker.json': tracker({
        started_at: '2025-11-02T01:59:00',
        completed_at: '2025-11-02T01:01:00',
      }),
    });
    expect((await runAt(root, 'e')).durationMs).toBeUndefined();
  });

  it('are not looked for where others keep files, nor where daybook.yaml says so', async () => {
    const files = Object.fromEntries(
      [
        'node_modules/x',
        '.git/x',
        '.daybook/x',
        'venv',
        'venv/lib/x',
        'site',
        'site/data',
        'left/out',
        'old/2024/x',
        'kept',
      ].map((folder) => [`${folder}/run.lock`, 'config:\n  a: 1\n']),
    );
    const site = Object.fromEntries(
      ['index.html', 'health.html', 'snapshots.html', 'assets/x', 'data/x', 'api/x'].map((name) => [
        `site/${name}`,
        '',
      ]),
    );
    const root = temporaryBook({ ...files, ...site, 'venv/pyvenv.cfg': '' });
    const { runs } = await readAll(root, ['left/out', 'old/**']);
    expect(runs.map(({ key }) => key)).toEqual(['kept']);
  });

  it('do not change their keys when others come', async () => {
    const root = temporaryBook({ 'a/run.lock': 'config:\n  a: 1\n' });
    const before = (await readAll(root)).runs.map(({ key, slug }) => [key, slug]);
    cpSync(join(fixtures, 'results'), join(root, 'b'), { recursive: true });
    const after = (await readAll(root)).runs.map(({ key, slug }) => [key, slug]);
    expect(after).toEqual(expect.arrayContaining(before));
  });

  it('say where chains of stages come back to themselves', async () => {
    const root = temporaryBook({
      'a/run.lock': 'timestamp: 2025-01-01T00:00:00\nlineage:\n  b: {path: b}\nconfig: {x: 1}\n',
      'b/run.lock': 'timestamp: 2025-01-02T00:00:00\nlineage:\n  a: {path: a}\nconfig: {x: 2}\n',
      'c/run.lock': 'timestamp: 2025-01-03T00:00:00\nlineage:\n  c: {path: c}\nconfig: {x: 3}\n',
    });
    const { runs, findings } = await readAll(root);
    expect(runs.map(({ parents }) => parents[0]?.key)).toEqual(['c', 'a', 'b']);
    expect(findings.filter(({ code }) => code === 'lineage-cycle').map(({ found }) => found)).toEqual([
      'a <- b <- a',
      'c <- c',
    ]);
  });

  it('know who wrote an input, by folder and by digest', async () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    const input = (path: string, of: string) =>
      `  ${path.replaceAll('/', '_')}: {path: ${path}, kind: file, bytes: 1, files: 1, digest: '${of}'}\n`;
    const root = temporaryBook({
      'make/run.lock': 'config: {x: 1}\n',
      'model/experiment_tracker.json': tracker({
        artifacts: [{ id: 'm', type: 'checkpoint', path: 'gone.pth', digest }],
      }),
      'use/run.lock': `schema: daybook/receipt/1\nconfig: {x: 2}\ninputs:\n${input('make/out/table.csv', `sha256:${'b'.repeat(64)}`)}${input('copied.pth', digest)}`,
    });
    const run = await runAt(root, 'use');
    expect(run.parents.map(({ kind, key }) => [kind, key])).toEqual([
      ['data', 'make'],
      ['data', 'model'],
    ]);
  });

  it('say how the command went that a receipt was issued for, and what it wrote', async () => {
    const output = (path: string) =>
      `{path: ${path}, kind: file, bytes: 3, files: 1, digest: 'sha256:${'c'.repeat(64)}'}`;
    const receipt = (code: number) =>
      `schema: daybook/receipt/1\ntimestamp: '2025-01-01T10:00:00.000000Z'\nconfig: {x: ${code}}\nenvironment: {exit_code: ${code}, duration_ms: 1500}\noutputs: {model: ${output('a/out/m.pt')}, gone: {path: a/none, missing: not there}}\n`;
    const root = temporaryBook({ 'a/run.lock': receipt(0), 'b/run.lock': receipt(3), 'a/out/m.pt': 'abc' });
    const run = await runAt(root, 'a');
    const startUs = Date.UTC(2025, 0, 1, 10) * 1000;
    expect(run).toMatchObject({
      status: 'completed',
      statusFrom: 'receipt',
      startedAtUs: startUs,
      endedAtUs: startUs + 1_500_000,
      durationMs: 1500,
    });
    expect(run.artifacts.map(({ id, type, file, bytes }) => [id, type, file, bytes])).toEqual([
      ['model', 'output', 'a/out/m.pt', 3],
      ['gone', 'output', undefined, undefined],
    ]);
    expect((await runAt(root, 'b')).status).toBe('failed');
  });

  it('find the nearest previous stage among very many that are the same', async () => {
    const stage = 'config: {save_dir: results/process}\nrepos: {main: abc}\n';
    const files = Object.fromEntries(
      Array.from({ length: 100 }, (_, index) => [
        [`p${index}/process/run.lock`, stage],
        [
          `p${index}/deep/train/run.lock`,
          `config: {of: ${index}}\nprevs:\n  process:\n    ${stage.replace('\n', '\n    ')}`,
        ],
      ]).flat(),
    );
    const { runs } = await readAll(temporaryBook(files));
    const wrong = runs.filter(
      ({ key, parents }) => key.endsWith('train') && parents[0]?.key !== key.replace('deep/train', 'process'),
    );
    expect(runs.length).toBe(200);
    expect(wrong.map(({ key }) => key)).toEqual([]);
  });
});
