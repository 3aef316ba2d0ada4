import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { receiptFileSchema } from '../../../collector/formats/receipts/schema.ts';
import { issueReceipt, type ReceiptRequest } from '../../../collector/operations/receipts/issue-receipt.ts';
import { resolveNamedPaths } from '../../../collector/operations/receipts/named-paths.ts';
import { readReceipt } from '../../../collector/store/receipts/receipt-files.ts';
import { temporaryBook } from '../../helpers.ts';
import { git, put, repository } from '../../store/receipts/repository.ts';

const fixture = (name: string) =>
  readFileSync(new URL(`../../fixtures/receipts/${name}.lock`, import.meta.url), 'utf8');

function issue(root: string, request: Partial<ReceiptRequest>, env: NodeJS.ProcessEnv = {}) {
  const whole: ReceiptRequest = {
    config: {},
    repos: new Map(),
    data: new Map(),
    previous: [],
    merge: false,
    shadow: true,
    manifest: false,
    variables: [],
    ...request,
  };
  const clock = { nowUs: () => Date.UTC(2026, 0, 1, 10) * 1000 + 5 };
  return issueReceipt(root, whole, { env: { PATH: process.env.PATH, ...env }, from: root, clock });
}

const textOf = (root: string, path: string) => readFileSync(join(root, path), 'utf8');

function recordAt(root: string, path: string) {
  const { record, findings } = readReceipt(root, path);
  expect(findings).toEqual([]);
  return record!;
}

describe('issueReceipt', () => {
  it('writes what it is told, FlexLock keys and ours, into save_dir', async () => {
    const root = repository({ 'train.py': 'x\n', 'data/a.csv': 'a,b\n' });
    const issued = await issue(root, {
      config: { lr: 1e-7, save_dir: 'results/a' },
      repos: resolveNamedPaths({ code: '.' }, 'repos', root),
      data: resolveNamedPaths(['data/a.csv', 'data'], 'data', root),
      run: 'r-1',
    });
    expect(issued).toMatchObject({ file: 'results/a/run.lock', state: 'new' });
    expect(Object.keys(issued.receipt)).toEqual([
      ...['schema', 'timestamp', 'run', 'config', 'repos', 'data', 'inputs', 'environment'],
    ]);
    const record = recordAt(root, issued.file);
    expect(record).toMatchObject({
      generation: 'daybook',
      zoneless: false,
      run: 'r-1',
      config: { lr: 1e-7, save_dir: 'results/a' },
      inputs: { 'a.csv': { path: 'data/a.csv', kind: 'file', bytes: 4 }, data: { kind: 'folder', files: 1 } },
    });
    expect(textOf(root, issued.file)).toContain("timestamp: '2026-01-01T10:00:00.000005+00:00'");
    expect(record.data['a.csv']).toMatch(/^[0-9a-f]{16}$/);
    expect(record.repos['code']?.tree).toBe(git(root, 'rev-parse', 'HEAD^{tree}'));
  });

  it.each([true, false])('writes what the published schema says (shadow: %s)', async (shadow) => {
    const root = repository({ 'data/a.csv': 'a,b\n', 'uv.lock': 'x\n' });
    put(root, { 'new.txt': 'n\n' });
    const repos = new Map([['code', '.']]);
    const data = new Map([['d', 'data']]);
    const outputs = new Map([
      ['o', 'data/a.csv'],
      ['no', 'nope'],
    ]);
    await issue(root, { out: 'a', repos });
    const { receipt } = await issue(root, {
      repos,
      data,
      outputs,
      shadow,
      out: 'b',
      previous: ['a'],
      variables: ['X'],
    });
    expect(receiptFileSchema.strict().safeParse(receipt).error).toBeUndefined();
  });

  it('names what lies among data and is not covered', async () => {
    const root = temporaryBook({ 'data/a.csv': 'a\n' });
    symlinkSync('nowhere', join(root, 'data/dead'));
    await issue(root, { data: new Map([['d', 'data']]), out: 'r' });
    expect(recordAt(root, 'r/run.lock').raw['inputs']).toMatchObject({
      d: { files: 1, not_covered: [{ path: expect.stringContaining('dead'), why: expect.any(String) }] },
    });
  });

  it('follows long chains of stages, and names at least path and digest of what is further back', async () => {
    const root = temporaryBook();
    for (let at = 0; at < 70; at++) {
      put(root, {
        [`s${at}/run.lock`]: `config: {at: ${at}}\n${at === 0 ? '' : `lineage:\n  s${at - 1}:\n    path: s${at - 1}\n`}`,
      });
    }
    await issue(root, { previous: ['s69'], out: 'r' });
    let [stage] = recordAt(root, 'r/run.lock').previous;
    let count = 0;
    for (; stage !== undefined; count++) [stage] = stage.content.previous;
    expect(count).toBe(62);
  });

  it('says which two paths would have one name', () => {
    expect(() => resolveNamedPaths(['a/x.csv', 'b/x.csv'], 'data', '/')).toThrow(
      'Two entries of data are called "x.csv": a/x.csv and b/x.csv.',
    );
  });

  it('needs a place', async () => {
    await expect(issue(temporaryBook(), { config: { lr: 1 } })).rejects.toMatchObject({ code: 'usage' });
  });

  it('masks what looks like a secret and keeps numbers that JSON cannot hold', async () => {
    const root = temporaryBook({
      'c.yaml': 'password: hunter2\nseed: 18446744073709551615\none: 1.0\nlr: 1e-3\n',
    });
    const { readRunConfig } = await import('../../../collector/operations/receipts/run-config.ts');
    await issue(
      root,
      {
        config: readRunConfig('c.yaml', root),
        out: 'r',
        command: ['train', '--token', 'abc'],
        variables: ['API_KEY', 'SEED', 'MISSING'],
      },
      { API_KEY: 'k-123', SEED: '7', OTHER: 'not recorded' },
    );
    const text = textOf(root, 'r/run.lock');
    expect(text).toContain('seed: 18446744073709551615\n  one: 1.0\n  lr: 0.001\n');
    expect(text).not.toMatch(/hunter2|abc|k-123|not recorded/);
    expect(recordAt(root, 'r/run.lock').environment?.['variables']).toMatchObject({
      SEED: '7',
      MISSING: null,
    });
  });
});

