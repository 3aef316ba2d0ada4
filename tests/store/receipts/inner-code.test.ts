import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openBook } from '../../../collector/index.ts';
import { recordCode } from '../../../collector/store/receipts/shadow-commit.ts';
import { readWorkTree } from '../../../collector/store/receipts/work-tree.ts';
import { temporaryFolder } from '../../helpers.ts';
import { git, put, repository } from './repository.ts';

const record = (root: string, shadow = true) => recordCode({ path: '.' }, { root, from: root, shadow });

/** lib, a submodule, with deep, a submodule of its own. */
function nested(): string {
  const lib = repository({ 'lib.py': '1\n' });
  git(lib, 'submodule', '--quiet', 'add', repository({ 'deep.py': '1\n' }), 'deep');
  git(lib, 'commit', '--quiet', '-m', 'deep');
  const root = repository();
  git(root, 'submodule', '--quiet', 'add', lib, 'lib');
  git(root, 'submodule', '--quiet', 'update', '--init', '--recursive');
  git(root, 'commit', '--quiet', '-m', 'lib');
  return root;
}

/** What recording must leave as it is. */
const untouched = (folder: string) =>
  ['status --porcelain=v2 --branch', 'ls-files --stage --debug', 'reflog --all'].map((line) =>
    git(folder, ...line.split(' ')),
  );

/** What the work tree holds, as a comparison with the recorded state sees it. */
async function nowTree(root: string) {
  const tree = await readWorkTree(root);
  if (!('tree' in tree)) throw new Error(tree.why);
  tree.close();
  return tree;
}

