import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { plainSeries } from '../../../../collector/formats/metrics/series.ts';
import { readRuns } from '../../../../collector/store/runs/read-runs.ts';
import { readSeries } from '../../../../collector/store/runs/read-series.ts';
import { temporaryBook } from '../../../helpers.ts';
import { readBook } from '../../../run-books.ts';
import { exitRecord, historyRecord, wandbLog } from '../../../wandb-log.ts';

const fixtures = join(import.meta.dirname, '../../../fixtures/sources/wandb');
const offline = 'offline-run-20261128_050019-4j3b3jyy';

describe('a run of W&B', () => {
  it('is read from its log alone, as the original wrote it offline', async () => {
    const root = temporaryBook();
    cpSync(fixtures, join(root, 'exp/wandb'), { recursive: true });
    const runs = await readRuns(root);
    expect(runs).toMatchObject([
      {
        key: `exp/wandb/${offline}`,
        name: 'fast-fox-1',
        identifier: 'exp/demo',
        status: 'completed',
        statusWord: 'finished',
        params: { lr: 0.1, 'opt.name': 'sgd', layers: '[1,2]' },
        metrics: { loss: 1 / 12, best: 0.75, 'nested.b.c': -11, val: Number.NaN },
        tags: ['a', 'b'],
        description: 'A first try',
        zoneless: false,
        files: [{ kind: 'wandb', path: `exp/wandb/${offline}` }],
      },
    ]);
    expect(runs[0]!.origin!.facts).toContainEqual(['Group', 'g1']);
    const series = (await readSeries(root, runs[0]!)).map(plainSeries);
    const steps = Array.from({ length: 12 }, (_, step) => step);
    const byName = Object.fromEntries(series.map(({ name, steps: at, values }) => [name, [at, values]]));
    expect(byName).toEqual({
      loss: [steps, steps.map((step) => 1 / (step + 1))],
      big: [steps, steps.map((step) => step * 1e10)],
      'nested.a': [steps, steps],
      'nested.b.c': [steps, steps.map((step) => (step === 0 ? 0 : -step))],
      val: [[3], [Number.NaN]],
    });
    expect(series[0]!.timesUs[0]).toBeCloseTo(Date.parse('2026-11-28T05:00:20Z') * 1000, -7);
  });

  it('is read from its files where there is no log, and one note says what is missing', async () => {
    const files = (id: string) => ({
      [`wandb/run-20210814_185457-${id}/files/config.yaml`]:
        'wandb_version: 1\n\n_wandb:\n  desc: null\n  value:\n    cli_version: 0.10.21\nlr:\n  desc: null\n  value: 0.1\nmodel:\n  desc: null\n  value: {name: rf}\n',
      [`wandb/run-20210814_185457-${id}/files/wandb-summary.json`]:
        '{"AUC": 0.75, "deep": {"f1": 0.5}, "picture": {"_type": "image-file", "width": 1000}, "_runtime": 31, "_timestamp": 1628960100, "_step": 0}',
      [`wandb/run-20210814_185457-${id}/files/wandb-metadata.json`]:
        '{"startedAt": "2021-08-14T16:54:57.038287", "args": ["--a", "1"], "program": "run.py", "git": {"remote": "r", "commit": "c0ffee"}, "email": "a@b.c"}',
      [`wandb/run-20210814_185457-${id}/files/output.log`]: 'x\n',
    });
    const { runs, findings } = await readBook({
      ...files('aaaa1111'),
      ...files('bbbb2222'),
      'wandb/latest-run/files/config.yaml': 'lr: {value: 5}\n',
    });
    expect(runs).toHaveLength(2);
    expect(runs[0]).toMatchObject({
      key: 'wandb/run-20210814_185457-aaaa1111',
      status: 'unknown',
      startedAtUs: Date.parse('2021-08-14T16:54:57.038Z') * 1000 + 287,
      durationMs: 31_000,
      params: { lr: 0.1, 'model.name': 'rf' },
      metrics: { AUC: 0.75, 'deep.f1': 0.5 },
      series: [],
      artifacts: [{ id: 'output.log', bytes: 2 }],
      origin: { commit: 'c0ffee' },
    });
    expect(runs[0]!.metrics).not.toHaveProperty('picture.width');
    expect(JSON.stringify(runs)).not.toContain('a@b.c');
    expect(runs[0]!.origin!.facts).toContainEqual(['Arguments', '--a 1']);
    expect(findings).toMatchObject([{ code: 'left-out', severity: 'note', file: 'wandb' }]);
  });

  it('has the history that the first versions wrote as lines', async () => {
    const { runs, findings } = await readBook({
      'wandb/run-20190101_120000-abcd1234/files/wandb-history.jsonl':
        '{"_step":0,"loss":1.5,"_timestamp":1546344000}\n{"_step":5,"loss":0.5,"_timestamp":1546344060}\n',
    });
    expect(findings).toEqual([]);
    expect(runs).toMatchObject([{ series: [{ name: 'loss', count: 2, last: 0.5 }] }]);
  });

  it('says how it ended, and nothing where it was killed', async () => {
    const history = [0, 1].map((step) => historyRecord(step, { loss: String(1 / (step + 1)), odd: 'NaN' }));
    const { runs } = await readBook({
      'a/run-1.wandb': wandbLog([...history, exitRecord(0)]),
      'b/run-2.wandb': wandbLog([...history, exitRecord(1)]),
      'c/run-3.wandb': wandbLog(history),
    });
    expect(runs.map(({ key, status, metrics }) => [key, status, { ...metrics }])).toEqual([
      ['a', 'completed', { loss: 0.5, odd: Number.NaN }],
      ['b', 'failed', { loss: 0.5, odd: Number.NaN }],
      ['c', 'unknown', { loss: 0.5, odd: Number.NaN }],
    ]);
  });

  it('is shown as far as its log can be read, and what is wrong with that is told', async () => {
    const whole = readFileSync(join(fixtures, offline, 'run-4j3b3jyy.wandb'));
    const { runs, findings } = await readBook({
      'cut/run-1.wandb': whole.subarray(0, -5),
      'empty/run-1.wandb': '',
      'other/run-1.wandb': 'something else',
      'lfs/run-1.wandb':
        'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n',
    });
    expect(runs).toMatchObject([{ key: 'cut', name: 'fast-fox-1', series: expect.any(Array) }]);
    expect(Object.fromEntries(findings.map(({ file, code }) => [file.split('/')[0], code]))).toEqual({
      cut: 'truncated',
      empty: 'empty-file',
      lfs: 'lfs-pointer',
      other: 'wrong-schema',
    });
  });
});
