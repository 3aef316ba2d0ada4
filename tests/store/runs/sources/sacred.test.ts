import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { plainSeries } from '../../../../collector/formats/metrics/series.ts';
import { readSeries } from '../../../../collector/store/runs/read-series.ts';
import { temporaryBook } from '../../../helpers.ts';
import { readBook } from '../../../run-books.ts';

const run = (more: object) =>
  JSON.stringify({
    artifacts: ['model.pt'],
    command: 'main',
    experiment: {
      name: 'POIS',
      mainfile: 'run.py',
      dependencies: ['numpy==1.14.3', 'sacred==0.7.4'],
      repositories: [{ commit: '21d5ce36', dirty: true, url: 'https://example.org/a.git' }],
    },
    heartbeat: '2018-08-29T15:37:46.698291',
    host: { hostname: 'nash', os: ['Linux', 'Linux-4.4'], python_version: '3.5.5' },
    meta: { options: { UPDATE: ['seed=160'] } },
    result: 0.75,
    start_time: '2018-08-29T11:03:18.967890',
    status: 'COMPLETED',
    stop_time: '2018-08-29T15:37:46.688298',
    ...more,
  });

describe('a run of Sacred', () => {
  it('is a run of its experiment, with configuration, metrics, course and origin', async () => {
    const { root, runs, findings } = await readBook({
      'runs/1/run.json': run({}),
      'runs/1/config.json': '{"seed": 160, "opt": {"lr": 0.1}}',
      'runs/1/metrics.json':
        '{"loss": {"steps": [0, 10], "timestamps": ["2018-08-29T11:04:00", "2018-08-29T11:05:00"], "values": [1.5, {"py/object": "numpy.float64", "value": 0.5}]}}',
      'runs/1/model.pt': 'xx',
      'runs/_sources/run.py': '',
    });
    expect(findings).toEqual([]);
    expect(runs).toMatchObject([
      {
        key: 'runs/1',
        identifier: 'POIS',
        status: 'completed',
        startedAtUs: Date.parse('2018-08-29T11:03:18.967Z') * 1000 + 890,
        endedAtUs: Date.parse('2018-08-29T15:37:46.688Z') * 1000 + 298,
        params: { seed: 160, 'opt.lr': 0.1 },
        metrics: { loss: 0.5, result: 0.75 },
        artifacts: [{ id: 'model.pt', file: 'runs/1/model.pt', bytes: 2 }],
        origin: { commit: '21d5ce36' },
      },
    ]);
    expect(runs[0]!.origin!.facts).toContainEqual(['Command', 'main with seed=160']);
    expect(runs[0]!.origin!.facts).toContainEqual(['Repository', 'https://example.org/a.git (with changes)']);
    const [loss] = (await readSeries(root, runs[0]!)).map(plainSeries);
    expect(loss).toEqual({
      name: 'loss',
      steps: [0, 10],
      values: [1.5, 0.5],
      timesUs: [Date.parse('2018-08-29T11:04:00Z') * 1000, Date.parse('2018-08-29T11:05:00Z') * 1000],
    });
  });

  it.each([
    ['FAILED', 'failed'],
    ['INTERRUPTED', 'aborted'],
    ['TIMEOUT', 'aborted'],
    ['QUEUED', 'pending'],
  ])('that says %s is %s', async (status, shown) => {
    const { runs } = await readBook({
      '1/run.json': run({
        status,
        stop_time: null,
        fail_trace: ['Traceback\n', '  File\n', 'ValueError: x\n'],
      }),
      '1/config.json': '{}',
    });
    expect(runs).toMatchObject([{ status: shown, statusWord: status, error: 'ValueError: x' }]);
  });

  it('is shown with what can be read of it', async () => {
    const { runs, findings } = await readBook({
      'a/run.json': '{"status": ',
      'a/config.json': '{"lr": 0.1}',
      'b/run.json': run({}),
      'b/config.json': '[1]',
      'b/metrics.json': '{"loss": 5, "acc": {"steps": [1], "timestamps": [], "values": [0.5]}}',
    });
    expect(runs).toMatchObject([
      { key: 'a', params: { lr: 0.1 }, status: 'unknown' },
      { key: 'b', status: 'completed', metrics: { acc: 0.5 } },
    ]);
    expect(findings.map(({ code, file }) => [code, file])).toEqual([
      ['broken-json', 'a/run.json'],
      ['wrong-shape', 'b/config.json'],
      ['wrong-shape', 'b/metrics.json'],
      ['missing-artifact', 'b/run.json'],
    ]);
  });

  it('attaches nothing that lies outside of the book', async () => {
    const outside = join(temporaryBook(), 'outside.txt');
    writeFileSync(outside, 'of nobody');
    const up = '../'.repeat(12);
    const { runs } = await readBook({
      'runs/1/run.json': run({
        artifacts: [`${up}${outside.slice(1)}`, outside, '../2/other.txt', 'a/./b.txt'],
      }),
      'runs/1/config.json': '{}',
      'runs/1/a/b.txt': 'b',
      'runs/2/other.txt': 'other',
    });
    expect(runs[0]!.artifacts.map(({ id, file, bytes }) => [id, file, bytes])).toEqual([
      ['outside.txt', undefined, undefined],
      ['outside.txt', undefined, undefined],
      ['other.txt', 'runs/2/other.txt', 5],
      ['b.txt', 'runs/1/a/b.txt', 1],
    ]);
  });
});
