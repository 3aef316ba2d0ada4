import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryBook } from '../helpers.ts';
import { run } from './run.ts';

const book = join(import.meta.dirname, '../fixtures/runs-book');
const runs = (...argv: string[]) => run(book, ['runs', '--dir', book, ...argv]);
const lineage = (...argv: string[]) => run(book, ['lineage', '--dir', book, ...argv]);
const keys = (out: string) => (JSON.parse(out) as { key: string }[]).map(({ key }) => key);

describe('daybook runs', () => {
  it('shows a table of the runs that fulfil a condition, in the order asked for', async () => {
    const { out, problem, exitCode } = await runs(
      '--where',
      'iou > 0.3',
      '--sort',
      '-iou',
      '--columns',
      'key,status,iou,tag',
    );
    expect(exitCode).toBe(0);
    expect(out).toMatchInlineSnapshot(`
      "key                                        status                  iou  tags
      demo/experiment_data                       ? not recorded         0.89
      experiments/20250720-175542-My_Experiment  ● completed        0.395899  épuré, improved
      experiments/20250721-040411-unet_cfd       □ aborted          0.758908
      experiments/20250723-110631-My_Experiment  ✕ failed           0.367057
      experiments/20250721-163456-swinv2_hybrid  ◐ running (stale)  0.357951
      "
    `);
    expect(problem).toContain('5 runs of 21');
    expect(problem).toContain(
      '3 runs that failed or stopped stand behind the others; --failed sorts them in.',
    );
  });

  it('ranks runs that failed, were aborted or are stale only where that is asked for', async () => {
    const sorted = (...more: string[]) =>
      runs('--where', 'iou > 0.3', '--sort', '-iou', '--columns', 'iou', ...more);
    const values = ({ out }: { out: string }) => out.trim().split('\n').slice(1).map(Number);
    expect(values(await sorted())).toEqual([0.89, 0.395899, 0.758908, 0.367057, 0.357951]);
    const asked = await sorted('--failed');
    expect(values(asked)).toEqual([0.89, 0.758908, 0.395899, 0.367057, 0.357951]);
    expect(asked.problem).not.toContain('--failed');
    // What is no metric ranks nobody.
    const byKey = await runs('--where', 'iou > 0.3', '--sort', 'key', '--json');
    expect(keys(byKey.out)).toEqual([...keys(byKey.out)].sort());
  });

  it('knows the commit of each run, which gives way to a parameter of that name', async () => {
    const receipt = (more: string) => `timestamp: "2026-01-01T00:00:00"\nconfig: {lr: 1}\n${more}`;
    const root = temporaryBook({
      'a/run.lock': receipt('repos: {main: {commit: shadow1, head: abc123}}\n'),
      'b/run.lock': receipt('repos: {main: {commit: shadow2}}\n'),
      'c/run.lock': receipt(''),
    });
    const table = async (...argv: string[]) =>
      (await run(root, ['runs', '--columns', 'key,commit', ...argv])).out.trim().split(/\s*\n/);
    expect(await table('--sort', 'commit')).toEqual(['key  commit', 'a    abc123', 'b    shadow2', 'c']);
    expect(await table('--where', 'commit ~ ABC')).toEqual(['key  commit', 'a    abc123']);
    const { out } = await run(root, ['runs', '--json', '--sort', 'key']);
    expect(JSON.parse(out)).toMatchObject([{ commit: 'abc123' }, { commit: 'shadow2' }, { commit: null }]);
    const other = temporaryBook({
      'a/run.lock': receipt('repos: {main: {commit: shadow1}}\n'),
      'b/run.lock': 'timestamp: "2026-01-01T00:00:00"\nconfig: {commit: mine}\n',
    });
    const { out: given } = await run(other, ['runs', '--columns', 'key,commit', '--sort', 'key']);
    expect(given.trim().split(/\s*\n/)).toEqual(['key  commit', 'a', 'b    mine']);
    const { out: asked } = await run(other, ['runs', '--columns', 'key', '--where', 'commit = mine']);
    expect(asked.trim().split('\n')).toEqual(['key', 'b']);
  });

  it('shows a parameter and a metric of one name as two, also where one name is asked for', async () => {
    const metrics = (loss: number) => `{"step":1,"loss":${loss},"acc":0.5}\n`;
    const root = temporaryBook({
      'a/config.yaml': 'loss: mse\nwidth: 8\n',
      'a/metrics.jsonl': metrics(0.5),
      'b/config.yaml': 'width: 4\n',
      'b/metrics.jsonl': metrics(0.3),
    });
    const table = async (...argv: string[]) => {
      const { out, problem } = await run(root, ['runs', ...argv]);
      return {
        rows: out
          .trimEnd()
          .split('\n')
          .map((line) => line.trim().split(/ {2,}/)),
        problem,
      };
    };
    const { rows } = await table();
    expect(rows[0]).toEqual(expect.arrayContaining(['metrics.loss', 'params.loss', 'acc']));
    const { rows: asked, problem } = await table('--sort', 'loss', '--columns', 'key,loss,width');
    expect(asked).toEqual([
      ['key', 'metrics.loss', 'params.loss', 'width'],
      ['b', '0.3', '4'],
      ['a', '0.5', 'mse', '8'],
    ]);
    expect(problem).toContain('"loss" is a parameter and a metric; the order is by metrics.loss.');
    expect((await table('--where', 'params.loss = mse', '--columns', 'key')).rows).toEqual([['key'], ['a']]);
    expect((await table('--where', 'loss < 0.4', '--columns', 'key')).rows).toEqual([['key'], ['b']]);
    expect((await table('a')).rows.flat().join(' ')).toMatch(
      /metrics .*loss {1,}0.5.*parameters loss {1,}mse/,
    );
  });

  it('prints an array with --json, newest first, numbers that JSON has not as texts', async () => {
    const { out } = await runs('--json', '--where', 'status = running OR key ~ sweep', '--limit', '5');
    expect(keys(out)).toEqual(['results/sweep/task_1', 'experiments/20250721-163456-swinv2_hybrid']);
    const [, experiment] = JSON.parse(out);
    expect(experiment).toMatchObject({
      status: 'running',
      metrics: { val_loss: 'NaN' },
      started_at: '2025-07-21T16:34:56.452322Z',
      stale: { why: 'no sign of life since 2025-07-21 16:34 UTC' },
    });
  });

  it('says "not recorded" where no file tells how a run ended, and finds such runs by either word', async () => {
    const root = temporaryBook({
      'a/run.lock': 'config: {x: 1}\n',
      'b/experiment_tracker.json': '{"experiment_id": "b", "status": "paused"}',
      'c/experiment_tracker.json': '{"experiment_id": "c"}',
    });
    const listed = (...argv: string[]) => run(root, ['runs', '--columns', 'key,status', ...argv]);
    expect((await listed('--sort', 'key')).out).toBe(
      'key  status\na    ? not recorded\nb    ? paused\nc    ? not recorded\n',
    );
    expect((await listed('--where', 'status = "not recorded"')).out).not.toContain('paused');
    expect((await listed('--where', 'status = unknown')).out).toContain('paused');
    expect((await run(root, ['runs', 'a'])).out.split('\n')[0]).toBe('a  ? not recorded');
    expect((await run(root, ['runs', 'b'])).out.split('\n')[0]).toBe(
      'b  ? unknown ("paused" in the experiment)',
    );
    const all = JSON.parse((await run(root, ['runs', '--json', '--where', 'key = a'])).out);
    expect(all[0]).toMatchObject({ status: 'unknown', status_word: 'not recorded' });
  });

  it('prints an empty array where nothing fits', async () => {
    expect((await runs('--json', '--where', 'lr > 1e9')).out.trim()).toBe('[]');
  });

  it('says that there may be more, where a file cannot be read', async () => {
    const root = temporaryBook({
      'a/run.lock': 'config: {x: 1}\n',
      'b/experiment_tracker.json': '{"experiment_id": "e',
      'c/run.lock': '4711\n',
    });
    const { out, problem } = await run(root, ['runs', '--columns', 'key']);
    expect(out).toBe('key\na\n');
    expect(problem).toContain('1 file of runs cannot be read, or only in part; daybook doctor says why.');
  });

  it('shows one run whole by any part of its key that fits no other', async () => {
    const { out } = await runs('run_0003');
    expect(out).toContain('results/train/run_0003');
    expect(out).toContain('process  stage results/process');
    expect(out).toMatch(/tree +657c9da825d98d3ae12fe49dd7f5119f6f555f57/);
    const whole = JSON.parse((await runs('id_B/001', '--json')).out);
    expect(whole).toMatchObject({
      key: 'pycaddy:id_B/001',
      ledger: { identifier: 'id_B', uid: '001', record: { status: 'pending' } },
      receipt: null,
    });
  });

  it('lists the runs where several fit, and near ones where none does', async () => {
    const several = await runs('id_A');
    expect(several).toMatchObject({ exitCode: 2, out: '' });
    expect(several.problem).toContain('"id_A" fits 2 runs');
    expect(several.problem).toContain('pycaddy:id_A/001, pycaddy:id_A/000');
    const none = await runs('train/run_0030');
    expect(none).toMatchObject({ exitCode: 3, out: '' });
    expect(none.problem).toContain('results/train/run_000');
  });

  it.each([
    [['--where', 'lrr < 1'], 'found "lrr"', 'Did you mean lr?'],
    [['--where', 'lr <'], 'Expected a value', 'character 5'],
    [['--sort', 'iuo'], '--sort "iuo"', 'Did you mean iou?'],
    [['--columns', 'key,epohcs'], '--columns "epohcs"', 'Did you mean'],
    [['--limit', 'many'], '--limit as a whole number', 'many'],
  ])('refuses %s and says why', async (argv, ...said) => {
    const { exitCode, problem, out } = await runs(...(argv as string[]));
    expect(exitCode).toBe(2);
    expect(out).toBe('');
    for (const part of said) expect(problem).toContain(part);
  });
});

