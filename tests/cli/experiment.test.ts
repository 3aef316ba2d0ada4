import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryBook } from '../helpers.ts';
import { run, steppingClock } from './run.ts';

/** A book in which one experiment after the other can be run; every call is a command. */
function openTracker() {
  const root = temporaryBook({
    'config.yaml': 'training:\n  epochs: 100\n  learning_rate: 0.001\n',
    'm.pth': 'weights',
  });
  const clock = steppingClock();
  const experiment = (...argv: string[]) => run(root, ['experiment', ...argv], { clock });
  return { root, experiment, read: (name: string) => readFileSync(join(root, name), 'utf8') };
}

describe('daybook experiment', () => {
  it('takes an experiment through its life', async () => {
    const { root, experiment, read } = openTracker();
    const said: string[] = [];
    for (const line of [
      'start runs/20241201-120000-unet --config config.yaml --tag first --epochs 100',
      'progress unet 5 --best iou=0.85 --seconds 3600',
      'metric unet loss=0.4 iou=0.5 --epoch 6 --max iou --min loss',
      'metric unet loss=nan iou=0.9 --epoch 7',
      'artifact unet m.pth --type checkpoint --tag best',
      'tag unet attention',
      'untag unet first',
      'describe unet U-Net with attention',
      'fail unet CUDA out of memory',
    ]) {
      const { out, problem, exitCode } = await experiment(...line.split(' '));
      expect([exitCode, problem]).toEqual([0, '']);
      said.push(out.trim());
    }
    expect(said).toMatchInlineSnapshot(`
      [
        "started 20241201-120000-unet running, epoch 0 of 100",
        "recorded progress of 20241201-120000-unet running, epoch 5 of 100, best iou=0.85",
        "recorded metrics of 20241201-120000-unet running, epoch 6 of 100, best iou=0.85 loss=0.4",
        "recorded metrics of 20241201-120000-unet running, epoch 7 of 100, best iou=0.9 loss=0.4",
        "attached to 20241201-120000-unet running, epoch 7 of 100, best iou=0.9 loss=0.4",
        "tagged 20241201-120000-unet running, epoch 7 of 100, best iou=0.9 loss=0.4",
        "removed tags of 20241201-120000-unet running, epoch 7 of 100, best iou=0.9 loss=0.4",
        "described 20241201-120000-unet running, epoch 7 of 100, best iou=0.9 loss=0.4",
        "recorded failure of 20241201-120000-unet failed, epoch 7 of 100, best iou=0.9 loss=0.4",
      ]
    `);
    const summary = JSON.parse((await experiment('summary', 'unet', '--json')).out);
    expect(summary).toMatchObject({
      experiment_id: '20241201-120000-unet',
      experiment_name: 'unet',
      status: 'failed',
      description: 'U-Net with attention\nError: CUDA out of memory',
      error: 'CUDA out of memory',
      tags: ['attention'],
      current_epoch: 7,
      artifact_count: 1,
      artifacts_by_type: { checkpoint: 1 },
    });
    const lines = read('runs/20241201-120000-unet/metrics.jsonl')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ epoch, loss }) => [epoch, loss])).toEqual([
      [6, 0.4],
      [7, 'NaN'],
    ]);
    const listed = JSON.parse((await run(root, ['runs', '--json'])).out);
    expect(listed).toHaveLength(1);
    expect(listed[0]).toMatchObject({
      status: 'failed',
      params: { 'training.learning_rate': 0.001 },
      metrics: { iou: 0.9, loss: 0.4 },
    });
  });

  it.each([
    ['its folder', 'r/a', 'r/a/metrics.jsonl', 'r/a'],
    ['a part of its key', 'of-a-receipt', 'deep/of-a-receipt/metrics.jsonl', 'deep/of-a-receipt'],
    ['the key of a ledger', 'led:train/grid/000', 'led/grid/000/train_metrics.jsonl', 'led:train/grid/000'],
    [
      'the key of another one there',
      'led:eval/grid/000',
      'led/grid/000/eval_metrics.jsonl',
      'led:eval/grid/000',
    ],
    ['the key of one alone', 'led:train/grid/001', 'led/grid/001/metrics.jsonl', 'led:train/grid/001'],
  ])('takes a point of a run without an experiment by %s', async (_, text, file, key) => {
    const record = { status: 'done', param_hash: null, files: {}, timestamp_status_lst: [] };
    const ledger = { train: { grid: { '000': record, '001': record } }, eval: { grid: { '000': record } } };
    const root = temporaryBook({
      'r/a/metrics.jsonl': '{"loss":1,"step":1}\n',
      'deep/of-a-receipt/run.lock': 'config:\n  lr: 0.1\n',
      'led/metadata.json': JSON.stringify(ledger),
    });
    const before = JSON.parse((await run(root, ['runs', '--json'])).out).length;
    for (const step of [3, 4]) {
      const argv = ['experiment', 'metric', text, `loss=0.${step}`, '--step', String(step)];
      const said = await run(root, argv);
      expect([said.exitCode, said.problem, said.out]).toEqual([
        0,
        '',
        `recorded metrics of ${key} ${file}\n`,
      ]);
    }
    const lines = readFileSync(join(root, file), 'utf8').trim().split('\n').slice(-2);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { step: 3, loss: 0.3 },
      { step: 4, loss: 0.4 },
    ]);
    const runs: { key: string; metrics: object }[] = JSON.parse((await run(root, ['runs', '--json'])).out);
    expect(runs).toHaveLength(before);
    expect(runs.find((each) => each.key === key)).toMatchObject({ metrics: { loss: 0.4 } });
  });

  it('takes a point of the run that it runs for before anything else lies there, and of no other', async () => {
    const root = temporaryBook();
    const env = { DAYBOOK_BOOK: root, DAYBOOK_RUN: 'r/a' };
    const metric = (name: string, ...more: string[]) =>
      run(root, ['experiment', 'metric', name, 'loss=nan', ...more], { env });
    expect(await metric('r/b')).toMatchObject({ exitCode: 3 });
    const { out, problem } = await metric('r/a', '--json', '--min', 'loss');
    expect(JSON.parse(out)).toEqual({
      run: 'r/a',
      file: 'r/a/metrics.jsonl',
      step: null,
      epoch: null,
      values: { loss: 'NaN' },
    });
    expect(problem).toBe(
      'warning: r/a has no experiment file, so what is better is not remembered; begin one with daybook experiment start r/a\n',
    );
    expect(await metric('r/a', '--step', 'x')).toMatchObject({ exitCode: 2 });
    await run(root, ['experiment', 'start', 'r/a']);
    expect((await metric('r/a')).out).toBe('recorded metrics of a running\n');
  });

  it('lists artifacts, newest first, and those of one type', async () => {
    const { experiment, root } = openTracker();
    await experiment('start', 'e');
    writeFileSync(join(root, 'curve.png'), 'x');
    await experiment('artifact', 'e', 'm.pth', '--type', 'checkpoint', '--description', 'the best');
    await experiment('artifact', 'e', 'curve.png', '--type', 'visualization');
    const all = JSON.parse((await experiment('artifacts', 'e', '--json')).out);
    expect(all.map(({ id, bytes }: { id: string; bytes: number }) => [id, bytes])).toEqual([
      ['curve.png', 1],
      ['m.pth', 7],
    ]);
    expect((await experiment('artifacts', 'e', '--type', 'checkpoint')).out).toBe(
      'm.pth  checkpoint  m.pth  7 B  the best\n',
    );
  });

  it('does what the README says', async () => {
    const { root, experiment } = openTracker();
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    const lines = [...readme.matchAll(/^npx daybook experiment (.+)$/gm)].map(([, words]) =>
      words!.split(' '),
    );
    expect(lines.length).toBeGreaterThan(2);
    for (const words of lines) expect(await experiment(...words)).toMatchObject({ exitCode: 0, problem: '' });
    const { out } = await run(root, ['runs', '--where', 'iou > 0.3', '--json']);
    expect(JSON.parse(out)).toMatchObject([{ key: 'runs/a', status: 'completed', metrics: { loss: 0.61 } }]);
  });

  it('shows all experiments, newest first', async () => {
    const { experiment } = openTracker();
    await experiment('start', 'a');
    await experiment('start', 'b');
    expect(
      JSON.parse((await experiment('show', '--json')).out).map((each: { file: string }) => each.file),
    ).toEqual(['b/experiment_tracker.json', 'a/experiment_tracker.json']);
  });

  it.each([
    ['progress none 1', 3, 'There is no experiment "none"'],
    ['metric e loss', 2, 'Expected a metric as name=number, found "loss"'],
    ['metric e loss=high', 2, 'found "loss=high"'],
    ['metric e step=1', 2, 'Expected the name of a metric, found "step"'],
    ['metric e loss=1 epoch=1', 2, '--epoch <n>'],
    ['metric e loss=1 --max loss --min loss', 2, 'found it behind both'],
    ['progress e five', 2, 'the epoch as a whole number'],
    ['artifact e none.pth', 3, 'no file at none.pth'],
    ['start ../out', 2, 'Expected a folder in the book'],
    ['start x --config m.pth', 2, 'Expected names and values in m.pth, found only "weights"'],
  ])('refuses "%s"', async (line, code, said) => {
    const { experiment } = openTracker();
    await experiment('start', 'e');
    const { exitCode, out, problem } = await experiment(...line.split(' '));
    expect([exitCode, out]).toEqual([code, '']);
    expect(problem).toContain(said);
  });
});
