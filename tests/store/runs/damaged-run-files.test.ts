import { chmodSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../collector/formats/findings/finding.ts';
import type { RunRecord } from '../../../collector/runs/record.ts';
import { readRuns } from '../../../collector/store/runs/read-runs.ts';
import { temporaryBook, temporaryFolder } from '../../helpers.ts';

async function read(root: string): Promise<{ runs: RunRecord[]; found: string[]; findings: Finding[] }> {
  const findings: Finding[] = [];
  const runs = await readRuns(root, {}, (finding) => findings.push(finding));
  return { runs, findings, found: findings.map(({ code, file }) => `${code} ${file}`) };
}

const good = JSON.stringify({ experiment_id: 'e', status: 'running', tags: ['ok'] });
const tracker = 'e/experiment_tracker.json';

describe('an experiment file', () => {
  it.each([
    ['nothing', '', 'empty-file'],
    ['a cut text', good.slice(0, 40), 'truncated'],
    ['no JSON', '{"experiment_id": oops}', 'broken-json'],
    ['a list', '[]', 'wrong-schema'],
    ['an object of another kind', '{"a": 1}', 'wrong-schema'],
    ['a number', '42', 'wrong-schema'],
    ['nesting without end', `{"experiment_id":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 'too-deep'],
  ])('that holds %s is no run but a finding', async (_, text, code) => {
    const { runs, found } = await read(temporaryBook({ [tracker]: text }));
    expect(runs).toEqual([]);
    expect(found).toEqual([`${code} ${tracker}`]);
  });

  it('with a byte order mark and other line ends is read', async () => {
    const { runs, found } = await read(
      temporaryBook({ [tracker]: `\ufeff${good.replaceAll(',', ',\r\n')}\r\n` }),
    );
    expect(runs[0]).toMatchObject({ key: 'e', status: 'running', tags: ['ok'] });
    expect(found).toEqual(['not-utf8 e/experiment_tracker.json']);
  });

  it('with fields of other types is read, and each of them is named', async () => {
    const text = JSON.stringify({
      experiment_id: 7,
      status: ['running'],
      tags: 'best',
      description: { a: 1 },
      best_metrics: { iou: 'high', loss: 0.5, dice: { value: 0.9, epoch: 3 } },
      current_epoch: 'five',
      started_at: 'yesterday',
      completed_at: 12,
      artifacts: [1, { id: 4 }, { id: 'ok', tags: 'x' }],
      artifact_ids: [null, 'plain'],
      checkpoint_paths: { a: 1 },
      config_summary: [1],
    });
    const { runs, findings } = await read(temporaryBook({ [tracker]: text }));
    expect(runs[0]).toMatchObject({
      key: 'e',
      status: 'unknown',
      tags: [],
      metrics: { loss: 0.5, dice: 0.9 },
    });
    expect(runs[0]!.artifacts.map(({ id }) => id)).toEqual(['ok', 'plain']);
    expect(findings.map(({ path }) => path).sort()).toEqual([
      'best_metrics.iou',
      'completed_at',
      'config_summary',
      'current_epoch',
      'description',
      'experiment_id',
      'started_at',
      'status',
      'tags',
    ]);
  });

  it('of twenty megabytes is read', async () => {
    const big = JSON.stringify({ experiment_id: 'e', status: 'completed', notes: 'x'.repeat(20_000_000) });
    const { runs, found } = await read(temporaryBook({ [tracker]: big }));
    expect(runs[0]?.status).toBe('completed');
    expect(found).toEqual([]);
  });

  it('with names that every object has keeps them as names', async () => {
    const text =
      '{"experiment_id":"e","status":"completed","best_metrics":{"__proto__":1,"constructor":2},"config_summary":{"__proto__":{"x":3},"toString":4}}';
    const { runs } = await read(temporaryBook({ [tracker]: text }));
    expect(Object.entries(runs[0]!.metrics)).toEqual([
      ['__proto__', 1],
      ['constructor', 2],
    ]);
    expect(Object.entries(runs[0]!.params)).toEqual([
      ['__proto__.x', 3],
      ['toString', 4],
    ]);
    expect(({} as { x?: number }).x).toBeUndefined();
  });

  it('with thousands of parameters has the first of them', async () => {
    const config = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`p${index}`, index]));
    const { runs, findings } = await read(
      temporaryBook({ [tracker]: JSON.stringify({ experiment_id: 'e', config_summary: config }) }),
    );
    expect(Object.keys(runs[0]!.params).length).toBe(2000);
    expect(findings.map(({ found }) => found)).toEqual(['18000 more parameters than that']);
  });
});

describe('what stands in place of a run file', () => {
  it('is a folder: reported where it holds runs of its own or not', async () => {
    const root = temporaryBook();
    for (const name of ['run.lock', 'experiment_tracker.json', 'metrics.jsonl', 'metadata.json'])
      mkdirSync(join(root, 'a', name), { recursive: true });
    writeFileSync(join(root, 'a/run.lock/metrics.jsonl'), '{"loss":1}\n');
    const { runs, found } = await read(root);
    expect(runs.map(({ key }) => key)).toEqual(['a/run.lock']);
    expect(found.sort()).toEqual([
      'unreadable a/experiment_tracker.json',
      'unreadable a/metrics.jsonl',
      'unreadable a/run.lock',
    ]);
  });

  it('is a link: read within the book once, reported where it leads out of it, and folder links are never followed', async () => {
    const outside = temporaryFolder();
    writeFileSync(join(outside, 'run.lock'), 'config: {secret: 1}\n');
    const root = temporaryBook({ 'a/run.lock': 'config: {x: 1}\n', 'stored/abc': 'config: {x: 2}\n' });
    for (const folder of ['latest', 'b', 'c', 'd']) mkdirSync(join(root, folder));
    symlinkSync('../a/run.lock', join(root, 'latest/run.lock'));
    symlinkSync('../stored/abc', join(root, 'b/run.lock'));
    symlinkSync(join(outside, 'run.lock'), join(root, 'c/run.lock'));
    symlinkSync('nowhere', join(root, 'd/run.lock'));
    symlinkSync('..', join(root, 'a/loop'));
    symlinkSync(outside, join(root, 'elsewhere'));
    // Folders of other tools are not looked into, whether they are links or not.
    symlinkSync(outside, join(root, 'node_modules'));
    const { runs, found } = await read(root);
    expect(runs.map(({ key, params }) => `${key} ${params['x']}`).sort()).toEqual(['a 1', 'b 2']);
    expect(found.sort()).toEqual(['unreadable c/run.lock', 'unreadable d/run.lock', 'unreadable elsewhere']);
  });

  it.skipIf(process.getuid?.() === 0)('may not be read: said of file and folder', async () => {
    const root = temporaryBook({ [tracker]: good, 'shut/run.lock': 'config: {x: 1}\n' });
    chmodSync(join(root, tracker), 0o000);
    chmodSync(join(root, 'shut'), 0o000);
    const { runs, found } = await read(root);
    chmodSync(join(root, 'shut'), 0o700);
    expect(runs).toEqual([]);
    expect(found.sort()).toEqual([`unreadable ${tracker}`, 'unreadable shut']);
  });

  it('is the same file by another name: two places are two runs', async () => {
    const root = temporaryBook({ 'a/run.lock': 'config: {x: 1}\n' });
    mkdirSync(join(root, 'b'));
    linkSync(join(root, 'a/run.lock'), join(root, 'b/run.lock'));
    expect((await read(root)).runs.map(({ key }) => key).sort()).toEqual(['a', 'b']);
  });

  it('holds a process id: not a run, and said', async () => {
    const { runs, found } = await read(temporaryBook({ 'run.lock': '4711\n', 'a/metrics.jsonl': '' }));
    expect(runs).toEqual([]);
    expect(found).toEqual(['not-a-receipt run.lock']);
  });
});

describe('a file of metrics', () => {
  it('is read line by line, what is broken being left out and named', async () => {
    const lines = [
      '\ufeff{"epoch":1,"loss":1}',
      '{"epoch":2,"loss":NaN}\r',
      'oops',
      '',
      '[1]',
      '{"step":3,"epoch":2,"loss":"-Infinity","val":{"iou":0.5,"name":"x"},"phase":"train"}',
      '{"epoch":4,"los',
    ];
    const { runs, findings } = await read(temporaryBook({ 'a/metrics.jsonl': lines.join('\n') }));
    expect(runs[0]!.series).toEqual([
      { name: 'loss', count: 3, last: Number.NEGATIVE_INFINITY },
      { name: 'epoch', count: 1, last: 2 },
      { name: 'val.iou', count: 1, last: 0.5 },
    ]);
    expect(findings.map(({ code, line }) => `${code} ${line}`)).toEqual([
      'not-utf8 1',
      'broken-json 3',
      'wrong-shape 5',
      'truncated 7',
      'wrong-shape undefined',
    ]);
  });

  it('of twenty megabytes is read whole', async () => {
    const text = Array.from(
      { length: 400_000 },
      (_, step) => `{"step":${step},"loss":0.123456789,"iou":0.5}`,
    ).join('\n');
    const { runs, found } = await read(temporaryBook({ 'a/metrics.jsonl': `${text}\n` }));
    expect(runs[0]!.series.map(({ count }) => count)).toEqual([400_000, 400_000]);
    expect(found).toEqual([]);
  });

  it('with nothing but noise is no run, and does not report without end', async () => {
    const { runs, findings } = await read(temporaryBook({ 'a/metrics.jsonl': 'noise\n'.repeat(5000) }));
    expect(runs).toEqual([]);
    expect(findings.length).toBe(21);
    expect(findings.at(-1)?.found).toBe('4980 more lines that are none');
  });
});
