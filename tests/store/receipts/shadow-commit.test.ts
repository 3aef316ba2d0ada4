import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type CodeRequest, recordCode } from '../../../collector/store/receipts/shadow-commit.ts';
import { temporaryFolder } from '../../helpers.ts';
import { git, put, repository, stateOf } from './repository.ts';

const record = (root: string, request: Partial<CodeRequest> = {}, shadow = true) =>
  recordCode({ path: '.', ...request }, { root, from: root, shadow });

const filesOf = (root: string, tree: string) => git(root, 'ls-tree', '-r', '--name-only', tree).split('\n');

/** What plain git makes of the work tree. */
function plainTree(root: string): string {
  const index = join(temporaryFolder(), 'index');
  copyFileSync(join(root, '.git/index'), index);
  const env = { ...process.env, GIT_INDEX_FILE: index };
  execFileSync('git', ['add', '--all'], { cwd: root, env });
  return execFileSync('git', ['write-tree'], { cwd: root, env, encoding: 'utf8' }).trim();
}

describe('recordCode', () => {
  it('records the whole work tree on top of HEAD, untracked files included and ignored ones not', async () => {
    const root = repository({ 'a.txt': 'a\n', 'b.txt': 'b\n', '.gitignore': '*.log\n' });
    put(root, { 'a.txt': 'changed\n', 'new/c.txt': 'c\n', 'x.log': 'ignored\n' });
    git(root, 'rm', '--quiet', '--cached', 'b.txt');
    const before = stateOf(root);
    const code = await record(root);
    expect(stateOf(root)).toBe(before);
    expect(code).toMatchObject({
      tree: plainTree(root),
      is_dirty: true,
      path: '.',
      branch: 'main',
      head: git(root, 'rev-parse', 'HEAD'),
    });
    expect(filesOf(root, code.tree)).toEqual(['.gitignore', 'a.txt', 'b.txt', 'new/c.txt']);
    expect(git(root, 'rev-parse', `${code['commit']}^`, `${code['commit']}^{tree}`).split('\n')).toEqual([
      code['head'],
      code.tree,
    ]);
  });

  it('is kept when git clears away what nothing refers to', async () => {
    const root = repository();
    put(root, { 'a.txt': 'changed\n' });
    const { commit } = await record(root);
    git(root, 'gc', '--quiet', '--prune=now');
    expect(git(root, 'show', `${commit as string}:a.txt`)).toBe('changed');
    expect(git(root, 'for-each-ref', '--format=%(refname)', 'refs/daybook')).toBe(
      `refs/daybook/runs/${(commit as string).slice(0, 12)}`,
    );
  });

  it('gives one state one commit, and says that a clean tree is clean', async () => {
    const root = repository();
    const [first, second] = [await record(root), await record(root)];
    expect(second).toEqual(first);
    expect(first).toMatchObject({ is_dirty: false, tree: git(root, 'rev-parse', 'HEAD^{tree}') });
  });

  it('may be done by many at once', async () => {
    const root = repository();
    put(root, { 'new.txt': 'n\n' });
    const codes = await Promise.all(Array.from({ length: 6 }, () => record(root)));
    expect(new Set(codes.map(({ commit }) => commit)).size).toBe(1);
    expect(git(root, 'fsck', '--strict')).toBe('');
    expect(git(root, 'for-each-ref', '--format=%(objectname)', 'refs/daybook')).toBe(codes[0]!['commit']);
  });

  it('is recorded again where its ref was packed away', async () => {
    const root = repository();
    const first = await record(root);
    git(root, 'pack-refs', '--all');
    expect(await record(root)).toEqual(first);
    expect(git(root, 'for-each-ref', '--format=%(objectname)', 'refs/daybook')).toBe(first['commit']);
  });

  it('leaves nothing behind but objects and the ref', async () => {
    const root = repository();
    const temporary = temporaryFolder();
    vi.stubEnv('TMPDIR', temporary);
    onTestFinished(() => void vi.unstubAllEnvs());
    const names = readdirSync(join(root, '.git'));
    const mtime = statSync(join(root, '.git/index'), { bigint: true }).mtimeNs;
    await record(root);
    expect(readdirSync(join(root, '.git'))).toEqual(names);
    expect(statSync(join(root, '.git/index'), { bigint: true }).mtimeNs).toBe(mtime);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('keeps include, exclude and module, and the path relative to the book', async () => {
    const root = repository({ 'sub/a.py': '1\n', 'b.py': '2\n' });
    const code = await record(root, { path: 'sub', include: ['sub'], exclude: ['docs'], module: 'sub.a' });
    expect(code).toMatchObject({ path: 'sub', include: ['sub'], exclude: ['docs'], module: 'sub.a' });
    expect(filesOf(root, code.tree)).toEqual(['b.py', 'sub/a.py']);
    expect(Object.keys(code)).toEqual([
      ...['commit', 'tree', 'is_dirty', 'include', 'exclude', 'module', 'path', 'head', 'branch'],
    ]);
    const outside = repository();
    expect(await recordCode({ path: outside }, { root, from: root, shadow: true })).toMatchObject({
      path: outside,
    });
  });

  it('works before the first commit and with a detached HEAD', async () => {
    const root = temporaryFolder();
    git(root, 'init', '--quiet', '--initial-branch=main');
    put(root, { 'a.txt': 'a\n' });
    const unborn = await record(root);
    expect(unborn).toMatchObject({ is_dirty: true, branch: 'main' });
    expect(unborn).not.toHaveProperty('head');
    expect(git(root, 'rev-list', '--count', unborn['commit'] as string)).toBe('1');
    const detached = repository();
    git(detached, 'checkout', '--quiet', '--detach');
    const code = await record(detached);
    expect(code).not.toHaveProperty('branch');
    expect(code['head']).toBe(git(detached, 'rev-parse', 'HEAD'));
  });

  it('works in a linked worktree, in its own index', async () => {
    const root = repository();
    const linked = join(temporaryFolder(), 'linked');
    git(root, 'worktree', 'add', '--quiet', '-b', 'other', linked);
    put(linked, { 'only-here.txt': 'x\n' });
    git(linked, 'add', '--all');
    const before = stateOf(linked);
    const code = await record(linked);
    expect(stateOf(linked)).toBe(before);
    expect(code['branch']).toBe('other');
    expect(filesOf(root, code.tree)).toEqual(['a.txt', 'only-here.txt']);
  });

  it('names the remote without what logs in', async () => {
    const root = repository();
    git(root, 'remote', 'add', 'origin', 'https://user:secret@example.org/team/code.git');
    expect((await record(root))['remote']).toBe('https://example.org/team/code.git');
    git(root, 'remote', 'set-url', 'origin', 'git@example.org:team/code.git');
    expect((await record(root))['remote']).toBe('git@example.org:team/code.git');
  });

  it('is deaf to the variables, hooks and settings of the caller', async () => {
    const root = repository();
    put(root, { 'new.txt': 'n\n' });
    const expected = plainTree(root);
    const mark = join(temporaryFolder(), 'ran');
    put(root, { '.git/hooks/post-index-change': `#!/bin/sh\ntouch ${mark}\n` });
    chmodSync(join(root, '.git/hooks/post-index-change'), 0o755);
    put(root, { '.git/hooks/reference-transaction': `#!/bin/sh\ntouch ${mark}\nexit 1\n` });
    chmodSync(join(root, '.git/hooks/reference-transaction'), 0o755);
    git(root, 'config', 'commit.gpgSign', 'true');
    git(root, 'config', 'core.logAllRefUpdates', 'always');
    const elsewhere = repository();
    for (const [name, value] of Object.entries({
      GIT_DIR: join(elsewhere, '.git'),
      GIT_INDEX_FILE: join(elsewhere, '.git/index'),
      GIT_WORK_TREE: elsewhere,
      GIT_LITERAL_PATHSPECS: '1',
      GIT_NAMESPACE: 'other',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'core.bare',
      GIT_CONFIG_VALUE_0: 'true',
      GIT_AUTHOR_DATE: 'nonsense',
    })) {
      vi.stubEnv(name, value);
    }
    onTestFinished(() => void vi.unstubAllEnvs());
    const code = await record(root);
    vi.unstubAllEnvs();
    expect(code.tree).toBe(expected);
    expect(existsSync(mark)).toBe(false);
    expect(existsSync(join(root, '.git/logs/refs/daybook'))).toBe(false);
  });

  it('stores what the filters of the repository make, as git add does', async () => {
    const root = repository({ 'a.up': 'a\n', '.gitattributes': '*.up filter=up\n*.txt text eol=lf\n' });
    git(root, 'config', 'filter.up.clean', 'tr a-z A-Z');
    put(root, { 'b.up': 'word\n', 'c.txt': 'x\r\n' });
    const { tree } = await record(root);
    expect(tree).toBe(plainTree(root));
    expect(git(root, 'show', `${tree}:b.up`)).toBe('WORD');
  });

  it('works in repositories with SHA-256 ids', async () => {
    const root = repository({ 'a.txt': 'a\n' }, '--object-format=sha256');
    put(root, { 'b.txt': 'b\n' });
    const code = await record(root);
    expect(code['commit']).toMatch(/^[0-9a-f]{64}$/);
    expect(filesOf(root, code.tree)).toEqual(['a.txt', 'b.txt']);
  });

  it('writes nothing without the shadow: HEAD, its tree, and a patch that makes the work tree of it', async () => {
    const root = repository({ 'a.txt': 'a\n', 'gone.txt': 'x\n' });
    put(root, { 'a.txt': 'é\n', 'new dir/ü.txt': 'n\n', 'bin.dat': Uint8Array.from([0, 1, 255]) });
    execFileSync('rm', [join(root, 'gone.txt')]);
    const expected = plainTree(root);
    const objects = git(root, 'count-objects');
    const code = await record(root, {}, false);
    expect(git(root, 'count-objects')).toBe(objects);
    expect(git(root, 'for-each-ref', 'refs/daybook')).toBe('');
    expect(code).toMatchObject({
      commit: git(root, 'rev-parse', 'HEAD'),
      tree: git(root, 'rev-parse', 'HEAD^{tree}'),
      work_tree: expected,
      is_dirty: true,
    });
    const copy = join(temporaryFolder(), 'copy');
    git(root, 'clone', '--quiet', root, copy);
    writeFileSync(join(copy, '.git/p'), code['patch'] as string);
    git(copy, 'apply', '--index', '.git/p');
    expect(git(copy, 'write-tree')).toBe(expected);
  });

  it('keeps a patch that is not UTF-8 byte by byte', async () => {
    const root = repository();
    put(root, { 'latin.txt': Buffer.from('l\xe9\n', 'latin1') });
    const code = await record(root, {}, false);
    const patch = Buffer.from(code['patch_base64'] as string, 'base64');
    expect(patch.includes(Buffer.from('+l\xe9\n', 'latin1'))).toBe(true);
  });

  it.skipIf(process.getuid?.() === 0)('does without the shadow where it must not write', async () => {
    const root = repository();
    put(root, { 'a.txt': 'changed\n' });
    chmodSync(join(root, '.git/objects'), 0o555);
    onTestFinished(() => chmodSync(join(root, '.git/objects'), 0o755));
    expect(await record(root)).toMatchObject({ is_dirty: true, patch: expect.stringContaining('+changed') });
  });

  it('says what is wrong with a place', async () => {
    const empty = temporaryFolder();
    await expect(record(empty)).rejects.toMatchObject({
      code: 'git',
      message: `Expected a git repository at ${empty}, found none there or above it.`,
    });
    git(empty, 'init', '--quiet', '--bare');
    await expect(record(empty)).rejects.toMatchObject({
      code: 'git',
      message: `Expected a repository with files at ${empty}, found a bare repository, which has no work tree.`,
    });
    const root = repository();
    await expect(record(root, { path: '.git' })).rejects.toMatchObject({ code: 'git' });
    await expect(record(root, { path: 'nowhere' })).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});
