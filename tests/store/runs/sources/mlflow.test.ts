import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../../collector/formats/findings/finding.ts';
import { plainSeries } from '../../../../collector/formats/metrics/series.ts';
import { readRuns } from '../../../../collector/store/runs/read-runs.ts';
import { readSeries } from '../../../../collector/store/runs/read-series.ts';
import { temporaryBook } from '../../../helpers.ts';
import { putExperiment, putFile, putStoredRun, runId } from '../../../mlflow-store.ts';

async function read(root: string, build?: string) {
  const findings: Finding[] = [];
  const runs = await readRuns(root, { build }, (finding) => findings.push(finding));
  return { runs: runs.sort((a, b) => (a.key < b.key ? -1 : 1)), findings };
}

const [first, second, third] = [1, 2, 3].map(runId) as [string, string, string];

describe('an mlruns folder', () => {
  it('is a run for each of its runs, under its experiment, with all that was logged', async () => {
    const root = temporaryBook();
    putExperiment(root, 'ml/mlruns/0', 'Digits');
    putFile(root, 'ml/mlruns/0/tags/mlflow.note.content', 'All about digits');
    putStoredRun(root, `ml/mlruns/0/${first}`, {
      params: { lr: '0.1', layers: '[1, 2]', note: 'two\nlines', 'opt/name': 'sgd' },
      metrics: {
        'AVG- AUC var': '1704117113900 0.5 0\n',
        'train/loss': '1704117114000 1.5 1\n1704117115000 0.5 2\n',
        odd: '1704117114000 nan 1\n1704117114001 inf 2\n',
      },
      tags: {
        team: 'vision',
        'mlflow.user': 'ada',
        'mlflow.source.git.commit': 'c0ffee',
        'mlflow.source.name': 'train.py',
        'mlflow.note.content': 'A first try',
      },
      artifacts: { 'model/MLmodel': 'flavors: {}\n', 'model/model.pkl': 'xxxx', 'plot.txt': 'p' },
    });
    const { runs, findings } = await read(root);
    expect(findings).toEqual([]);
    expect(runs).toMatchObject([
      {
        key: `ml/mlruns/0/${first}`,
        name: 'bold-fox-1',
        identifier: 'ml/Digits',
        status: 'completed',
        statusWord: 'FINISHED',
        statusFrom: 'mlflow',
        startedAtUs: 1704117113860000,
        endedAtUs: 1704121208700000,
        params: { lr: 0.1, layers: '[1, 2]', note: 'two\nlines', 'opt/name': 'sgd' },
        metrics: { 'AVG- AUC var': 0.5, 'train/loss': 0.5, odd: Infinity },
        tags: ['team=vision'],
        description: 'A first try',
        origin: { commit: 'c0ffee' },
        files: [{ kind: 'mlflow', path: `ml/mlruns/0/${first}` }],
      },
    ]);
    expect(runs[0]!.origin!.facts).toEqual([
      ['User', 'ada'],
      ['Program', 'train.py'],
      ['Experiment: mlflow.note.content', 'All about digits'],
      ['MLflow run', first],
    ]);
    expect(runs[0]!.artifacts.map(({ id, type, file, bytes }) => [id, type, file, bytes])).toEqual([
      ['model/MLmodel', 'model', `ml/mlruns/0/${first}/artifacts/model/MLmodel`, 12],
      ['model/model.pkl', 'model', `ml/mlruns/0/${first}/artifacts/model/model.pkl`, 4],
      ['plot.txt', 'artifact', `ml/mlruns/0/${first}/artifacts/plot.txt`, 1],
    ]);
    const series = (await readSeries(root, runs[0]!)).map(plainSeries);
    expect(series.map(({ name, steps, values }) => [name, steps, values])).toEqual([
      ['AVG- AUC var', [0], [0.5]],
      ['odd', [1, 2], [Number.NaN, Infinity]],
      ['train/loss', [1, 2], [1.5, 0.5]],
    ]);
  });

  it('tells parents and children, and that a run which says it runs shows no sign of life, once for all', async () => {
    const root = temporaryBook();
    putExperiment(root, 'mlruns/7', 'Sweep');
    putStoredRun(root, `mlruns/7/${first}`, { meta: { status: '1', end_time: 'null' }, tags: { a: '' } });
    putStoredRun(root, `mlruns/7/${second}`, {
      meta: { status: '4', run_name: 'child' },
      tags: { 'mlflow.parentRunId': first },
    });
    putStoredRun(root, `mlruns/7/${third}`, {
      meta: { status: 'RUNNING', end_time: 'null' },
      tags: { 'mlflow.parentRunId': runId(99) },
    });
    const { runs, findings } = await read(root);
    expect(runs.map(({ identifier, status, stale }) => [identifier, status, stale !== undefined])).toEqual([
      ['Sweep', 'running', true],
      ['Sweep', 'failed', false],
      ['Sweep', 'running', true],
    ]);
    expect(runs.map(({ parents }) => parents)).toEqual([
      [],
      [{ key: runs[0]!.key, name: 'bold-fox-1', kind: 'sweep', path: undefined }],
      [{ key: undefined, name: runId(99), kind: 'sweep', path: undefined }],
    ]);
    expect(findings.map(({ code, file }) => [code, file])).toEqual([['stale-run', 'mlruns']]);
  });

  it('leaves out what was deleted, and says how much', async () => {
    const root = temporaryBook();
    putExperiment(root, 'mlruns/0', 'Default');
    putExperiment(root, 'mlruns/.trash/5', 'Old');
    putStoredRun(root, `mlruns/0/${first}`, { params: { a: '1' } });
    putStoredRun(root, `mlruns/0/${second}`, { meta: { lifecycle_stage: 'deleted' }, params: { a: '1' } });
    putStoredRun(root, `mlruns/.trash/5/${third}`, { params: { a: '1' } });
    const { runs, findings } = await read(root);
    expect(runs.map(({ key }) => key)).toEqual([`mlruns/0/${first}`]);
    expect(findings).toMatchObject(
      [{ code: 'left-out', severity: 'note', file: 'mlruns', found: /^2 runs that were/ }].map((each) => ({
        ...each,
        found: expect.stringMatching(each.found),
      })),
    );
  });

  it('shows them with a tag where that is asked for', async () => {
    const root = temporaryBook();
    putExperiment(root, 'mlruns/0', 'Default');
    putStoredRun(root, `mlruns/0/${first}`, { meta: { lifecycle_stage: 'deleted' }, tags: { own: '1' } });
    const findings: Finding[] = [];
    const runs = await readRuns(root, { deleted: true }, (finding) => findings.push(finding));
    expect(runs).toMatchObject([{ key: `mlruns/0/${first}`, tags: ['own=1', 'deleted'] }]);
    expect(findings).toEqual([]);
  });

  it('shows what else is known where meta.yaml is missing or broken, and says so once', async () => {
    const root = temporaryBook();
    putStoredRun(root, `mlruns/0/${first}`, { meta: null, metrics: { loss: '1704117114000 1.5 1\n' } });
    putStoredRun(root, `mlruns/0/${second}`, { params: { lr: '0.5' } });
    putFile(root, `mlruns/0/${second}/meta.yaml`, '');
    const { runs, findings } = await read(root);
    expect(runs).toMatchObject([
      { name: first, identifier: '0', status: 'unknown', metrics: { loss: 1.5 }, atUs: 1704117114000000 },
      { name: second, status: 'unknown', params: { lr: 0.5 } },
    ]);
    expect(findings.map(({ code, file }) => [code, file])).toEqual([
      ['unreadable', `mlruns/0/${first}`],
      ['unreadable', 'mlruns/0'],
      ['empty-file', `mlruns/0/${second}/meta.yaml`],
    ]);
  });

  it('has the datasets that a run used and the models that it made, which lie beside the runs', async () => {
    const root = temporaryBook();
    putExperiment(root, 'mlruns/0', 'Default');
    putStoredRun(root, `mlruns/0/${first}`, { params: { a: '1' } });
    putFile(
      root,
      `mlruns/0/${first}/inputs/i1/meta.yaml`,
      'destination_id: d1\ndestination_type: RUN\nsource_id: d1\nsource_type: DATASET\ntags:\n  mlflow.data.context: training\n',
    );
    putFile(
      root,
      'mlruns/0/datasets/d1/meta.yaml',
      `digest: 9f3a\nname: iris\nprofile: '{"num_rows": 150}'\nschema: ''\nsource: '{"url": "https://example.org/iris.csv"}'\nsource_type: http\n`,
    );
    putFile(
      root,
      `mlruns/0/${first}/outputs/m-1/meta.yaml`,
      'destination_id: m-1\ndestination_type: MODEL_OUTPUT\nstep: 0\n',
    );
    putFile(root, 'mlruns/0/models/m-1/meta.yaml', `model_id: m-1\nname: svm\nsource_run_id: ${first}\n`);
    putFile(root, 'mlruns/0/models/m-1/artifacts/MLmodel', 'flavors: {}\n');
    const { runs, findings } = await read(root);
    expect(findings).toEqual([]);
    expect(runs[0]!.artifacts).toMatchObject([
      {
        id: 'iris',
        type: 'dataset',
        kind: 'address',
        path: 'https://example.org/iris.csv',
        digest: '9f3a',
        tags: ['training'],
      },
      { id: 'svm/MLmodel', type: 'model', file: 'mlruns/0/models/m-1/artifacts/MLmodel' },
    ]);
  });

  it('is kept by what lies in it: whatever changes there is seen, and nothing else is read', async () => {
    const root = temporaryBook();
    putExperiment(root, 'mlruns/0', 'Default');
    putStoredRun(root, `mlruns/0/${first}`, {
      params: { lr: '0.1' },
      metrics: { loss: '1704117114000 1.5 1\n' },
    });
    const rest = () => {
      const past = new Date(Date.now() - 60_000);
      for (const path of ['meta.yaml', 'params/lr', 'metrics/loss'])
        utimesSync(join(root, `mlruns/0/${first}`, path), past, past);
    };
    rest();
    expect((await read(root, 'build 1')).runs).toMatchObject([
      { params: { lr: 0.1 }, metrics: { loss: 1.5 } },
    ]);
    expect((await read(root, 'build 1')).runs).toMatchObject([
      { params: { lr: 0.1 }, metrics: { loss: 1.5 } },
    ]);
    putFile(root, `mlruns/0/${first}/metrics/loss`, '1704117114000 1.5 1\n1704117115000 0.5 2\n');
    expect((await read(root, 'build 1')).runs).toMatchObject([
      { metrics: { loss: 0.5 }, series: [{ count: 2 }] },
    ]);
    putFile(root, `mlruns/0/${first}/metrics/new/acc`, '1704117115000 0.9 2\n');
    putFile(root, `mlruns/0/${first}/tags/team`, 'vision');
    putFile(root, 'mlruns/0/meta.yaml', "experiment_id: '0'\nlifecycle_stage: active\nname: Renamed\n");
    expect((await read(root, 'build 1')).runs).toMatchObject([
      { metrics: { 'new/acc': 0.9 }, tags: ['team=vision'], identifier: 'Renamed' },
    ]);
  });

  it('is told from other folders by what lies in them', async () => {
    const root = temporaryBook();
    putFile(root, `cache/${first}/meta.yaml`, 'a: 1\n');
    putFile(root, `cache/${second}/tags/x`, '1');
    putFile(root, 'plain/meta.yaml', 'a: 1\n');
    putFile(root, 'plain/params/x', '1');
    expect(await read(root)).toEqual({ runs: [], findings: [] });
  });
});
