import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openBook } from '../../collector/index.ts';
import { readConfigFile } from '../../collector/store/config-file.ts';
import { dirtyTree } from '../../collector/store/receipts/dirty-code.ts';
import { commandLine } from '../command-line.ts';
import { temporaryFolder } from '../helpers.ts';
import { git, put, repository, stateOf } from '../store/receipts/repository.ts';

function daybook(root: string, ...args: string[]) {
  const env = { ...process.env, DAYBOOK_SPOOL: join(root, '.git/spool') };
  return spawnSync(process.execPath, [commandLine, ...args], { cwd: root, encoding: 'utf8', env });
}

const dirtyOf = async (root: string) =>
  (await dirtyTree(root, root)).files.map(({ path, how }) => `${path} ${how}`).sort();

describe('what is dirty', () => {
  it('is what git has not committed, whatever its name, and the index of the user stays as it is', async () => {
    const root = repository({ a: '1', b: '1', c: '1', d: '1', '.gitignore': 'ignored\n' });
    expect(await dirtyOf(root)).toEqual([]);
    put(root, { a: '2', 'sub/new\n"x" ü': '1', staged: '1', ignored: '1' });
    git(root, 'add', 'staged');
    rmSync(join(root, 'b'));
    git(root, 'mv', 'c', 'moved');
    git(root, 'rm', '--quiet', 'd');
    const before = stateOf(root);
    expect(await dirtyOf(root)).toEqual([
      'a changed',
      'b removed',
      'c removed',
      'd removed',
      'moved new',
      'staged new',
      'sub/new\n"x" ü new',
    ]);
    expect(stateOf(root)).toBe(before);
  });

  it('is also what was changed in a submodule', async () => {
    const inner = repository({ x: '1' });
    const root = repository();
    git(root, 'submodule', 'add', '--quiet', inner, 'mod');
    git(root, 'commit', '--quiet', '-m', 'module');
    expect(await dirtyOf(root)).toEqual([]);
    writeFileSync(join(root, 'mod/x'), '2');
    expect(await dirtyOf(root)).toEqual(['mod changed']);
  });

  it('is nothing that Daybook writes itself, but a file of another that has such a name', async () => {
    const root = repository({ 'a.txt': '1', '.gitignore': '.daybook/\n' });
    daybook(root, 'exec', 'train', '--lock', '--repo', '.', '--out', 'runs/a', '--log', '--', 'true');
    daybook(root, 'experiment', 'start', 'runs/b');
    daybook(root, 'experiment', 'metric', 'runs/b', 'loss=1');
    daybook(root, 'ledger', 'allocate', 'train', '--dir', root);
    daybook(root, 'periodic');
    expect(git(root, 'status', '--porcelain')).not.toBe('');
    expect(await dirtyOf(root)).toEqual([]);
    put(root, { 'other/metadata.json': '{}', 'runs/a/model.pt': 'x' });
    expect(await dirtyOf(root)).toEqual(['other/metadata.json new', 'runs/a/model.pt new']);
  });
});

describe('--require-clean', () => {
  it.each([
    ['lock', '--repo', '.', '--out', 'r'],
    ['lock', '--out', 'r'],
    ['exec', 'train', '--lock', '--repo', '.', '--out', 'r'],
    ['exec', 'train'],
    ['periodic'],
    ['experiment', 'start', 'r'],
  ])('refuses a dirty work tree before anything is done, and lists it: %s %s %s', (...words) => {
    const root = repository({ 'a.txt': '1' });
    put(root, { 'a.txt': '2', 'b.txt': '1' });
    const command = words[0] === 'exec' ? ['--', 'touch', 'ran'] : [];
    const refused = daybook(root, ...words, '--require-clean', ...command);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain('2 files that are not committed: a.txt (changed), b.txt (new).');
    expect(git(root, 'status', '--porcelain', '-uall')).toBe(' M a.txt\n?? b.txt');
    git(root, 'add', '--all');
    git(root, 'commit', '--quiet', '-m', 'clean');
    const passed = daybook(root, ...words, '--require-clean', ...command);
    expect([passed.status, passed.stderr]).toEqual([0, expect.not.stringContaining('error')]);
    if (words[0] === 'exec') expect(existsSync(join(root, 'ran'))).toBe(true);
  });

  it('says it, lists no more than twenty, and goes on with --warn-dirty', () => {
    const root = repository();
    put(root, Object.fromEntries(Array.from({ length: 25 }, (_, at) => [`new-${at}`, ''])));
    const ran = daybook(
      root,
      'exec',
      'train',
      '--lock',
      '--repo',
      '.',
      '--out',
      'r',
      '--warn-dirty',
      '--',
      'true',
    );
    expect(ran.status).toBe(0);
    expect(ran.stderr).toMatch(
      /warning: The work tree at \S+ is not clean: 25 files that are not committed: .* and 5 more\./,
    );
    expect(existsSync(join(root, 'r/run.lock'))).toBe(true);
    const both = daybook(root, 'lock', '--out', 'q', '--require-clean', '--warn-dirty');
    expect([both.status, both.stderr]).toEqual([2, expect.stringContaining('--warn-dirty')]);
  });

  it('refuses what cannot be told, and --warn-dirty says so', () => {
    const nowhere = temporaryFolder();
    put(nowhere, { 'daybook.yaml': 'title: a\n' });
    const refused = daybook(nowhere, 'exec', 'train', '--require-clean', '--', 'touch', 'ran');
    expect([refused.status, existsSync(join(nowhere, 'ran'))]).toEqual([1, false]);
    expect(refused.stderr).toContain('Expected a git repository');
    const warned = daybook(nowhere, 'exec', 'train', '--warn-dirty', '--', 'touch', 'ran');
    expect([warned.status, existsSync(join(nowhere, 'ran'))]).toEqual([0, true]);
    expect(warned.stderr).toContain('warning: whether the work tree is clean cannot be told');
  });

  it('is a setting of the book for receipts, of commands and the library, which an option overrules', async () => {
    const root = repository({ 'a.txt': '1', 'daybook.yaml': 'receipts:\n  dirty: refuse\n' });
    put(root, { 'a.txt': '2' });
    const lock = ['lock', '--repo', '.', '--out', 'r'];
    expect(daybook(root, ...lock)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('a.txt (changed)'),
    });
    const exec = daybook(root, 'exec', 'train', '--lock', '--repo', '.', '--out', 'r', '--', 'touch', 'ran');
    expect([exec.status, existsSync(join(root, 'ran'))]).toEqual([1, false]);
    const book = await openBook(root);
    const issued = await book.receipts.issue({ repos: '.', out: 'r' }).then(
      ({ file }) => file,
      ({ code }) => code,
    );
    const { config, findings } = await readConfigFile(root);
    expect({ issued, dirty: await dirtyOf(root), rule: config.receipts.dirty, findings }).toEqual({
      issued: 'dirty',
      dirty: ['a.txt changed'],
      rule: 'refuse',
      findings: [],
    });
    await book.receipts.issue({ repos: '.', out: 'q', dirty: 'allow' });
    await book.close();
    expect(daybook(root, ...lock, '--warn-dirty').status).toBe(0);
    expect(daybook(root, 'lock', '--out', 'no-code').status).toBe(0);
    const error = JSON.parse(daybook(root, ...lock, '--json').stderr) as {
      error: { code: string; hint: string };
    };
    expect(error.error).toMatchObject({ code: 'dirty', hint: expect.stringContaining('.gitignore') });
  });
});
