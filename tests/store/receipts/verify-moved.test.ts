import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../collector/base/clock.ts';
import type { EntryVerdict, ReceiptVerdict } from '../../../collector/formats/receipts/record.ts';
import { issueReceipt, type ReceiptRequest } from '../../../collector/operations/receipts/issue-receipt.ts';
import { readReceipt } from '../../../collector/store/receipts/receipt-files.ts';
import { verifyReceipt } from '../../../collector/store/receipts/verify-receipt.ts';
import { git, put, repository } from './repository.ts';

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

async function verify(root: string, file: string): Promise<ReceiptVerdict> {
  const { record } = readReceipt(root, file);
  return verifyReceipt(root, record!);
}

const entry = ({ entries }: ReceiptVerdict, part: EntryVerdict['part']) =>
  entries.find((each) => each.part === part)!;

it('names the files that changed inside of submodules', async () => {
  const root = project();
  git(root, 'submodule', '--quiet', 'add', repository({ 'lib.py': '1\n' }), 'lib');
  await lock(root, 'runs/clean');
  expect(entry(await verify(root, 'runs/clean/run.lock'), 'code').state).toBe('unchanged');

  put(root, { 'lib/new.py': 'an untracked file\n' });
  const changed = entry(await verify(root, 'runs/clean/run.lock'), 'code');
  expect(changed).toMatchObject({ state: 'moved', files: [{ path: 'lib/new.py', change: 'added' }] });

  await lock(root, 'runs/dirty');
  expect(entry(await verify(root, 'runs/dirty/run.lock'), 'code').state).toBe('unchanged');
  put(root, { 'lib/new.py': 'another one\n' });
  expect(entry(await verify(root, 'runs/dirty/run.lock'), 'code')).toMatchObject({
    state: 'moved',
    files: [{ path: 'lib/new.py', change: 'changed' }],
  });
});

it('proves nothing where a receipt does not say what was changed inside of submodules', async () => {
  const root = project();
  git(root, 'submodule', '--quiet', 'add', repository({ 'lib.py': '1\n' }), 'lib');
  git(root, 'commit', '--quiet', '-m', 'module');
  const tree = git(root, 'rev-parse', 'HEAD^{tree}');
  const repos = {
    flexlock: `{commit: ${git(root, 'rev-parse', 'HEAD')}, tree: ${tree}, is_dirty: false, path: .}`,
    dirty: `{tree: ${tree}, is_dirty: true, path: ., head: x, dirty_submodules: [lib]}`,
    apart: `{tree: ${tree}, is_dirty: true, path: ., head: x, dirty_submodules: [lib], exclude: [lib]}`,
    missing: `{tree: ${tree}, is_dirty: true, path: ., submodules: {lib: {missing: it was away}}}`,
  };
  for (const [name, repo] of Object.entries(repos))
    put(root, { [`runs/${name}/run.lock`]: `config: {}\nrepos: {main: ${repo}}\n` });
  const code = async (name: string) => entry(await verify(root, `runs/${name}/run.lock`), 'code');
  for (const name of ['flexlock', 'dirty'])
    expect(await code(name)).toMatchObject({
      state: 'uncheckable',
      why: 'nothing is known of lib: what was changed inside of it was not recorded',
    });
  expect(await code('apart')).toMatchObject({ state: 'unchanged' });
  expect(await code('missing')).toMatchObject({ why: 'nothing is known of lib: it was away' });
  put(root, { 'lib/lib.py': '2\n' });
  expect((await code('dirty')).state).toBe('uncheckable');
  put(root, { 'src/train.py': 'print(2)\n' });
  expect(await code('dirty')).toMatchObject({ state: 'uncheckable', files: [{ path: 'src/train.py' }] });
});

