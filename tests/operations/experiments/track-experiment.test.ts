import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../../collector/base/hash.ts';
import type { JsonObject } from '../../../collector/base/json/json.ts';
import { addTags, removeTags, setDescription } from '../../../collector/formats/experiments/change.ts';
import { attachArtifact } from '../../../collector/operations/experiments/attach-artifact.ts';
import {
  findExperiment,
  placeForExperiment,
} from '../../../collector/operations/experiments/find-experiment.ts';
import { startExperiment } from '../../../collector/operations/experiments/start-experiment.ts';
import { summarizeExperiment } from '../../../collector/operations/experiments/summarize-experiment.ts';
import {
  endExperiment,
  recordMetrics,
  recordProgress,
  updateExperiment,
} from '../../../collector/operations/experiments/track-experiment.ts';
import { readExperiment } from '../../../collector/store/experiments/read-experiment.ts';
import { readRuns } from '../../../collector/store/runs/read-runs.ts';
import { steppingClock } from '../../cli/run.ts';
import { temporaryBook, temporaryFolder } from '../../helpers.ts';

const file = 'exp/experiment_tracker.json';

/** Every key of the original with its Python type. */
const original: Record<string, string> = {
  experiment_id: 'string',
  experiment_name: 'string',
  timestamp: 'string',
  status: 'string',
  description: 'string',
  tags: 'list',
  config_hash: 'string',
  config_summary: 'object',
  python_version: 'string',
  pytorch_version: 'string',
  platform: 'string',
  cuda_available: 'boolean',
  cuda_version: 'string',
  total_epochs: 'number',
  current_epoch: 'number',
  best_metrics: 'object',
  training_time_seconds: 'number',
  artifact_ids: 'list',
  checkpoint_paths: 'list',
  metric_files: 'list',
  visualization_files: 'list',
  git_commit: 'string',
  git_branch: 'string',
  git_dirty: 'boolean',
  hostname: 'string',
  username: 'string',
  memory_gb: 'number',
  gpu_info: 'object',
  created_at: 'string',
  started_at: 'string',
  completed_at: 'string',
  updated_at: 'string',
};

const typeOf = (value: unknown) => (Array.isArray(value) ? 'list' : typeof value);

async function started(
  fields: Parameters<typeof startExperiment>[2] = {},
  files: Record<string, string> = {},
) {
  const root = temporaryBook(files);
  const effects = { clock: steppingClock(), env: {} };
  await startExperiment(root, file, fields, effects);
  const read = () => JSON.parse(readFileSync(join(root, file), 'utf8')) as JsonObject;
  return { root, effects, read };
}

