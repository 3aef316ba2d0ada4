import { execFile, execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { syncBook } from '../../../collector/operations/sync/sync-book.ts';
import { readTemplate } from '../../../collector/operations/templates.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'daybook-sync-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const environment = {
  ...process.env,
  GIT_AUTHOR_NAME: 'Test',
  GIT_AUTHOR_EMAIL: 'test@example.org',
  GIT_COMMITTER_NAME: 'Test',
  GIT_COMMITTER_EMAIL: 'test@example.org',
};

function git(cwd: string, ...args: string[]): string {
  return execFileSync('git', args, {
    cwd,
    encoding: 'utf8',
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trimEnd();
}

/** A bare repository with one commit, and clones of it by name. */
function makeClones(...names: string[]): string[] {
  const bare = join(folder, 'origin.git');
  git(folder, 'init', '--quiet', '--bare', '--initial-branch=main', bare);
  const first = join(folder, 'first');
  git(folder, 'clone', '--quiet', bare, first);
  git(first, 'checkout', '--quiet', '-B', 'main');
  write(first, 'code.txt', 'one\n');
  write(first, 'notes.txt', 'n\n');
  git(first, 'add', '.');
  git(first, 'commit', '--quiet', '-m', 'start');
  git(first, 'push', '--quiet', '-u', 'origin', 'main');
  return names.map((name) => {
    git(folder, 'clone', '--quiet', bare, join(folder, name));
    return join(folder, name);
  });
}

function write(root: string, path: string, text: string): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
}

function line(id: string, second: number): string {
  const timestamp = new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString();
  return `${JSON.stringify({ snapshot_id: id, timestamp, action: { type: 't' } })}\n`;
}

function record(root: string, id: string, second = 0): void {
  mkdirSync(join(root, 'snapshots'), { recursive: true });
  appendFileSync(join(root, 'snapshots/action_log.jsonl'), line(id, second));
}

const remoteLog = () => git(join(folder, 'origin.git'), 'show', 'main:snapshots/action_log.jsonl');
const localLog = (root: string) => readFileSync(join(root, 'snapshots/action_log.jsonl'), 'utf8');
const idsOf = (log: string) =>
  log
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text).snapshot_id as string);

function snapshot(id: string, text: string): string {
  const timestamp = '2026-01-01T10:00:00.000000Z';
  const content = {
    snapshot_id: id,
    snapshot_type: 'periodic',
    timestamp,
    interval: 'x',
    system_state: { text },
  };
  return `${JSON.stringify(content)}\n`;
}