describe('daybook lineage', () => {
  it('shows what a run was made from and what was made from it', async () => {
    expect((await lineage('run_0004')).out).toMatchInlineSnapshot(`
      "results/train/run_0004
      made from
      └─ stage results/process
      made into
      └─ stage results/eval/0
      "
    `);
    expect((await lineage('results/report', '--up')).out).toContain(
      '/home/user/flexproj/results/eval/4 (not in this book)',
    );
  });

  it('shows one way where only that is wanted', async () => {
    const up = JSON.parse((await lineage('run_0000', '--up', '--json')).out);
    expect(up.edges).toEqual([
      { from: 'results/process', to: 'results/train/run_0000', kind: 'stage', name: 'process' },
    ]);
    const down = JSON.parse((await lineage('run_0000', '--down', '--json')).out);
    expect(down.nodes.map(({ key }: { key: string }) => key)).toEqual([
      'results/train/run_0000',
      'results/sweep/task_1',
    ]);
  });

  it('draws the whole book for Graphviz, names quoted', async () => {
    const { out } = await lineage('--dot');
    expect(out).toMatch(/^digraph lineage \{/);
    expect(out).toContain('"results/process" -> "results/train/run_0003";');
    expect(out).toContain(
      '"results/train/run_0000" -> "results/sweep/task_1" [style=dotted, label="sweep"];',
    );
    expect(out.match(/->/g)).toHaveLength(10);
  });
});