describe('issueReceipt with previous stages', () => {
  it('finds a stage at its folder, at its file and upwards from what it wrote', async () => {
    const root = temporaryBook({ 'results/a/out/deep/x.txt': 'x' });
    await issue(root, { config: { lr: 1 }, out: 'results/a' });
    for (const path of ['results/a', 'results/a/run.lock', 'results/a/out/deep/x.txt', 'results/a/out']) {
      const { receipt } = await issue(root, { previous: [path], out: 'results/b' });
      expect(receipt['lineage']).toEqual({ a: { path: 'results/a' } });
      expect(receipt['prevs']).toMatchObject({
        a: { config: { lr: 1 }, digest: expect.stringMatching(/^sha256:/) },
      });
    }
  });

  it('embeds the whole ancestry, each stage once and with the digest of its run.lock', async () => {
    const root = temporaryBook();
    await issue(root, { config: { s: 'a' }, out: 'a' });
    await issue(root, { config: { s: 'b' }, out: 'b', previous: ['a'] });
    await issue(root, { config: { s: 'c' }, out: 'c', previous: ['a'] });
    const { receipt } = await issue(root, { config: { s: 'd' }, out: 'd', previous: ['b', 'c'] });
    const digest = recordAt(root, 'a/run.lock').digest;
    expect(receipt['prevs']).toMatchObject({
      b: { config: { s: 'b' }, prevs: { a: { config: { s: 'a' }, digest } } },
      c: { config: { s: 'c' }, prevs: { a: { path: 'a', digest } } },
    });
    const stages = recordAt(root, 'd/run.lock').previous;
    expect(stages.map(({ name, content }) => [name, content.previous[0]?.name])).toEqual([
      ['b', 'a'],
      ['c', 'a'],
    ]);
    expect(stages[1]?.content.previous[0]?.content.config).toEqual({});
  });

  it('embeds receipts of FlexLock with what they embedded', async () => {
    const root = temporaryBook({
      'train/run.lock': fixture('current-train'),
      'report/run.lock': fixture('first-report'),
    });
    const { file } = await issue(root, { previous: ['train', 'report'], out: 'e' });
    const [train, report] = recordAt(root, file).previous;
    expect(train?.content.previous[0]).toMatchObject({ name: 'process', content: { config: { param: 1 } } });
    expect(report?.content.previous[0]).toMatchObject({
      name: 'eval',
      content: { data: { raw_dataset: '2914eff65d84774c' } },
    });
    expect(textOf(root, file)).toContain('big: 100000000000000000000\n');
  });

  it('comes to an end where receipts name each other', async () => {
    const root = temporaryBook({
      'a/run.lock': 'config: {}\nlineage:\n  b:\n    path: b\n',
      'b/run.lock': 'config: {}\nlineage:\n  a:\n    path: a\n',
    });
    const { receipt } = await issue(root, { previous: ['a'], out: 'c' });
    expect(receipt['prevs']).toMatchObject({ a: { prevs: { b: { prevs: { a: { path: 'a' } } } } } });
  });

  it('refuses what is no stage: nothing there, another file, itself, two of one name', async () => {
    const root = temporaryBook({
      'data/x': 'x',
      'pid/run.lock': '4711',
      'a/m/run.lock': 'config: {}\n',
      'b/m/run.lock': 'config: {}\n',
    });
    const failure = (previous: string[], request: Partial<ReceiptRequest> = { out: 'o' }) =>
      issue(root, { previous, ...request }).catch(
        (error: Error & { code: string }) => `${error.code}: ${error.message}`,
      );
    expect(await failure(['nope'])).toBe(
      'not-found: Expected a previous stage at nope, found nothing there.',
    );
    expect(await failure(['data/x'])).toBe(
      'not-found: Expected a run.lock for the previous stage data/x, found none there or in the folders above.',
    );
    expect(await failure(['pid'])).toBe(
      'bad-input: Expected a receipt at pid/run.lock, found the number 4711, as in a file that holds a process id.',
    );
    expect(await failure(['a/m'], { out: 'a/m', replace: true })).toContain(
      'only the one that is being issued',
    );
    expect(await failure(['a/m', 'b/m'])).toBe('bad-input: Two previous stages are called "m": a/m and b/m.');
  });
});
