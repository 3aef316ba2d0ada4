import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../../collector/formats/findings/finding.ts';
import { plainSeries } from '../../../../collector/formats/metrics/series.ts';
import { readRuns } from '../../../../collector/store/runs/read-runs.ts';
import { readSeries } from '../../../../collector/store/runs/read-series.ts';
import { temporaryBook } from '../../../helpers.ts';
import { putFile } from '../../../mlflow-store.ts';

async function read(root: string) {
  const findings: Finding[] = [];
  const runs = await readRuns(root, {}, (finding) => findings.push(finding));
  return { runs: runs.sort((a, b) => (a.key < b.key ? -1 : 1)), findings };
}

const fixtures = join(import.meta.dirname, '../../../fixtures/sources');

describe('a pipeline of DVC', () => {
  it('is a run for each stage: parameters, metrics, what it read and wrote, and what it was made from', async () => {
    const root = temporaryBook();
    cpSync(join(fixtures, 'dvc'), root, { recursive: true });
    const { runs, findings } = await read(root);
    expect(runs).toMatchObject([
      {
        key: 'dvc.lock/prepare_dataset',
        identifier: 'dvc.lock',
        status: 'completed',
        params: {
          'prepare.samples_per_class': 200,
          'prepare.source_path': expect.stringMatching(/^E:.*full_dataset$/),
        },
        parents: [],
      },
      {
        key: 'dvc.lock/train_model',
        name: 'train_model',
        params: { 'train.batch_size': 32, 'train.epochs': 25, 'train.learning_rate': 0.0001 },
        metrics: { val_accuracy: 0.7784090638160706, 'classes.Macaca_nemestrina': 4 },
        parents: [{ key: 'dvc.lock/prepare_dataset', kind: 'data', path: 'training_dataset' }],
        origin: {
          facts: [
            ['Command', 'python ml/classifier.py'],
            ['Pipeline', 'dvc.lock'],
          ],
        },
      },
    ]);
    const [model] = runs[1]!.artifacts.filter(({ type }) => type === 'output');
    expect(model).toMatchObject({ id: 'models/monkey_classifier.h5', bytes: expect.any(Number) });
    expect(model!.digest).toMatch(/^md5:[0-9a-f]{32}$/);
    expect(findings).toMatchObject([{ code: 'missing-artifact', severity: 'note', file: 'dvc.lock' }]);
  });

  it('is read as DVC 1 wrote it, with stages at the top, commands in lists, and a name for each of several', async () => {
    const root = temporaryBook();
    putFile(
      root,
      'sub/dvc.lock',
      `train@a:
  cmd: [one, two]
  deps:
  - {path: data, md5: aa.dir, size: 5, nfiles: 2}
  params:
    params.yaml: {lr: 0.1}
    other.json: {deep: {n: 3}}
  outs:
  - {path: out/a.json, md5: bb}
get: {cmd: get, outs: [{path: data, md5: cc.dir}]}
`,
    );
    putFile(
      root,
      'sub/dvc.yaml',
      'stages:\n  get: {cmd: get, outs: [data]}\n  train:\n    foreach: [a, b]\n    do: {cmd: x, desc: Trains, metrics: [{"out/$ITEM.json": {cache: false}}]}\n  never: {cmd: y}\n'.replace(
        '$ITEM',
        '$' + '{item}',
      ),
    );
    putFile(root, 'sub/out/a.json', '{"acc": 0.5, "deep": {"f1": "nan"}}');
    const { runs, findings } = await read(root);
    expect(runs.map(({ key }) => key)).toEqual(['sub/dvc.lock/get', 'sub/dvc.lock/train@a']);
    expect(runs[1]).toMatchObject({
      description: 'Trains',
      params: { lr: 0.1, 'other.json:deep.n': 3 },
      metrics: { acc: 0.5, 'deep.f1': Number.NaN },
      origin: {
        facts: [
          ['Command', 'one\ntwo'],
          ['Pipeline', 'sub/dvc.lock'],
          ['Out of date', 'data is not what get wrote last'],
        ],
      },
      parents: [{ key: 'sub/dvc.lock/get' }],
    });
    expect(findings.map(({ code, found }) => [code, found])).toEqual([
      ['left-out', '1 that dvc.lock does not know (never)'],
      ['missing-artifact', expect.any(String)],
    ]);
  });

  it('shows the stages that can be read of a broken lock, and says which cannot', async () => {
    const root = temporaryBook();
    putFile(root, 'dvc.lock', "schema: '2.0'\nstages:\n  a: {cmd: x}\n  b: 5\n");
    putFile(root, 'old/dvc.yaml', 'stages: {c: {cmd: x}}\nmetrics: [all.json, gone.json, ../../out.json]\n');
    putFile(root, 'old/all.json', '{"f1": 0.25}');
    const { runs, findings } = await read(root);
    expect(runs).toMatchObject([
      { key: 'dvc.lock/a' },
      { key: 'old/dvc.yaml/metrics', metrics: { f1: 0.25 } },
    ]);
    expect(findings).toMatchObject([
      { code: 'wrong-shape', file: 'dvc.lock', path: 'stages.b', found: '5' },
      { code: 'left-out', file: 'old/dvc.yaml', found: expect.stringContaining('(c)') },
    ]);
  });
});