describe('syncBook', () => {
  it('commits and pushes the book alone; the branch follows and the work tree is clean', async () => {
    const [a = ''] = makeClones('a');
    record(a, 'one');
    write(a, 'daybook.yaml', 'title: A\n');
    write(a, '.gitattributes', readTemplate('gitattributes'));
    write(a, '.gitignore', 'snapshots/private*\n');
    write(a, 'snapshots/private.json', '{}');
    write(a, 'untracked.txt', 'mine');
    write(a, 'metadata.json', '{}');
    const result = await syncBook(a);
    expect(result).toMatchObject({
      pushed: true,
      files: 3,
      attempts: 1,
      branch: 'main',
      remote: 'origin',
      moved: true,
      notes: [],
    });
    expect(git(a, 'rev-parse', 'HEAD')).toBe(result.commit);
    expect(git(a, 'rev-parse', 'origin/main')).toBe(result.commit);
    expect(git(a, 'status', '--porcelain').split('\n')).toEqual([
      '?? .gitignore',
      '?? metadata.json',
      '?? untracked.txt',
    ]);
    expect(git(a, 'show', '--name-only', '--format=', 'HEAD').split('\n')).toEqual([
      '.gitattributes',
      'daybook.yaml',
      'snapshots/action_log.jsonl',
    ]);
    expect(await syncBook(a)).toMatchObject({ commit: null, pushed: false, files: 0 });
  });

  it('leaves staged and changed files of the user exactly as they were', async () => {
    const [a = ''] = makeClones('a');
    write(a, 'code.txt', 'staged\n');
    git(a, 'add', 'code.txt');
    write(a, 'code.txt', 'staged and then changed\n');
    write(a, 'new.txt', 'new\n');
    git(a, 'add', 'new.txt');
    git(a, 'rm', '--quiet', 'notes.txt');
    const before = git(a, 'status', '--porcelain');
    const staged = git(a, 'diff', '--cached');
    record(a, 'one');
    await syncBook(a);
    expect(git(a, 'status', '--porcelain')).toBe(before);
    expect(git(a, 'diff', '--cached')).toBe(staged);
    expect(git(a, 'show', 'HEAD:code.txt')).toBe('one');
  });

  it('keeps what the user staged of the book itself', async () => {
    const [a = ''] = makeClones('a');
    write(a, 'daybook.yaml', 'title: staged\n');
    git(a, 'add', 'daybook.yaml');
    write(a, 'daybook.yaml', 'title: newer\n');
    await syncBook(a);
    expect(git(a, 'show', 'HEAD:daybook.yaml')).toBe('title: newer');
    expect(git(a, 'show', ':daybook.yaml')).toBe('title: staged');
  });

  it('unites the lines of both logs, identical ones once, in both clones', async () => {
    const [a = '', b = ''] = makeClones('a', 'b');
    record(a, 'shared', 0);
    record(b, 'shared', 0);
    record(a, 'a1', 1);
    record(b, 'b1', 2);
    record(a, 'a2', 3);
    await syncBook(a);
    await syncBook(b);
    expect(idsOf(remoteLog()).sort()).toEqual(['a1', 'a2', 'b1', 'shared']);
    expect(git(b, 'status', '--porcelain')).toBe('');
    // Only the order of the lines differs now: nothing to push, or the clones would never come to rest.
    expect(await syncBook(a)).toMatchObject({ commit: null, pushed: false, moved: true });
    expect(idsOf(localLog(a))).toEqual(['shared', 'a1', 'a2', 'b1']);
    expect(git(a, 'rev-parse', 'HEAD')).toBe(git(b, 'rev-parse', 'HEAD'));
    record(a, 'a3', 4);
    await syncBook(a);
    expect(git(a, 'status', '--porcelain')).toBe('');
  });

  it('keeps a torn last line where it is and commits whole lines only', async () => {
    const [a = '', b = ''] = makeClones('a', 'b');
    record(b, 'b1', 5);
    await syncBook(b);
    record(a, 'a1', 1);
    appendFileSync(join(a, 'snapshots/action_log.jsonl'), '{"snapshot_id":"torn');
    await syncBook(a);
    expect(localLog(a)).toBe(`${line('a1', 1)}{"snapshot_id":"torn\n${line('b1', 5)}`);
    appendFileSync(join(a, 'snapshots/action_log.jsonl'), '{"half');
    await syncBook(a);
    expect(remoteLog()).not.toContain('half');
    expect(localLog(a)).toMatch(/\{"half$/);
  });

  it('keeps both of two snapshots that took the same name, and the newest as latest', async () => {
    const [a = '', b = ''] = makeClones('a', 'b');
    const id = 'periodic_20260101_100000';
    write(a, `snapshots/${id}.json`, snapshot(id, 'from a'));
    write(a, 'snapshots/latest_periodic.json', snapshot(id, 'from a'));
    write(b, `snapshots/${id}.json`, snapshot(id, 'from b'));
    write(b, 'snapshots/latest_periodic.json', snapshot(id, 'from b'));
    await syncBook(a);
    const result = await syncBook(b);
    expect(result.notes).toEqual([
      `origin/main has another snapshots/${id}.json; the one from here is now snapshots/${id}_2.json.`,
    ]);
    expect(readFileSync(join(b, `snapshots/${id}.json`), 'utf8')).toContain('from a');
    expect(readFileSync(join(b, `snapshots/${id}_2.json`), 'utf8')).toContain('from b');
    await syncBook(a);
    for (const name of [`${id}.json`, `${id}_2.json`, 'latest_periodic.json']) {
      expect(readFileSync(join(a, 'snapshots', name), 'utf8')).toBe(
        readFileSync(join(b, 'snapshots', name), 'utf8'),
      );
    }
  });

  it('takes settings changed on one side, and keeps both sides where both changed them', async () => {
    const [a = '', b = ''] = makeClones('a', 'b');
    write(a, 'daybook.yaml', 'title: 1\n');
    await syncBook(a);
    await syncBook(b);
    expect(readFileSync(join(b, 'daybook.yaml'), 'utf8')).toBe('title: 1\n');
    write(a, 'daybook.yaml', 'title: 2\n');
    await syncBook(a);
    write(b, 'daybook.yaml', 'title: 3\n');
    record(b, 'b1');
    const result = await syncBook(b);
    expect(result).toMatchObject({ pushed: true, moved: false, files: 1 });
    expect(result.notes[0]).toMatch(/^daybook.yaml was changed both here and on origin\/main/);
    expect(git(join(folder, 'origin.git'), 'show', 'main:daybook.yaml')).toBe('title: 2');
    expect(readFileSync(join(b, 'daybook.yaml'), 'utf8')).toBe('title: 3\n');
  });

  it('records on top of the code of others without touching the checked-out code; a plain pull then works', async () => {
    const [a = '', b = ''] = makeClones('a', 'b');
    record(a, 'a1', 1);
    await syncBook(a);
    write(a, 'code.txt', 'two\n');
    git(a, 'commit', '--quiet', '-am', 'code');
    git(a, 'push', '--quiet');
    record(b, 'b1', 2);
    write(b, 'notes.txt', 'my notes\n');
    const first = await syncBook(b);
    expect(first).toMatchObject({ pushed: true, moved: false });
    expect(first.notes).toEqual(['main is behind origin/main; git pull brings it up to date.']);
    expect(readFileSync(join(b, 'code.txt'), 'utf8')).toBe('one\n');
    record(b, 'b2', 3);
    expect(await syncBook(b)).toMatchObject({ pushed: true, moved: false });
    record(b, 'b3', 4);
    git(b, 'pull', '--quiet', '--ff-only');
    expect(readFileSync(join(b, 'code.txt'), 'utf8')).toBe('two\n');
    expect(git(b, 'status', '--porcelain')).toBe(' M notes.txt\n M snapshots/action_log.jsonl');
    expect(idsOf(localLog(b)).sort()).toEqual(['a1', 'b1', 'b2', 'b3']);
  });

  it('quotes a branch in the command to paste, whatever its name holds', async () => {
    const [a = ''] = makeClones('a');
    git(a, 'checkout', '--quiet', '-b', "x$(id);`id`'y");
    record(a, 'a1');
    await expect(syncBook(a)).rejects.toMatchObject({
      hint: expect.stringContaining("git push -u origin 'x$(id);`id`'\\''y')"),
    });
  });

  it('publishes no commit of the user: refuses, or uses a branch of its own', async () => {
    const [a = ''] = makeClones('a');
    write(a, 'code.txt', 'secret work\n');
    git(a, 'commit', '--quiet', '-am', 'not yet');
    const head = git(a, 'rev-parse', 'HEAD');
    record(a, 'a1');
    await expect(syncBook(a)).rejects.toMatchObject({
      code: 'git',
      message: 'main has 1 commit that origin/main has not, and sync publishes no commits but its own.',
      hint: expect.stringContaining('--branch daybook'),
    });
    const result = await syncBook(a, { branch: 'daybook' });
    expect(result).toMatchObject({ pushed: true, branch: 'daybook', moved: false, notes: [] });
    const bare = join(folder, 'origin.git');
    expect(git(bare, 'ls-tree', '-r', '--name-only', 'daybook')).toBe('snapshots/action_log.jsonl');
    expect(git(bare, 'rev-list', '--count', 'daybook')).toBe('1');
    expect(git(a, 'rev-parse', 'HEAD')).toBe(head);
    expect(git(a, 'status', '--porcelain')).toBe('?? snapshots/');
    record(a, 'a2');
    await syncBook(a, { branch: 'daybook' });
    expect(git(bare, 'rev-list', '--count', 'daybook')).toBe('2');
  });

  it('commits without pushing when asked, and publishes that commit later', async () => {
    const [a = '', b = ''] = makeClones('a', 'b');
    record(a, 'a1', 1);
    const local = await syncBook(a, { push: false, message: 'Book of a' });
    expect(local).toMatchObject({ pushed: false, remote: null, moved: true, files: 1 });
    expect(git(a, 'log', '-1', '--format=%s')).toBe('Book of a');
    record(b, 'b1', 2);
    await syncBook(b);
    expect(await syncBook(a)).toMatchObject({ pushed: true, moved: true });
    expect(idsOf(remoteLog()).sort()).toEqual(['a1', 'b1']);
    expect(git(a, 'status', '--porcelain')).toBe('');
    expect(git(a, 'merge-base', '--is-ancestor', String(local.commit), 'HEAD')).toBe('');
  });

  it('starts an empty remote from a repository without commits', async () => {
    const bare = join(folder, 'empty.git');
    git(folder, 'init', '--quiet', '--bare', '--initial-branch=main', bare);
    const root = join(folder, 'fresh');
    git(folder, 'init', '--quiet', '--initial-branch=main', root);
    git(root, 'remote', 'add', 'origin', bare);
    record(root, 'one');
    expect(await syncBook(root)).toMatchObject({ pushed: true, moved: true, files: 1 });
    expect(git(root, 'status', '--porcelain')).toBe('');
  });

  it('works for a book in a folder of a larger repository', async () => {
    const [a = ''] = makeClones('a');
    const book = join(a, 'deep/book');
    record(book, 'one');
    record(a, 'not of this book');
    await syncBook(book);
    expect(git(a, 'show', '--name-only', '--format=', 'HEAD')).toBe('deep/book/snapshots/action_log.jsonl');
    expect(git(a, 'status', '--porcelain')).toBe('?? snapshots/');
  });

  it('leaves the branch alone while the user merges', async () => {
    const [a = ''] = makeClones('a');
    record(a, 'one');
    writeFileSync(join(a, '.git/MERGE_HEAD'), `${git(a, 'rev-parse', 'HEAD')}\n`);
    const result = await syncBook(a);
    expect(result).toMatchObject({ pushed: true, moved: false });
    expect(result.notes[0]).toMatch(/merge is under way/);
    expect(git(a, 'diff', '--cached', '--name-only')).toBe('');
  });

  it('waits for a locked index and then lets the branch be', async () => {
    const [a = ''] = makeClones('a');
    record(a, 'one');
    writeFileSync(join(a, '.git/index.lock'), '');
    const result = await syncBook(a);
    expect(result).toMatchObject({ pushed: true, moved: false });
    rmSync(join(a, '.git/index.lock'));
    expect(git(a, 'status', '--porcelain')).toBe('?? snapshots/');
    expect(await syncBook(a)).toMatchObject({ commit: null, moved: true });
    expect(git(a, 'status', '--porcelain')).toBe('');
  });
});

describe('syncBook, where it cannot be done', () => {
  it.each([
    ['no repository', (root: string) => mkdirSync(root), /is not inside the work tree of a git repository/],
    ['no remote', (root: string) => git(folder, 'init', '--quiet', root), /has no remote to push to/],
  ])('says so: %s', async (_name, prepare, message) => {
    const root = join(folder, 'x');
    prepare(root);
    record(root, 'one');
    const log = localLog(root);
    await expect(syncBook(root)).rejects.toMatchObject({
      name: 'DaybookError',
      code: 'git',
      message: expect.stringMatching(message),
    });
    expect(localLog(root)).toBe(log);
  });

  it('says so: detached HEAD, unless a branch is named', async () => {
    const [a = ''] = makeClones('a');
    git(a, 'checkout', '--quiet', '--detach');
    record(a, 'one');
    await expect(syncBook(a)).rejects.toMatchObject({
      code: 'git',
      message: expect.stringMatching(/detached HEAD/),
    });
    expect(await syncBook(a, { branch: 'main' })).toMatchObject({ pushed: true, moved: false });
    expect(idsOf(remoteLog())).toEqual(['one']);
  });

  it('says so: unknown remote, unreachable remote, remote that refuses', async () => {
    const [a = ''] = makeClones('a');
    record(a, 'one');
    await expect(syncBook(a, { remote: 'upstream' })).rejects.toMatchObject({
      message: 'There is no remote "upstream"; there are: origin.',
    });
    const hook = join(folder, 'origin.git/hooks/pre-receive');
    writeFileSync(hook, '#!/bin/sh\necho "error: the branch is protected" >&2\nexit 1\n', { mode: 0o755 });
    await expect(syncBook(a)).rejects.toMatchObject({
      message: 'origin did not take the push to main: the branch is protected',
    });
    rmSync(join(folder, 'origin.git'), { recursive: true });
    await expect(syncBook(a)).rejects.toMatchObject({
      code: 'git',
      message: expect.stringMatching(/^origin cannot be reached/),
    });
    expect(idsOf(localLog(a))).toEqual(['one']);
  });

  it('goes on for minutes where others are always first, then gives up and says so', async () => {
    const [a = ''] = makeClones('a');
    const bare = join(folder, 'origin.git');
    // The branch moves between our fetch and the moment the remote takes the push.
    const move =
      'git update-ref refs/heads/main $(git commit-tree -m x -p refs/heads/main refs/heads/main^{tree})';
    writeFileSync(join(bare, 'hooks/update'), `#!/bin/sh\nunset GIT_QUARANTINE_PATH\n${move}\n`, {
      mode: 0o755,
    });
    git(bare, 'config', 'user.name', 'T');
    git(bare, 'config', 'user.email', 't@example.org');
    record(a, 'one');
    const time = fakeTime(30_000);
    await expect(syncBook(a, {}, time.effects)).rejects.toMatchObject({
      code: 'git',
      message: expect.stringMatching(/Others pushed to origin\/main first, 3 times in 6 minutes/),
    });
    expect(time.waits).toHaveLength(3);
    expect(idsOf(localLog(a))).toEqual(['one']);
  });

  it('waits for a lock at the remote, and names it where it stays', async () => {
    const [a = '', b = ''] = makeClones('a', 'b');
    const lock = join(folder, 'origin.git/refs/heads/main.lock');
    writeFileSync(lock, '');
    record(a, 'one');
    const time = fakeTime(9000);
    await expect(syncBook(a, {}, time.effects)).rejects.toMatchObject({
      code: 'git',
      message: expect.stringMatching(/^main is locked at origin and has not moved for \d+ seconds/),
      hint: expect.stringContaining('remove refs/heads/main.lock'),
    });
    record(b, 'two');
    const letGo = { ...time.effects, sleep: async () => rmSync(lock, { force: true }) };
    expect(await syncBook(b, {}, letGo)).toMatchObject({ pushed: true, attempts: 2 });
  });

  it.each([
    ['a branch is protected', 'pre-receive', 'error: cannot lock ref, the branch is protected'],
    ['a hook declines', 'update', 'no pushes on Fridays'],
  ])('does not try again where %s', async (_name, hook, words) => {
    const [a = ''] = makeClones('a');
    const path = join(folder, 'origin.git/hooks', hook);
    writeFileSync(path, `#!/bin/sh\necho "${words}" >&2\nexit 1\n`, { mode: 0o755 });
    record(a, 'one');
    const time = fakeTime(1000);
    await expect(syncBook(a, {}, time.effects)).rejects.toMatchObject({
      message: `origin did not take the push to main: ${words.replace('error: ', '')}`,
    });
    expect(time.waits).toEqual([]);
  });
});

/** A clock that goes forward by a step whenever it is looked at, and waits that take no time. */
function fakeTime(step: number) {
  let now = 0;
  const waits: number[] = [];
  const effects = {
    random: () => 0.5,
    sleep: async (ms: number) => waits.push(ms),
    now: () => {
      now += step;
      return now;
    },
  };
  return { effects, waits };
}

describe('two clones pushing at once', () => {
  it('lose nothing in eight rounds of real processes, while others append', async () => {
    const [a = '', b = ''] = makeClones('a', 'b');
    const sync = fileURLToPath(new URL('../../../collector/operations/sync/sync-book.ts', import.meta.url));
    const script = `
      import { appendFileSync, mkdirSync } from 'node:fs';
      const { syncBook } = await import(process.argv[1]);
      const [root, name] = process.argv.slice(2);
      mkdirSync(root + '/snapshots', { recursive: true });
      let count = 0;
      const append = () => appendFileSync(root + '/snapshots/action_log.jsonl',
        JSON.stringify({ snapshot_id: name + count++, timestamp: new Date().toISOString() }) + '\\n');
      const timer = setInterval(append, 5);
      for (let round = 0; round < 8; round++) { append(); await syncBook(root); }
      clearInterval(timer);
      await syncBook(root);
      console.log(count);`;
    const start = async (root: string, name: string) => {
      const args = ['--input-type=module', '-e', script, sync, root, name];
      return Number((await promisify(execFile)(process.execPath, args, { env: environment })).stdout);
    };
    const counts = await Promise.all([start(a, 'a'), start(b, 'b')]);
    await syncBook(a);
    const expected = ['a', 'b'].flatMap((name, index) =>
      Array.from({ length: counts[index]! }, (_, n) => `${name}${n}`),
    );
    expect(idsOf(remoteLog()).sort()).toEqual(expected.sort());
    expect(idsOf(localLog(a)).sort()).toEqual(expected.sort());
    expect(git(a, 'diff', '--cached', '--name-only')).toBe('');
    expect(git(a, 'show', 'HEAD:code.txt')).toBe('one');
  });
});
