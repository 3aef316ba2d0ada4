import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { expandExample } from '../base/secrets/expand-example.ts';
import { run } from '../cli/run.ts';
import { temporaryFolder } from '../helpers.ts';

function git(folder: string, ...args: string[]): string {
  return execFileSync('git', args, {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();
}

function write(root: string, files: Record<string, string>): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
}

/** A repository with a book of one run that has a picture of text, work that is not committed, and a remote. */
function madeBook(more: Record<string, string> = {}): { root: string; remote: string } {
  const [root, remote] = [temporaryFolder(), temporaryFolder()];
  git(remote, 'init', '--quiet', '--bare');
  git(root, 'init', '--quiet', '--initial-branch=main');
  for (const [key, value] of [
    ['user.name', 'A'],
    ['user.email', 'a@example.org'],
  ])
    git(root, 'config', key!, value!);
  git(root, 'remote', 'add', 'origin', remote);
  const tracker = {
    experiment_id: 'a',
    experiment_name: 'a',
    timestamp: '2026-11-20T10:00:00',
    status: 'completed',
  };
  write(root, {
    'daybook.yaml': 'title: Published\n',
    'runs/a/experiment_tracker.json': JSON.stringify({ ...tracker, visualization_files: ['notes.txt'] }),
    'runs/a/notes.txt': 'loss 1\n',
    'code.py': 'print(1)\n',
    '.gitignore': '.daybook/\n',
    ...more,
  });
  git(root, 'add', '.');
  git(root, 'commit', '--quiet', '-m', 'begin');
  git(root, 'push', '--quiet', '-u', 'origin', 'main');
  write(root, { 'code.py': 'print(2)\n', 'staged.py': 'x\n', 'other.py': 'y\n' });
  git(root, 'add', 'staged.py');
  return { root, remote };
}

/** All of a work tree that publishing may not touch. */
const stateOf = (root: string) => [
  git(root, 'status', '--porcelain=v2', '--branch'),
  git(root, 'rev-parse', 'HEAD', 'main'),
  readFileSync(join(root, 'code.py'), 'utf8'),
];
const filesAt = (root: string, ref: string) => git(root, 'ls-tree', '-r', '--name-only', ref).split('\n');
const keepCode = (root: string, name: string) => git(root, 'update-ref', `refs/daybook/runs/${name}`, 'HEAD');

describe('daybook publish to a branch', () => {
  it('says what leaves the machine, commits the site and pushes it, and touches nothing else', async () => {
    const { root, remote } = madeBook();
    keepCode(root, 'abc');
    const before = stateOf(root);
    const ran = await run(root, ['publish', 'gh-pages', '--push', 'origin', '--yes', '--refs']);
    expect(ran).toMatchObject({ exitCode: 0 });
    expect(ran.out).toMatch(
      /to publish to branch gh-pages, pushed to origin\nsite {6}\d+ pages of 1 run, 0 actions and 0 snapshots, [\d.]+ [kM]B\n/,
    );
    expect(ran.out).toMatch(/artifacts copies of 1 file of runs, 7 B of that/);
    expect(ran.out).toMatch(
      /1 ref \(refs\/daybook\/\*\) keeps the code of runs\. daybook restore needs them/,
    );
    expect(ran.out.indexOf('to publish')).toBeLessThan(ran.out.indexOf('published to origin/gh-pages'));
    expect(ran.out).toContain('pushed 1 ref to origin');
    expect(stateOf(root)).toEqual(before);
    expect(git(remote, 'rev-parse', 'gh-pages')).toBe(git(root, 'rev-parse', 'gh-pages'));
    expect(git(remote, 'for-each-ref', '--format=%(refname)', 'refs/daybook')).toBe('refs/daybook/runs/abc');
    expect(filesAt(remote, 'gh-pages')).toEqual(
      expect.arrayContaining(['.nojekyll', 'index.html', 'assets/daybook.js', 'data/runs/index.json']),
    );
    expect(filesAt(remote, 'gh-pages')).not.toContain('code.py');
    expect(git(remote, 'show', 'gh-pages:index.html')).toContain('Published');
  });

  it('puts a new site on top of an earlier one, keeps the name of the host, and takes in what others published', async () => {
    const { root, remote } = madeBook();
    await run(root, ['publish', 'gh-pages', '--push', 'origin', '--yes']);
    const other = join(temporaryFolder(), 'clone');
    execFileSync('git', ['clone', '--quiet', '--branch', 'gh-pages', remote, other]);
    write(other, { CNAME: 'runs.example.org\n' });
    git(other, 'add', '.');
    git(other, '-c', 'user.name=B', '-c', 'user.email=b@example.org', 'commit', '--quiet', '-m', 'host');
    git(other, 'push', '--quiet');
    write(root, { 'daybook.yaml': 'title: Changed\n' });
    const ran = await run(root, ['publish', 'gh-pages', '--push', 'origin', '--yes', '--json']);
    const said = JSON.parse(ran.out) as { commit: string; pushed: boolean };
    expect(said).toMatchObject({
      kind: 'branch',
      place: 'gh-pages',
      pushed: true,
      runs: 1,
      artifacts: { files: 1, bytes: 7 },
    });
    expect(git(remote, 'rev-parse', 'gh-pages')).toBe(said.commit);
    expect(git(remote, 'log', '--format=%s', 'gh-pages').split('\n')).toEqual([
      'Publish the dashboard: 1 run, 0 actions',
      'host',
      'Publish the dashboard: 1 run, 0 actions',
    ]);
    expect(git(remote, 'show', 'gh-pages:CNAME')).toBe('runs.example.org');
    expect(git(remote, 'show', 'gh-pages:index.html')).toContain('Changed');
  });

  it('leaves alone a branch that is checked out, or that holds anything but a site', async () => {
    const { root, remote } = madeBook();
    git(root, 'branch', 'work');
    const before = [git(root, 'for-each-ref'), git(remote, 'for-each-ref')];
    for (const [branch, said] of [
      ['main', 'is checked out'],
      ['work', 'Expected an earlier site'],
    ]) {
      const ran = await run(root, ['publish', branch!, '--push', 'origin', '--yes']);
      expect([ran.exitCode, ran.problem]).toEqual([1, expect.stringContaining(said!)]);
    }
    expect([git(root, 'for-each-ref'), git(remote, 'for-each-ref')]).toEqual(before);
  });

  it('asks at a terminal, publishes nothing for a no, and nothing where nobody can be asked', async () => {
    const { root } = madeBook();
    keepCode(root, 'abc');
    const refs = () => git(root, 'for-each-ref', '--format=%(refname)', 'refs/heads');
    const no = await run(root, ['publish', 'gh-pages'], { input: 'n\n', isTyped: true });
    expect(no).toMatchObject({ exitCode: 0, problem: expect.stringContaining('Nothing was published.') });
    const nobody = await run(root, ['publish', 'gh-pages']);
    expect(nobody).toMatchObject({ exitCode: 2, problem: expect.stringContaining('--yes') });
    expect(refs()).toBe('refs/heads/main');
    const yes = await run(root, ['publish', 'gh-pages', '--no-refs'], { input: 'y\n', isTyped: true });
    expect(yes.exitCode).toBe(0);
    expect(refs()).toBe('refs/heads/gh-pages\nrefs/heads/main');
  });

  it('offers to push the refs that restore needs, and says how where the answer is no', async () => {
    const { root, remote } = madeBook();
    keepCode(root, 'abc');
    const pushed = () => git(remote, 'for-each-ref', '--format=%(refname)', 'refs/daybook');
    const no = await run(root, ['publish', 'gh-pages', '--yes'], { input: 'n\n', isTyped: true });
    expect(no.problem).toContain('Push the 1 ref to origin as well? (y or n)');
    expect(no.problem).toContain("git push origin 'refs/daybook/*:refs/daybook/*'");
    expect(pushed()).toBe('');
    const yes = await run(root, ['publish', 'gh-pages', '--yes'], { input: 'y\n', isTyped: true });
    expect(yes.out).toContain('pushed 1 ref to origin');
    expect(pushed()).toBe('refs/daybook/runs/abc');
  });

  it('publishes no secret', async () => {
    const { root } = madeBook({ 'runs/a/notes.txt': `key ${expandExample('ghp_{a36}')}\n` });
    const ran = await run(root, ['publish', 'gh-pages', '--yes']);
    expect(ran).toMatchObject({
      exitCode: 1,
      problem: expect.stringContaining('github-token: runs/a/notes.txt:1'),
    });
    expect(git(root, 'for-each-ref', '--format=%(refname)', 'refs/heads')).toBe('refs/heads/main');
  });

  it('says where a push is refused that the site is on the branch here', async () => {
    const { root, remote } = madeBook();
    write(remote, { 'hooks/pre-receive': '#!/bin/sh\necho no pages here >&2\nexit 1\n' });
    execFileSync('chmod', ['+x', join(remote, 'hooks/pre-receive')]);
    const ran = await run(root, ['publish', 'gh-pages', '--push', 'origin', '--yes']);
    expect(ran).toMatchObject({ exitCode: 1, problem: expect.stringContaining('no pages here') });
    expect(ran.out).not.toContain('published');
    const other = await run(root, ['publish', 'gh-pages', '--push', 'nowhere', '--yes']);
    expect(other).toMatchObject({
      exitCode: 1,
      problem: expect.stringContaining('There is no remote "nowhere"'),
    });
  });
});

describe('daybook publish to a folder', () => {
  it('puts the site there in the place of an earlier one, and of nothing else', async () => {
    const { root } = madeBook();
    const home = temporaryFolder();
    const publish = () => run(root, ['publish', join(home, 'site'), '--yes']);
    expect(await publish()).toMatchObject({ exitCode: 0 });
    write(home, { 'site/CNAME': 'runs.example.org\n', 'site/runs/old.html': 'old' });
    expect(await publish()).toMatchObject({ exitCode: 0 });
    expect(readFileSync(join(home, 'site/CNAME'), 'utf8')).toBe('runs.example.org\n');
    expect([existsSync(join(home, 'site/index.html')), existsSync(join(home, 'site/runs/old.html'))]).toEqual(
      [true, false],
    );
    git(join(home, 'site'), 'init', '--quiet');
    expect(await publish()).toMatchObject({
      exitCode: 1,
      problem: expect.stringContaining('found .git in it'),
    });
    write(home, { 'mine/notes.txt': 'x' });
    const mine = await run(root, ['publish', join(home, 'mine'), '--yes']);
    expect(mine).toMatchObject({ exitCode: 1, problem: expect.stringContaining('found other files') });
    expect(await run(root, ['publish', './snapshots', '--yes'])).toMatchObject({ exitCode: 2 });
  });

  it('is told from a branch by what is there, or asks which is meant', async () => {
    const { root } = madeBook();
    expect((await run(root, ['publish', 'site', '--yes'])).problem).toContain(
      'neither a folder nor a branch "site"',
    );
    expect(await run(root, ['publish', 'site', '--as', 'folder', '--yes'])).toMatchObject({ exitCode: 0 });
    expect(existsSync(join(root, 'site/index.html'))).toBe(true);
    git(root, 'branch', 'site');
    expect((await run(root, ['publish', 'site', '--yes'])).problem).toContain('a folder here and a branch');
    for (const words of [
      ['./x', '--push', 'origin'],
      ['-x..y', '--as', 'branch'],
      ['a..b', '--as', 'branch'],
    ])
      expect(await run(root, ['publish', ...words, '--yes']), words.join(' ')).toMatchObject({ exitCode: 2 });
  });
});
