import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../../collector/formats/config/config.ts';
import type { Finding } from '../../../../collector/formats/findings/finding.ts';
import { plainSeries } from '../../../../collector/formats/metrics/series.ts';
import { readRuns } from '../../../../collector/store/runs/read-runs.ts';
import { readSeries } from '../../../../collector/store/runs/read-series.ts';
import { temporaryBook } from '../../../helpers.ts';
import { putFile } from '../../../mlflow-store.ts';

async function read(files: Readonly<Record<string, string>>) {
  const root = temporaryBook();
  for (const [path, text] of Object.entries(files)) putFile(root, path, text);
  const { config } = await parseConfig(files['daybook.yaml'] ?? '', 'daybook.yaml');
  const findings: Finding[] = [];
  const all = await readRuns(root, config.runs, (finding) => findings.push(finding));
  const runs = all.sort((a, b) => (a.key < b.key ? -1 : 1));
  const curves = await Promise.all(
    runs.map(async (run) =>
      (await readSeries(root, run)).map(plainSeries).map(({ name, steps, values }) => [name, steps, values]),
    ),
  );
  return { runs, findings, curves };
}

describe('a table of metrics', () => {
  it('of YOLO is a run in its folder: padded names, with the settings beside it', async () => {
    const { runs, curves, findings } = await read({
      'runs/detect/train/results.csv':
        '                  epoch,         train/box_loss,   metrics/mAP50(B)\n                      0,                 1.4449,                0.70463\n                      1,                  1.381,                0.75945\n',
      'runs/detect/train/args.yaml': 'model: yolov8n.pt\nlr0: 0.01\nproject: null\n',
    });
    expect(findings).toEqual([]);
    expect(runs).toMatchObject([
      {
        key: 'runs/detect/train',
        params: { model: 'yolov8n.pt', lr0: 0.01, project: null },
        metrics: { 'train/box_loss': 1.381, 'metrics/mAP50(B)': 0.75945 },
        origin: { facts: [['Steps', 'column "epoch" of results.csv']] },
        files: [
          { kind: 'table', path: 'runs/detect/train/results.csv' },
          { kind: 'config', path: 'runs/detect/train/args.yaml' },
        ],
      },
    ]);
    expect(curves[0]).toEqual([
      ['train/box_loss', [0, 1], [1.4449, 1.381]],
      ['metrics/mAP50(B)', [0, 1], [0.70463, 0.75945]],
    ]);
  });

  it('of Lightning has points only where cells are filled', async () => {
    const { runs, curves } = await read({
      'lightning_logs/version_0/metrics.csv':
        'epoch,step,train_loss,val_loss\n0,49,0.5,\n0,99,,0.4\n1,149,0.3,\n',
      'lightning_logs/version_0/hparams.yaml': 'lr: 0.1\n',
    });
    expect(runs).toMatchObject([{ key: 'lightning_logs/version_0', params: { lr: 0.1 } }]);
    expect(curves[0]).toEqual([
      ['epoch', [49, 99, 149], [0, 0, 1]],
      ['train_loss', [49, 149], [0.5, 0.3]],
      ['val_loss', [99], [0.4]],
    ]);
  });

  it('of Keras is told from a log in words by its first line', async () => {
    const { runs, findings } = await read({
      'a/training.log': 'epoch,accuracy,loss\n0,0.5,1.5\n',
      'b/training.log': 'INFO epoch 1, loss 2\n',
    });
    expect(runs).toMatchObject([{ key: 'a', metrics: { accuracy: 0.5, loss: 1.5 } }]);
    expect(findings).toEqual([]);
  });

  it('that compares runs is a run in each row', async () => {
    const { runs } = await read({
      'comparison.tsv': 'model\toptimizer\tlr\tacc\nsmall/a\tsgd\t0.1\t0.5\nlarge\tadam\t1e-3\tnan\n',
    });
    expect(runs).toMatchObject([
      {
        key: 'comparison.tsv/large',
        name: 'large',
        identifier: 'comparison.tsv',
        params: { optimizer: 'adam' },
        metrics: { lr: 0.001, acc: Number.NaN },
      },
      { key: 'comparison.tsv/small/a', name: 'small/a', metrics: { lr: 0.1, acc: 0.5 } },
    ]);
  });

  it('that is none is a note, and no run', async () => {
    const { runs, findings } = await read({
      'a/results.csv': 'home,away,goals\nX,Y,3\n',
      'b/metrics.csv': '',
      'c/results.csv': 'model,acc\nsame,1\nsame,2\n',
      'd/data.csv': 'epoch,loss\n0,1\n',
    });
    expect(runs).toEqual([]);
    expect(findings.map(({ code, severity, file, found }) => [code, severity, file, found])).toEqual([
      ['not-read', 'note', 'a/results.csv', 'columns home, away, goals'],
      ['not-read', 'note', 'b/metrics.csv', 'no line of names'],
      ['not-read', 'note', 'c/results.csv', 'columns model, acc'],
    ]);
  });

  it('is read as daybook.yaml says: any file, by the column that is named', async () => {
    const yaml = (step: string) => `runs: { sources: [{ path: d/data.csv, kind: table, step: ${step} }] }`;
    const data = 'batch;loss\n5;1\n7;2\n';
    const { runs, curves } = await read({ 'd/data.csv': data, 'daybook.yaml': yaml('batch') });
    expect(runs).toMatchObject([{ key: 'd', origin: { facts: [['Steps', 'column "batch" of data.csv']] } }]);
    expect(curves[0]).toEqual([['loss', [5, 7], [1, 2]]]);
    const wrong = await read({ 'd/data.csv': data, 'daybook.yaml': yaml('epoch') });
    expect(wrong.findings).toMatchObject([{ code: 'bad-config', file: 'd/data.csv' }]);
    expect(wrong.curves[0]!.map(([name]) => name)).toEqual(['batch', 'loss']);
  });
});