describe('a folder of DVCLive', () => {
  const put = (root: string, folder: string) => {
    putFile(root, `${folder}/metrics.json`, '{"train": {"loss": 0.25, "step": 80}, "size": 12, "step": 1}');
    putFile(root, `${folder}/params.yaml`, 'lr: 1e-3\nopt: {name: sgd}\n');
    putFile(root, `${folder}/plots/metrics/train/loss.tsv`, 'step\ttrain/loss\n0\t0.5\n1\t0.25\n');
    putFile(root, `${folder}/plots/metrics/train/step.tsv`, 'step\n40.0\n80.0\n');
    putFile(root, `${folder}/plots/images/a.png`, 'png');
  };

  it('is a run: curves by the paths of their tables, last values, parameters, plots', async () => {
    const root = temporaryBook();
    put(root, 'exp/dvclive');
    const { runs, findings } = await read(root);
    expect(findings).toEqual([]);
    expect(runs).toMatchObject([
      {
        key: 'exp/dvclive',
        status: 'unknown',
        params: { lr: 0.001, 'opt.name': 'sgd' },
        metrics: { 'train/loss': 0.25, 'train/step': 80, size: 12 },
        artifacts: [{ id: 'plots/images/a.png', file: 'exp/dvclive/plots/images/a.png', bytes: 3 }],
        files: [{ kind: 'dvclive', path: 'exp/dvclive/metrics.json' }],
      },
    ]);
    const series = (await readSeries(root, runs[0]!)).map(plainSeries);
    expect(series.map(({ name, steps, values }) => [name, steps, values])).toEqual([
      ['train/loss', [0, 1], [0.5, 0.25]],
      ['train/step', [0, 1], [40, 80]],
    ]);
  });

  it('is part of the stage that wrote it', async () => {
    const root = temporaryBook();
    put(root, 'eval');
    putFile(
      root,
      'dvc.lock',
      "schema: '2.0'\nstages:\n  train:\n    cmd: x\n    outs:\n    - {path: eval, md5: a.dir}\n",
    );
    const { runs } = await read(root);
    expect(runs).toMatchObject([
      { key: 'dvc.lock/train', metrics: { 'train/loss': 0.25 }, series: [{ count: 2 }, { count: 2 }] },
    ]);
  });

  it('is read as the first versions left it, and without what is broken', async () => {
    const root = temporaryBook();
    putFile(root, 'dvclive.json', '{"loss": 0.25, "step": 1}');
    putFile(
      root,
      'dvclive/loss.tsv',
      'timestamp\tstep\tloss\n1700000000000\t0\t0.5\n1700000001000\t1\t0.25\n',
    );
    putFile(root, 'b/dvclive/metrics.json', '{"loss": ');
    putFile(root, 'b/dvclive/plots/metrics/loss.tsv', 'step\tloss\n0\t0.5\n');
    const { runs, findings } = await read(root);
    expect(runs).toMatchObject([
      { key: 'b/dvclive', metrics: { loss: 0.5 } },
      { key: 'dvclive', metrics: { loss: 0.25 }, series: [{ name: 'loss', count: 2 }] },
    ]);
    expect(findings).toMatchObject([{ code: 'broken-json', file: 'b/dvclive/metrics.json', line: 1 }]);
  });
});