describe('an experiment', () => {
  it('is begun as a file that has exactly the keys and types of the original', async () => {
    const { read } = await started({
      tags: ['a', 'a'],
      epochs: 7,
      name: 'My run',
      config: { lr: 1 },
      description: 'first',
    });
    const document = read();
    expect(Object.fromEntries(Object.entries(document).map(([key, value]) => [key, typeOf(value)]))).toEqual(
      original,
    );
    expect(Object.keys(document)).toEqual(Object.keys(original));
    expect(document).toMatchObject({
      experiment_id: 'exp',
      experiment_name: 'My run',
      status: 'running',
      tags: ['a'],
      total_epochs: 7,
      config_summary: {},
    });
    expect(document['config_hash']).toMatch(/^[0-9a-f]{64}$/);
  });

  it('keeps what another program wrote, to the digit, and what nobody knows', async () => {
    const text =
      '{"experiment_id":"x","status":"created","mine":{"big":12345678901234567890,"float":1.0,"deep":[1e-05]},"training_time_seconds":0.0}';
    const { root, effects } = await started({}, { [file]: text });
    await updateExperiment(root, file, [addTags(['t'])], effects);
    const written = readFileSync(join(root, file), 'utf8');
    expect(written).toContain('12345678901234567890');
    expect(written).toMatch(/"float": 1\.0,/);
    expect(written).toContain('1e-05');
    expect(written).toContain('"training_time_seconds": 0.0');
  });

  it('goes through its life with all times, and can be begun again', async () => {
    const { root, effects, read } = await started();
    await endExperiment(
      root,
      file,
      { status: 'failed', why: 'CUDA out of memory\nTried to allocate' },
      effects,
    );
    expect(read()['description']).toBe('\nError: CUDA out of memory\nTried to allocate');
    await startExperiment(root, file, {}, effects);
    await endExperiment(root, file, { status: 'aborted', why: 'wrong data' }, effects);
    await startExperiment(root, file, {}, effects);
    await endExperiment(root, file, { status: 'completed' }, effects);
    const record = readExperiment(root, file, () => undefined)!;
    expect(record.history.map(({ word }) => word)).toEqual([
      'created',
      'running',
      'failed',
      'running',
      'aborted',
      'running',
      'completed',
    ]);
    expect(record.status).toBe('completed');
    const [run] = await readRuns(root);
    expect(run).toMatchObject({
      key: 'exp',
      status: 'completed',
      durationMs: record.completedAtUs! / 1000 - record.startedAtUs! / 1000,
    });
  });

  it('keeps what an earlier start said where it is begun again with something else', async () => {
    const { root, effects } = await started({ config: { lr: 1 }, description: 'first', epochs: 3 });
    await startExperiment(root, file, { config: { lr: 1 }, description: 'first' }, effects);
    const beside = () => JSON.parse(readFileSync(join(root, 'exp/experiment_daybook.json'), 'utf8'));
    expect(beside()).not.toHaveProperty('earlier');
    await startExperiment(root, file, { config: { lr: 2 }, description: 'second', name: 'other' }, effects);
    await startExperiment(root, file, { config: { lr: 3 }, epochs: 9 }, effects);
    expect(beside()).toMatchObject({
      config: { lr: 3 },
      earlier: [
        { until: expect.any(String), name: 'exp', description: 'first', config: { lr: 1 } },
        { until: expect.any(String), config: { lr: 2 }, total_epochs: 3 },
      ],
    });
  });

  it('keeps description and error apart when it fails, and when it is described afterwards', async () => {
    const { root, effects, read } = await started({ description: 'Improved U-Net' });
    const failed = await endExperiment(root, file, { status: 'failed', why: 'boom' }, effects);
    expect([failed.description, failed.error]).toEqual(['Improved U-Net', 'boom']);
    const described = await updateExperiment(root, file, [setDescription('U-Net with attention')], effects);
    expect([described.description, described.error]).toEqual(['U-Net with attention', 'boom']);
    expect(read()['description']).toBe('U-Net with attention\nError: boom');
  });

  it('does not write secrets of an error', async () => {
    const { root, effects } = await started();
    await endExperiment(
      root,
      file,
      { status: 'failed', why: 'git clone https://me:hunter2@host/x failed, API_KEY=abcdef123456' },
      effects,
    );
    const written =
      readFileSync(join(root, file), 'utf8') +
      readFileSync(join(root, 'exp/experiment_daybook.json'), 'utf8');
    expect(written).not.toContain('hunter2');
    expect(written).not.toContain('abcdef123456');
  });

  it('has the best metrics by direction, which is remembered, and else the newest', async () => {
    const { root, effects } = await started();
    const add = (values: Record<string, number>, directions?: Record<string, 'max' | 'min'>) =>
      recordMetrics(root, file, { values, directions }, effects);
    await add({ loss: 0.5, iou: 0.5, lr: 1, constructor: 1 }, { loss: 'min', iou: 'max' });
    await add({ loss: 0.7, iou: 0.7, lr: 2 });
    await add({ loss: 0.2, iou: Number.NaN, lr: 3 });
    const record = await add({ loss: Number.NEGATIVE_INFINITY, iou: 0.1, lr: Number.POSITIVE_INFINITY });
    expect({ ...record.best }).toEqual({ loss: 0.2, iou: 0.7, lr: 3, constructor: 1 });
    const [run] = await readRuns(root);
    expect(run!.series.map(({ name, count, last }) => [name, count, last])).toEqual([
      ['loss', 4, Number.NEGATIVE_INFINITY],
      ['iou', 4, 0.1],
      ['lr', 4, Number.POSITIVE_INFINITY],
      ['constructor', 1, 1],
    ]);
  });

  it('knows how far training is', async () => {
    const { root, effects } = await started({ epochs: 100 });
    await recordProgress(root, file, { epoch: 5, seconds: 3600, best: { iou: 0.85 } }, effects);
    const record = await recordMetrics(
      root,
      file,
      { values: { iou: 0.9 }, epoch: 6, directions: { iou: 'max' } },
      effects,
    );
    expect(record).toMatchObject({ currentEpoch: 6, totalEpochs: 100, trainingTimeMs: 3_600_000 });
    expect(summarizeExperiment(record)).toMatchObject({
      best_metrics: { iou: 0.9 },
      total_epochs: 100,
      artifact_count: 0,
      status: 'running',
    });
  });

  it('refuses names that are none of a metric before anything is written', async () => {
    const { root, effects, read } = await started();
    const before = read();
    for (const name of ['step', 'time', '_id', '']) {
      await expect(recordMetrics(root, file, { values: { [name]: 1 } }, effects)).rejects.toThrow(
        /name of a metric/,
      );
    }
    await expect(recordMetrics(root, file, { values: {} }, effects)).rejects.toThrow(/at least one metric/);
    expect(read()).toEqual(before);
  });

  it('has artifacts with everything the original drops, and the lists the original keeps', async () => {
    const { root, effects, read } = await started(
      {},
      { 'out/model.pth': 'weights', 'out/curve.png': 'x', 'out/model2.pth': 'better' },
    );
    const attach = (path: string, facts: object) =>
      attachArtifact(root, file, { path, from: root, ...facts }, effects);
    await attach('out/model.pth', {
      id: 'best',
      type: 'checkpoint',
      description: 'the best',
      tags: ['best', 'best'],
    });
    await attach('out/curve.png', { type: 'visualization' });
    await attach('s3://bucket/data.zip', { type: 'dataset' });
    const record = await attach('out/model2.pth', { id: 'best', type: 'checkpoint' });
    expect(read()).toMatchObject({
      artifact_ids: ['best', 'curve.png', 'data.zip'],
      checkpoint_paths: ['out/model2.pth'],
      metric_files: [],
      visualization_files: ['out/curve.png'],
    });
    expect(
      record.artifacts.map(({ id, type, path, bytes, digest, tags }) => [
        id,
        type,
        path,
        bytes,
        digest,
        tags,
      ]),
    ).toEqual([
      ['best', 'checkpoint', 'out/model2.pth', 6, `sha256:${sha256Hex('better')}`, []],
      ['curve.png', 'visualization', 'out/curve.png', 1, `sha256:${sha256Hex('x')}`, []],
      ['data.zip', 'dataset', 's3://bucket/data.zip', undefined, undefined, []],
    ]);
    await expect(attach('out/none.pth', {})).rejects.toThrow(/no file at out\/none\.pth/);
  });

  it('still has them when the original wrote the file again', async () => {
    const { root, effects, read } = await started({}, { 'm.pth': 'w' });
    await attachArtifact(root, file, { path: 'm.pth', from: root, description: 'kept' }, effects);
    writeFileSync(join(root, file), JSON.stringify({ ...read(), artifact_ids: [] }));
    expect(readExperiment(root, file, () => undefined)!.artifacts[0]).toMatchObject({
      id: 'm.pth',
      description: 'kept',
    });
  });

  it('has exactly the keys and types of the original whatever is recorded, so that it can load the file', async () => {
    const { root, effects, read } = await started(
      { tags: ['a'], config: { lr: 1 }, description: 'U-Net', epochs: 3, run: 'results:train/003' },
      { 'm.pth': 'w', 'c.png': 'x' },
    );
    for (const [path, type] of [
      ['m.pth', 'checkpoint'],
      ['c.png', 'visualization'],
      ['s3://bucket/data.zip', 'dataset'],
    ] as const) {
      await attachArtifact(root, file, { path, from: root, type, tags: ['t'], description: 'd' }, effects);
    }
    await updateExperiment(root, file, [addTags(['b'])], effects);
    await recordMetrics(root, file, { values: { loss: 0.5 }, directions: { loss: 'min' } }, effects);
    await recordProgress(root, file, { epoch: 1, seconds: 2 }, effects);
    await endExperiment(root, file, { status: 'failed', why: 'boom' }, effects);
    const document = read();
    expect(Object.keys(document)).toEqual(Object.keys(original));
    expect(Object.fromEntries(Object.entries(document).map(([key, value]) => [key, typeOf(value)]))).toEqual(
      original,
    );
    expect(readExperiment(root, file, () => undefined)!.artifacts.map(({ id }) => id)).toEqual([
      'm.pth',
      'c.png',
      'data.zip',
    ]);
  });

  it('takes artifacts out of a file that holds them whole, and loses none', async () => {
    const whole = (id: string, description: string) => ({
      id,
      type: 'checkpoint',
      path: `${id}.pth`,
      description,
    });
    const { root, effects, read } = await started(
      {},
      {
        [file]: JSON.stringify({ experiment_id: 'x', artifacts: [whole('a', 'old'), whole('b', '')] }),
        'exp/experiment_daybook.json': JSON.stringify({ artifacts: [whole('a', 'new')] }),
        'm.pth': 'w',
      },
    );
    const shown = () =>
      readExperiment(root, file, () => undefined)!.artifacts.map(({ id, description }) => [id, description]);
    expect(shown()).toEqual([
      ['a', 'new'],
      ['b', undefined],
    ]);
    await attachArtifact(root, file, { path: 'm.pth', from: root }, effects);
    expect(read()).not.toHaveProperty('artifacts');
    expect(shown()).toEqual([
      ['b', undefined],
      ['a', 'new'],
      ['m.pth', undefined],
    ]);
  });

  it('leaves alone what another program calls artifacts', async () => {
    const others = JSON.stringify({ experiment_id: 'x', artifacts: ['mine', 7] });
    const { root, effects, read } = await started({}, { [file]: others, 'm.pth': 'w' });
    await attachArtifact(root, file, { path: 'm.pth', from: root }, effects);
    expect(read()['artifacts']).toEqual(['mine', 7]);
    expect(readExperiment(root, file, () => undefined)!.artifacts.map(({ id }) => id)).toEqual(['m.pth']);
  });

  it('has tags added and removed once each', async () => {
    const { root, effects, read } = await started({ tags: ['a'] });
    await updateExperiment(root, file, [addTags(['b', 'a', 'b']), removeTags(['none', 'a'])], effects);
    expect(read()['tags']).toEqual(['b']);
  });

  it.each([
    ['a cut text', '{"experiment_id": "x", "sta'],
    ['something else', '[]'],
  ])('is not written over where its file holds %s', async (_, text) => {
    const root = temporaryBook({ [file]: text });
    const effects = { clock: steppingClock(), env: {} };
    await expect(startExperiment(root, file, {}, effects)).rejects.toThrow(/nothing was written/);
    expect(readFileSync(join(root, file), 'utf8')).toBe(text);
  });

  it('is written in the book only', async () => {
    const root = temporaryBook();
    const outside = temporaryFolder();
    symlinkSync(outside, join(root, 'away'));
    const effects = { clock: steppingClock(), env: {} };
    await expect(startExperiment(root, 'away/deep/experiment_tracker.json', {}, effects)).rejects.toThrow(
      /does not lie in the book/,
    );
    expect(() => placeForExperiment(root, '../x')).toThrow(/folder in the book/);
    writeFileSync(join(outside, 'target.json'), '{}');
    mkdirSync(join(root, 'exp'));
    symlinkSync(join(outside, 'target.json'), join(root, file));
    await expect(startExperiment(root, file, {}, effects)).rejects.toThrow(/link that leads out of the book/);
    expect(readFileSync(join(outside, 'target.json'), 'utf8')).toBe('{}');
  });

  it('is found by folder, file, id, name and part of it, and never guessed', async () => {
    const tracker = (id: string, name: string) =>
      JSON.stringify({ experiment_id: id, experiment_name: name, status: 'created' });
    const root = temporaryBook({
      'e/one/experiment_tracker.json': tracker('20250101-unet', 'unet'),
      'e/two/experiment_tracker.json': tracker('20250102-unet', 'unet'),
      'e/three/experiment_tracker.json': tracker('20250103-swin', 'swin'),
    });
    const find = (text: string, cwd?: string) => findExperiment(root, text, cwd);
    await expect(find('e/one')).resolves.toBe('e/one/experiment_tracker.json');
    await expect(find('one/experiment_tracker.json', join(root, 'e'))).resolves.toBe(
      'e/one/experiment_tracker.json',
    );
    await expect(find('20250102-unet')).resolves.toBe('e/two/experiment_tracker.json');
    await expect(find('swin')).resolves.toBe('e/three/experiment_tracker.json');
    await expect(find('0103')).resolves.toBe('e/three/experiment_tracker.json');
    await expect(find('unet')).rejects.toMatchObject({
      code: 'usage',
      hint: 'Name its folder: e/one, e/two.',
    });
    await expect(find('swim')).rejects.toMatchObject({ code: 'not-found', hint: 'Did you mean swin?' });
  });
});