describe('the code of repositories inside of another', () => {
  it('is recorded as it is checked out, and clean where it is', async () => {
    const root = nested();
    const code = await record(root);
    expect(code).toMatchObject({ is_dirty: false, tree: git(root, 'rev-parse', 'HEAD^{tree}') });
    expect(code['submodules']).toMatchObject({
      lib: { commit: git(`${root}/lib`, 'rev-parse', 'HEAD'), is_dirty: false },
      'lib/deep': { commit: git(`${root}/lib/deep`, 'rev-parse', 'HEAD'), is_dirty: false },
    });
  });

  it.each([
    ['a changed file', 'lib', (lib: string) => put(lib, { 'lib.py': '2\n' })],
    ['a new file', 'lib', (lib: string) => put(lib, { 'new.py': '2\n' })],
    ['a file that is away', 'lib', (lib: string) => rmSync(join(lib, 'lib.py'))],
    ['a deeper change', 'lib/deep', (lib: string) => put(lib, { 'deep/deep.py': '2\n' })],
    ['a commit', 'lib', (lib: string) => git(lib, 'commit', '--quiet', '--allow-empty', '-m', 'x')],
  ])('makes another state of it: %s', async (_, path, change) => {
    const root = nested();
    const clean = await record(root);
    change(join(root, 'lib'));
    const before = [root, `${root}/lib`, `${root}/lib/deep`].map(untouched);
    const code = await record(root);
    expect([root, `${root}/lib`, `${root}/lib/deep`].map(untouched)).toEqual(before);
    expect(code.is_dirty).toBe(true);
    expect(code.tree).not.toBe(clean.tree);
    expect((await nowTree(root)).tree).toBe(code.tree);
    const commit = (code['submodules'] as Record<string, { commit: string }>)[path]!.commit;
    const folder = join(root, path);
    git(folder, 'gc', '--quiet', '--prune=now');
    const index = join(temporaryFolder(), 'index');
    const env = { ...process.env, GIT_INDEX_FILE: index };
    const run = (...args: string[]) => execFileSync('git', args, { cwd: folder, env, encoding: 'utf8' });
    run('read-tree', commit);
    run('update-index', '-q', '--refresh');
    expect([run('diff-files', '--ignore-submodules'), run('ls-files', '--others')]).toEqual(['', '']);
  });

  it('is the same again when the change is taken back', async () => {
    const root = nested();
    const clean = await record(root);
    put(root, { 'lib/deep/deep.py': '2\n' });
    await record(root);
    git(`${root}/lib/deep`, 'checkout', '--quiet', '.');
    expect(await record(root)).toEqual(clean);
  });

  it('counts where a repository only lies there, with commits or without, and is ignored where git ignores it', async () => {
    const root = repository({ 'a.txt': 'a\n', '.gitignore': 'ignored/\n' });
    for (const name of ['in side', 'born', 'ignored']) {
      mkdirSync(join(root, name));
      git(join(root, name), 'init', '--quiet', '--initial-branch=main');
    }
    put(root, { 'in side/x': 'x', 'born/y': 'y', 'ignored/z': 'z' });
    git(join(root, 'born'), 'add', '.');
    git(join(root, 'born'), 'commit', '--quiet', '-m', 'y');
    const first = await record(root);
    expect(first['submodules']).toMatchObject({ born: { is_dirty: false }, 'in side': { is_dirty: true } });
    for (const path of ['in side/x', 'born/y']) {
      const before = await record(root);
      put(root, { [path]: '2' });
      expect((await record(root)).tree).not.toBe(before.tree);
    }
    const before = await record(root);
    put(root, { 'ignored/z': '2' });
    expect(await record(root)).toEqual(before);
    const commit = (before['submodules'] as Record<string, { commit: string }>)['in side']!.commit;
    expect(git(join(root, 'in side'), 'show', `${commit}:x`)).toBe('2');
  });

  it.each([
    [
      'it is not checked out',
      (root: string) => git(root, 'submodule', '--quiet', 'deinit', '--force', 'lib'),
    ],
    [
      'it is not checked out, but files lie there',
      (root: string) => {
        git(root, 'submodule', '--quiet', 'deinit', '--force', 'lib');
        put(root, { 'lib/x.py': 'x\n' });
      },
    ],
    [
      'git does not take it for a repository',
      (root: string) => rmSync(join(root, '.git/modules/lib'), { recursive: true }),
    ],
  ])('is said to be missing, with the reason, and the rest is recorded: %s', async (why, breakIt) => {
    const root = nested();
    breakIt(root);
    put(root, { 'a.txt': 'changed\n' });
    const code = await record(root);
    expect(code['submodules']).toEqual({ lib: { missing: expect.stringContaining(why) } });
    expect(git(root, 'show', `${code.tree}:a.txt`)).toBe('changed');
    expect((await nowTree(root)).uncovered).toEqual([{ path: 'lib', why: expect.stringContaining(why) }]);
  });

  it('is recorded whole where the commits of one are lost', async () => {
    const root = nested();
    put(root, { 'lib/lib.py': '7\n', 'a.txt': 'changed\n' });
    rmSync(join(root, '.git/modules/lib/objects'), { recursive: true });
    mkdirSync(join(root, '.git/modules/lib/objects'));
    const code = await record(root);
    const { lib } = code['submodules'] as Record<string, { commit: string }>;
    expect(lib).toMatchObject({ commit: expect.any(String) });
    expect(git(`${root}/lib`, 'show', `${lib!.commit}:lib.py`)).toBe('7');
    expect(git(root, 'show', `${code.tree}:a.txt`)).toBe('changed');
  });

  it.skipIf(process.getuid?.() !== 0)('is said to be missing where it belongs to someone else', async () => {
    const root = nested();
    execFileSync('chown', ['-R', 'nobody', join(root, 'lib'), join(root, '.git/modules/lib')]);
    onTestFinished(() => void execFileSync('chown', ['-R', 'root', root]));
    put(root, { 'a.txt': 'changed\n' });
    const code = await record(root);
    expect(code['submodules']).toMatchObject({
      lib: { missing: expect.stringContaining('dubious ownership') },
    });
    expect(git(root, 'show', `${code.tree}:a.txt`)).toBe('changed');
  });

  it('is said to be missing where its ids cannot stand in the tree around it', async () => {
    const root = repository();
    mkdirSync(join(root, 'long'));
    git(join(root, 'long'), 'init', '--quiet', '--object-format=sha256');
    put(root, { 'long/x': 'x' });
    expect((await record(root))['submodules']).toEqual({
      long: { missing: 'its ids are longer or shorter than those around it' },
    });
  });

  it('writes nothing to any of them without the shadow, and says by patches what is in them', async () => {
    const root = nested();
    put(root, { 'lib/lib.py': '2\n', 'lib/deep/new.py': 'n\n' });
    const folders = [root, `${root}/lib`, `${root}/lib/deep`];
    const before = folders.map((folder) => [git(folder, 'count-objects'), git(folder, 'for-each-ref')]);
    const code = await record(root, false);
    expect(folders.map((folder) => [git(folder, 'count-objects'), git(folder, 'for-each-ref')])).toEqual(
      before,
    );
    expect(code).toMatchObject({
      work_tree: (await nowTree(root)).tree,
      submodules: {
        lib: { patch: expect.stringContaining('+2'), tree: git(`${root}/lib`, 'rev-parse', 'HEAD^{tree}') },
        'lib/deep': { patch: expect.stringContaining('+n') },
      },
    });
    expect((await record(root)).tree).toBe(code['work_tree']);
  });

  it.each([true, false])('comes back with everything in it (shadow: %s)', async (shadow) => {
    const root = nested();
    put(root, { 'lib/lib.py': '2\n', 'lib/deep/new.py': 'n\n' });
    const { receipts } = await openBook(root);
    await receipts.issue({ repos: '.', out: 'r', shadow });
    put(root, { 'lib/lib.py': '3\n', 'lib/deep/new.py': 'other\n' });
    const [verdict] = await receipts.verify('r');
    expect(verdict!.entries[0]!.files.map(({ path }) => path)).toEqual(['lib/deep/new.py', 'lib/lib.py']);
    const [restored] = await receipts.restore('r', 'back');
    expect(restored).toMatchObject({ why: undefined, missing: [] });
    const read = (path: string) => execFileSync('cat', [join(root, 'back', path)], { encoding: 'utf8' });
    expect([read('lib/lib.py'), read('lib/deep/new.py'), read('lib/deep/deep.py')]).toEqual([
      '2\n',
      'n\n',
      '1\n',
    ]);
  });

  it('shows what differs inside of them, with the patch', async () => {
    const root = nested();
    const { receipts } = await openBook(root);
    for (const [out, shadow] of [
      ['a', true],
      ['b', false],
    ] as const) {
      put(root, { 'lib/lib.py': `${out}\n`, 'lib/deep/deep.py': `${out}\n` });
      await receipts.issue({ repos: { main: '.' }, out, shadow });
    }
    const { same, code } = await receipts.diff('a', 'b', { code: true });
    expect(same).toBe(false);
    expect(code.entries[0]!.files?.map(({ path, addedLines }) => [path, addedLines])).toEqual([
      ['lib/deep/deep.py', 1],
      ['lib/lib.py', 1],
    ]);
    expect(code.entries[0]!.patch?.text).toContain('--- a/lib/deep/deep.py\n+++ b/lib/deep/deep.py\n');
    expect(code.entries[0]!.patch?.text).toContain('-a\n+b\n');
  });

  it('is the same code if and only if all files are the same, whatever is where', async () => {
    const root = nested();
    const files = ['a.txt', 'lib/lib.py', 'lib/deep/deep.py'];
    const seen = new Map<string, string>();
    const states = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 3, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(states, async (values) => {
        for (const [at, file] of files.entries()) put(root, { [file]: `${values[at]}\n` });
        const { tree } = await record(root);
        const key = values.join(' ');
        const known = seen.get(key);
        if (known !== undefined) expect(tree).toBe(known);
        else expect([...seen.values()]).not.toContain(tree);
        seen.set(key, tree);
      }),
      { numRuns: 8 },
    );
  });
});
