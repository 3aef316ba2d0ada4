import { describe, expect, it } from 'vitest';
import { readBook } from '../../../run-books.ts';

const job = (folder: string, files: Readonly<Record<string, string>> = {}) => ({
  [`${folder}/.hydra/config.yaml`]: 'lr: 1e-3\nmodel:\n  name: ${base}/x\n',
  [`${folder}/.hydra/hydra.yaml`]:
    'hydra:\n  mode: RUN\n  job: {name: train, num: 0}\n  runtime: {version: 1.3.2, cwd: /home/a}\n',
  [`${folder}/.hydra/overrides.yaml`]: '- lr=1e-3\n- +x=2\n',
  ...files,
});

describe('a job of Hydra', () => {
  it('is a run in its folder: configuration, overrides, and when its folder says', async () => {
    const { runs, findings } = await readBook(job('outputs/2025-05-10/15-36-32'));
    expect(findings).toEqual([]);
    expect(runs).toMatchObject([
      {
        key: 'outputs/2025-05-10/15-36-32',
        status: 'unknown',
        atUs: Date.parse('2025-05-10T15:36:32Z') * 1000,
        zoneless: true,
        params: { lr: 0.001, 'model.name': expect.stringContaining('base}/x') },
        origin: {
          facts: [
            ['Job', 'train'],
            ['Overrides', 'lr=1e-3 +x=2'],
            ['Hydra', '1.3.2'],
            ['Started in', '/home/a'],
          ],
        },
      },
    ]);
  });

  it('is one run with the metrics beside it, and that of the root has the name of the job', async () => {
    const { runs } = await readBook(job('.', { 'metrics.jsonl': '{"step":1,"loss":0.5}\n' }));
    expect(runs).toMatchObject([{ key: '.', name: 'train', metrics: { loss: 0.5 }, params: { lr: 0.001 } }]);
  });

  it('is part of its sweep, which knows what was found best', async () => {
    const { runs } = await readBook({
      ...job('multirun/2024-10-21/00-01-42/0'),
      ...job('multirun/2024-10-21/00-01-42/1'),
      'multirun/2024-10-21/00-01-42/multirun.yaml':
        'hydra:\n  sweeper: {_target_: x.BasicSweeper}\n  overrides:\n    task: ["lr=1e-3,1e-2"]\n  job: {name: train}\n',
      'multirun/2024-10-21/00-01-42/optimization_results.yaml':
        'name: optuna\nbest_params: {lr: 0.01}\nbest_value: 0.5\n',
    });
    const sweep = 'multirun/2024-10-21/00-01-42';
    expect(runs).toMatchObject([
      {
        key: sweep,
        atUs: Date.parse('2024-10-21T00:01:42Z') * 1000,
        params: { lr: 0.01 },
        metrics: { best_value: 0.5 },
        parents: [],
        origin: {
          facts: [
            ['Sweep', 'lr=1e-3,1e-2'],
            ['Sweeper', 'x.BasicSweeper'],
            ['Job', 'train'],
          ],
        },
      },
      {
        key: `${sweep}/0`,
        parents: [{ key: sweep, kind: 'sweep' }],
        atUs: Date.parse('2024-10-21T00:01:42Z') * 1000,
      },
      { key: `${sweep}/1`, parents: [{ key: sweep, kind: 'sweep' }] },
    ]);
  });

  it('is shown without the file of it that is broken, and that is told', async () => {
    const { runs, findings } = await readBook({
      'a/.hydra/config.yaml': 'lr: [1\n',
      'a/.hydra/overrides.yaml': 'not: a list\n',
      'b/.hydra/config.yaml': '',
    });
    expect(runs.map(({ key }) => key)).toEqual(['a', 'b']);
    expect(findings.map(({ code, file }) => [code, file])).toEqual([
      ['broken-yaml', 'a/.hydra/config.yaml'],
      ['wrong-shape', 'a/.hydra/overrides.yaml'],
      ['empty-file', 'b/.hydra/config.yaml'],
    ]);
  });
});