describe('the code of a receipt that has moved on', () => {
  it('is reproducible as long as git has what was recorded, and the data is what it was', async () => {
    const root = project();
    put(root, { 'src/train.py': 'print(2)\n' });
    await lock(root, 'r');
    put(root, { 'src/train.py': 'print(3)\n' });
    git(root, 'gc', '--quiet', '--prune=now');
    expect(await verify(root, 'r/run.lock')).toMatchObject({ state: 'reproducible' });
    put(root, { 'data/a.csv': 'other\n' });
    expect(await verify(root, 'r/run.lock')).toMatchObject({ state: 'differs' });
    put(root, { 'data/a.csv': '1\n' });
    const ref = git(root, 'for-each-ref', '--format=%(refname)', 'refs/daybook');
    git(root, 'update-ref', '-d', ref);
    git(root, 'gc', '--quiet', '--prune=now');
    const gone = await verify(root, 'r/run.lock');
    expect(gone).toMatchObject({ state: 'unproven' });
    expect(entry(gone, 'code').why).toContain('the repository no longer has');
  });

  it('is not provable where a repository inside of it no longer has what was recorded', async () => {
    const root = project();
    git(root, 'submodule', '--quiet', 'add', repository({ 'lib.py': '1\n' }), 'lib');
    git(root, 'commit', '--quiet', '-m', 'lib');
    await lock(root, 'clean');
    put(root, { 'lib/lib.py': '2\n' });
    await lock(root, 'dirty');
    git(root, 'rm', '--quiet', '--force', 'lib');
    for (const name of ['clean', 'dirty'])
      expect(entry(await verify(root, `${name}/run.lock`), 'code')).toMatchObject({ state: 'moved' });
    rmSync(join(root, '.git/modules/lib'), { recursive: true });
    for (const name of ['clean', 'dirty'])
      expect(entry(await verify(root, `${name}/run.lock`), 'code')).toMatchObject({
        state: 'uncheckable',
        why: 'lib differs, and what was recorded of it is not at hand',
      });
  });
});

describe('line ends', () => {
  const turn = (root: string, path: string) =>
    put(root, { [path]: readFileSync(join(root, path), 'latin1').replaceAll('\n', '\r\n') });

  it('are named as the cause where nothing else of the code differs, with the setting', async () => {
    const root = project();
    put(root, { 'src/more.py': 'a\nb\n' });
    await lock(root, 'r');
    turn(root, 'src/more.py');
    turn(root, 'src/train.py');
    const code = async () => entry(await verify(root, 'r/run.lock'), 'code');
    expect(await code()).toMatchObject({
      state: 'moved',
      why: '2 files differ, only in line ends: git does not track it, so an editor or a copy did it',
    });
    git(root, 'config', 'core.autocrlf', 'true');
    expect((await code()).state).toBe('unchanged');
    git(root, 'config', 'core.autocrlf', 'false');
    put(root, { 'src/more.py': 'other\n', 'src/train.py': 'print(1)\r\n' });
    expect((await code()).why).toBe(
      '2 files differ, 1 of them only in line ends: no setting of git explains it',
    );
  });

  it('are named as the cause where nothing else of data differs, whichever way they were turned', async () => {
    const root = repository({
      'a.csv': '1\n2\n',
      'folder/x.csv': 'x\n',
      'folder/y.csv': 'y\n',
      'b.csv': '1\r\n',
    });
    const data = new Map(['a.csv', 'b.csv', 'folder', 'other.csv'].map((path) => [path, path]));
    put(root, { 'other.csv': 'a\n' });
    await lock(root, 'r', { repos: new Map(), data });
    git(root, 'config', 'core.autocrlf', 'true');
    git(root, 'rm', '--quiet', '--cached', '-r', '.');
    git(root, 'reset', '--quiet', '--hard');
    put(root, { 'b.csv': '1\n', 'folder/x.csv': 'other\n', 'other.csv': 'b\r\n' });
    const { entries, state } = await verify(root, 'r/run.lock');
    expect(state).toBe('differs');
    expect(entries.map(({ name, why }) => [name, why])).toEqual([
      ['a.csv', 'it differs only in line ends: core.autocrlf=true'],
      ['b.csv', 'it differs only in line ends: core.autocrlf=true'],
      ['folder', '2 files differ, 1 of them only in line ends: core.autocrlf=true'],
      ['other.csv', '2 bytes then, 3 now'],
    ]);
    put(root, { '.gitattributes': '*.csv text eol=crlf\n' });
    expect((await verify(root, 'r/run.lock')).entries[0]?.why).toBe(
      'it differs only in line ends: "text eol=crlf" stands for it in .gitattributes',
    );
  });

  it('are known by the weaker hash of the original, too', async () => {
    const root = repository({ 'a.csv': '1\n2\n' });
    await lock(root, 'r', { repos: new Map(), data: new Map([['d', 'a.csv']]) });
    const { record } = readReceipt(root, 'r/run.lock');
    put(root, {
      'r/run.lock': `config: {_snapshot_: {data: a.csv}}\ndata: {d: '${record!.data['d']}'}\n`,
      'a.csv': '1\r\n2\r\n',
    });
    expect((await verify(root, 'r/run.lock')).entries[0]?.why).toContain('it differs only in line ends');
  });
});
