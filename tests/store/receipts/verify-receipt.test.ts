import { cpSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../collector/base/clock.ts';
import type { EntryVerdict, ReceiptVerdict } from '../../../collector/formats/receipts/record.ts';
import { issueReceipt, type ReceiptRequest } from '../../../collector/operations/receipts/issue-receipt.ts';
import { readReceipt } from '../../../collector/store/receipts/receipt-files.ts';
import { verifyReceipt } from '../../../collector/store/receipts/verify-receipt.ts';
import type { VerifyOptions } from '../../../collector/store/receipts/verify-session.ts';
import { temporaryFolder } from '../../helpers.ts';
import { git, put, repository, stateOf } from './repository.ts';

const project = () =>
  repository({
    'src/train.py': 'print(1)\n',
    'data/a.csv': '1\n',
    'data/b.csv': '2\n',
    '.gitignore': 'data/\n.daybook/\n',
    'snapshots/action_log.jsonl': '',
  });

async function lock(root: string, out: string, request: Partial<ReceiptRequest> = {}): Promise<void> {
  const paths = { repos: new Map([['main', '.']]), data: new Map([['data', 'data']]), previous: [] };
  const rest = { config: { lr: 0.1 }, merge: false, shadow: true, manifest: false, variables: [] };
  await issueReceipt(
    root,
    { ...paths, ...rest, out, ...request },
    { env: {}, from: root, clock: systemClock },
  );
}

async function verify(root: string, file: string, options: VerifyOptions = {}): Promise<ReceiptVerdict> {
  const { record } = readReceipt(root, file);
  return verifyReceipt(root, record!, options);
}

const states = ({ entries }: ReceiptVerdict) =>
  Object.fromEntries(entries.map(({ part, name, state }) => [`${part} ${name}`, state]));

const entry = ({ entries }: ReceiptVerdict, part: EntryVerdict['part']) =>
  entries.find((each) => each.part === part)!;

describe('a receipt just issued', () => {
  it('matches, although its own results and new actions are in the work tree', async () => {
    const root = project();
    await lock(root, 'results/r1');
    put(root, { 'results/r1/model.bin': 'x', 'snapshots/action_log.jsonl': '{}\n' });
    await lock(root, 'results/r2', { previous: ['results/r1'] });
    expect(await verify(root, 'results/r1/run.lock')).toMatchObject({ state: 'matches' });
    const second = await verify(root, 'results/r2/run.lock');
    expect(states(second)).toEqual({
      'code main': 'unchanged',
      'data data': 'unchanged',
      'stage r1': 'unchanged',
    });
  });

  it('matches beside a ledger that was begun since, and not beside another metadata.json', async () => {
    const root = project();
    await lock(root, 'results/r1');
    const run = { status: 'done', param_hash: null, files: {}, timestamp_status_lst: [] };
    put(root, { 'metadata.json': JSON.stringify({ train: { '': { '000': run } } }) });
    expect(await verify(root, 'results/r1/run.lock')).toMatchObject({ state: 'matches' });
    put(root, { 'metadata.json': '{"name": "a package"}' });
    expect(await verify(root, 'results/r1/run.lock')).toMatchObject({ state: 'reproducible' });
  });

  it('is checked without a trace in the repository', async () => {
    const root = project();
    await lock(root, 'results/r1');
    put(root, { 'src/train.py': 'print(2)\n', 'src/new.py': 'new\n' });
    git(root, 'add', 'src/new.py');
    const before = [stateOf(root), git(root, 'count-objects', '-v'), git(root, 'for-each-ref')];
    await verify(root, 'results/r1/run.lock');
    expect([stateOf(root), git(root, 'count-objects', '-v'), git(root, 'for-each-ref')]).toEqual(before);
  });
});

describe('code', () => {
  it('names the files that are not as they were', async () => {
    const root = project();
    await lock(root, 'results/r1');
    put(root, { 'src/train.py': 'print(2)\n', 'src/new\nname.py': 'new\n' });
    rmSync(join(root, '.gitignore'));
    put(root, { '.git/info/exclude': 'data/\n.daybook/\n' });
    const verdict = await verify(root, 'results/r1/run.lock');
    expect(verdict.state).toBe('reproducible');
    expect(entry(verdict, 'code')).toMatchObject({ state: 'moved', why: '3 files differ' });
    expect(entry(verdict, 'code').files).toEqual([
      { path: '.gitignore', change: 'removed' },
      { path: 'src/new\nname.py', change: 'added' },
      { path: 'src/train.py', change: 'changed' },
    ]);
  });

  it('counts only what the receipt includes', async () => {
    const root = project();
    await lock(root, 'results/r1', { scopes: { main: { include: ['src'], exclude: ['*.md'] } } });
    put(root, { 'README.md': 'new\n', 'src/notes.md': 'new\n' });
    expect(entry(await verify(root, 'results/r1/run.lock'), 'code').state).toBe('unchanged');
    put(root, { 'src/new.py': 'new\n' });
    expect(entry(await verify(root, 'results/r1/run.lock'), 'code').files).toHaveLength(1);
  });

  it('cannot be checked where the recorded commit is gone, and says so', async () => {
    const root = project();
    put(root, { 'src/train.py': 'print(7)\n' });
    await lock(root, 'results/r1');
    git(root, 'checkout', '--quiet', 'src');
    for (const ref of git(root, 'for-each-ref', '--format=%(refname)', 'refs/daybook').split('\n'))
      git(root, 'update-ref', '-d', ref);
    git(root, 'gc', '--prune=now', '--quiet');
    const { state, why } = entry(await verify(root, 'results/r1/run.lock'), 'code');
    expect(state).toBe('uncheckable');
    expect(why).toContain('no longer has');
  });

  it('is held against the recorded work tree where nothing was written to the repository', async () => {
    const root = project();
    put(root, { 'src/train.py': 'print(7)\n' });
    const objects = git(root, 'count-objects');
    await lock(root, 'results/r1', { shadow: false });
    expect(entry(await verify(root, 'results/r1/run.lock'), 'code').state).toBe('unchanged');
    put(root, { 'src/train.py': 'print(8)\n' });
    expect(entry(await verify(root, 'results/r1/run.lock'), 'code').files).toEqual([
      { path: 'src/train.py', change: 'changed' },
    ]);
    expect(git(root, 'count-objects')).toBe(objects);
  });

  it('tells a missing folder from one of another machine and one without a repository', async () => {
    const root = temporaryFolder();
    put(root, {
      'plain/x': '',
      'run.lock':
        'repos: {a: {commit: c, tree: t, path: gone}, b: {commit: c, tree: t, path: /nowhere/libs}, c: {commit: c, tree: t, path: plain}, d: {}}\n',
    });
    expect(states(await verify(root, 'run.lock'))).toEqual({
      'code a': 'missing',
      'code b': 'uncheckable',
      'code c': 'uncheckable',
      'code d': 'uncheckable',
    });
  });
});

describe('data', () => {
  it('names changed, added and removed files where a manifest is known', async () => {
    const root = project();
    await lock(root, 'results/r1');
    put(root, { 'data/a.csv': '9\n', 'data/c.csv': 'c\n' });
    rmSync(join(root, 'data/b.csv'));
    expect(entry(await verify(root, 'results/r1/run.lock'), 'data')).toMatchObject({
      state: 'changed',
      files: [
        { path: 'a.csv', change: 'changed' },
        { path: 'b.csv', change: 'removed' },
        { path: 'c.csv', change: 'added' },
      ],
    });
  });

  it('sees a rename, which the original does not', async () => {
    const root = project();
    await lock(root, 'results/r1');
    renameSync(join(root, 'data/a.csv'), join(root, 'data/z.csv'));
    expect(entry(await verify(root, 'results/r1/run.lock'), 'data').state).toBe('changed');
  });

  it('is missing where nothing is there, and elsewhere on another machine', async () => {
    const root = project();
    await lock(root, 'results/r1');
    rmSync(join(root, 'data'), { recursive: true });
    expect(entry(await verify(root, 'results/r1/run.lock'), 'data')).toMatchObject({
      state: 'missing',
      why: 'nothing is at data',
    });
    put(root, {
      'x/run.lock': 'inputs: {d: {path: /nowhere/d, kind: file, bytes: 1, files: 1, digest: "sha256:0"}}\n',
    });
    expect(entry(await verify(root, 'x/run.lock'), 'data').why).toBe('/nowhere/d is not on this machine');
  });

  it('is checked by its 64 bits where there is nothing better, and not at all where no place is known', async () => {
    const root = temporaryFolder();
    put(root, {
      abc: 'abc',
      'run.lock':
        'config: {_snapshot_: {data: {good: abc, bad: abc}}}\ndata: {good: 44bc2cf5ad770999, bad: 44bc2cf5ad770990, lost: 44bc2cf5ad770999}\n',
    });
    const verdict = await verify(root, 'run.lock');
    expect(states(verdict)).toEqual({
      'data good': 'unchanged',
      'data bad': 'changed',
      'data lost': 'uncheckable',
    });
    expect(verdict.entries[0]!.why).toContain('no proof');
  });

  it('is left to daybook verify where a build would have to read too much, or outside of the book', async () => {
    const root = project();
    writeFileSync(join(root, 'data/large'), 'x'.repeat(100_000));
    await lock(root, 'results/r1', { repos: new Map() });
    expect(entry(await verify(root, 'results/r1/run.lock', { budgetBytes: 1000 }), 'data')).toMatchObject({
      state: 'uncheckable',
      why: 'too large to check in a build; run daybook verify',
    });
    expect((await verify(root, 'results/r1/run.lock', { budgetBytes: 200_000 })).state).toBe('matches');
    put(root, {
      'x/run.lock': 'inputs: {d: {path: /etc, kind: folder, bytes: 1, files: 1, digest: "sha256:0"}}\n',
    });
    expect(entry(await verify(root, 'x/run.lock', { budgetBytes: 1000 }), 'data').why).toContain(
      'outside of the book',
    );
  });
});

describe('previous stages', () => {
  it('must still have the run.lock that was used', async () => {
    const root = project();
    await lock(root, 'results/r1');
    await lock(root, 'results/r2', { previous: ['results/r1'] });
    await lock(root, 'results/r3', { previous: ['results/r2'] });
    expect(states(await verify(root, 'results/r3/run.lock'))).toMatchObject({
      'stage r2': 'unchanged',
      'stage r2/r1': 'unchanged',
    });
    put(root, { 'results/r1/run.lock': 'config: {lr: 0.5}\n' });
    const changed = await verify(root, 'results/r3/run.lock');
    expect(states(changed)).toMatchObject({ 'stage r2': 'unchanged', 'stage r2/r1': 'changed' });
    rmSync(join(root, 'results/r2'), { recursive: true });
    expect(states(await verify(root, 'results/r3/run.lock'))).toMatchObject({ 'stage r2': 'missing' });
  });

  it('are compared by what the receipt repeats of them in files of the original, also in a book that was moved', async () => {
    const root = temporaryFolder();
    const fixtures = join(import.meta.dirname, '../../fixtures/receipts');
    const place = (name: string, to: string) => cpSync(join(fixtures, name), join(root, to, 'run.lock'));
    place('current-train.lock', 'old/train/run_0031');
    place('current-process.lock', 'old/process');
    expect(states(await verify(root, 'old/train/run_0031/run.lock'))).toMatchObject({
      'stage process': 'unchanged',
    });
    put(root, { 'old/process/run.lock': 'config: {param: 2}\n' });
    expect(states(await verify(root, 'old/train/run_0031/run.lock'))).toMatchObject({
      'stage process': 'missing',
    });
  });

  it('of a task include its sweep, whose code it has', async () => {
    const root = project();
    await lock(root, 'results/sweep');
    put(root, {
      'results/sweep/task_0/run.lock':
        'timestamp: "2026-01-01T00:00:00"\nparent: results/sweep/run.lock\nconfig: {lr: 1}\n',
    });
    expect(states(await verify(root, 'results/sweep/task_0/run.lock'))).toEqual({
      'code main': 'unchanged',
      'stage parent': 'uncheckable',
    });
  });
});

it('is not troubled by receipts that were made to be', async () => {
  const root = temporaryFolder();
  const long = 'x/'.repeat(5000);
  const paths = ['"\\0"', long, '"../../../../../.."', '/dev/zero', '"--upload-pack=x"', '"C:\\\\x"'];
  for (const [at, path] of paths.entries()) {
    const input = `{path: ${path}, kind: file, bytes: 1, files: 1, digest: "sha256:0"}`;
    const repository = `{commit: "--output=x", tree: "--output=y", path: ${path}}`;
    const stages = `{__proto__: {path: ${path}, digest: "1"}, b: {path: ${path}, config: {a: 1}}}`;
    const text = `repos: {__proto__: ${repository}}\ninputs: {__proto__: ${input}}\nparent: ${path}\nprevs: ${stages}\n`;
    put(root, { [`${at}/run.lock`]: text });
    const verdict = await verify(root, `${at}/run.lock`, { budgetBytes: 1000 });
    expect(verdict.entries).toHaveLength(5);
    expect(verdict.entries.map(({ state }) => state)).not.toContain('unchanged');
  }
  expect((await verify(root, '3/run.lock')).entries[1]).toMatchObject({ part: 'data', state: 'uncheckable' });
});
