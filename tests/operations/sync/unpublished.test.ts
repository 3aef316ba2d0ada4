import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../collector/base/clock.ts';
import { DaybookError } from '../../../collector/base/errors.ts';
import { examineBook } from '../../../collector/operations/health/doctor.ts';
import { syncBook } from '../../../collector/operations/sync/sync-book.ts';
import { filesOf, git, makeClones, write } from './clones.ts';

const log = 'snapshots/action_log.jsonl';
const snapshot = 'snapshots/periodic_20260101_000000.json';

function record(root: string, id: string): void {
  mkdirSync(join(root, 'snapshots'), { recursive: true });
  appendFileSync(
    join(root, log),
    `{"snapshot_id":"${id}","timestamp":"2026-01-01T00:00:00Z","action":{"type":"t"}}\n`,
  );
}

async function failureOf(root: string): Promise<DaybookError> {
  try {
    await syncBook(root);
  } catch (error) {
    if (error instanceof DaybookError) return error;
    throw error;
  }
  throw new Error('sync said that all was well');
}

const unpublishedIn = async (root: string) =>
  (await examineBook(root, { repair: false, clock: systemClock })).findings.filter(
    ({ code }) => code === 'unpublished',
  );

/** A file of rules with a line that keeps the log out, and where sync says it stands. */
const rules: [name: string, file: (root: string) => string, rule: string, shown: RegExp][] = [
  [
    '.gitignore of the repository',
    (root) => join(root, '.gitignore'),
    '*.jsonl',
    /^\.gitignore:2 \("\*\.jsonl"\)/,
  ],
  [
    '.gitignore in the book',
    (root) => join(root, 'snapshots/.gitignore'),
    '*.jsonl',
    /^snapshots\/\.gitignore:1/,
  ],
  [
    'info/exclude',
    (root) => join(root, '.git/info/exclude'),
    'action_log*.jsonl',
    /^\.git\/info\/exclude:\d+/,
  ],
  ['the folder', (root) => join(root, '.gitignore'), 'snapshots/', /^\.gitignore:2 \("snapshots\/"\)/],
  ['everything', (root) => join(root, '.gitignore'), '*', /^\.gitignore:2 \("\*"\)/],
  [
    'core.excludesFile',
    (root) => {
      git(root, 'config', 'core.excludesFile', join(root, '../my-ignores'));
      return join(root, '../my-ignores');
    },
    '**/*.jsonl',
    /my-ignores:1 \("\*\*\/\*\.jsonl"\)/,
  ],
];

describe('files that git ignores', () => {
  it.each(rules)('are an error of sync and a finding of doctor: %s', async (_name, place, rule, shown) => {
    const { bare, clones } = makeClones(1);
    const [root = ''] = clones;
    record(root, 'one');
    const file = place(root);
    appendFileSync(file, `${rule}\n`);
    const error = await failureOf(root);
    expect(error.exitCode).toBe(1);
    expect(error.message).toMatch(/^Not all of the book was published\. /);
    expect(error.message.replace('Not all of the book was published. ', '')).toMatch(shown);
    expect(error.message).toContain(`ignores ${log}`);
    const [finding, ...others] = await unpublishedIn(root);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ severity: 'warning', hint: error.hint, line: expect.any(Number) });
    expect(`${finding?.file}:${finding?.line}`).toBe(
      error
        .where!.replace(/^.*my-ignores/, '../my-ignores')
        .replace(/^\.\.\/my/, finding!.file.replace(/-ignores$/, '')),
    );
    // Both remedies work: the exception, where there is one, and taking the line out.
    const exception = /, or add (below it|to \.gitignore at the top of this repository): (.*)$/.exec(
      error.hint ?? '',
    );
    if (exception === null) writeFileSync(file, readFileSync(file, 'utf8').replace(`${rule}\n`, ''));
    else appendFileSync(exception[1] === 'below it' ? file : join(root, '.gitignore'), `${exception[2]}\n`);
    expect(await syncBook(root)).toMatchObject({ pushed: true });
    expect(filesOf(bare).get(log)).toBe(readFileSync(join(root, log), 'utf8'));
    expect(await unpublishedIn(root)).toEqual([]);
  });

  it('publish the rest, and the error says what', async () => {
    const { bare, clones } = makeClones(1);
    const [root = ''] = clones;
    record(root, 'one');
    write(root, snapshot, '{}\n');
    appendFileSync(join(root, '.gitignore'), '*.jsonl\n');
    const error = await failureOf(root);
    expect(error.message).toMatch(/Everything else was published: 1 file, [0-9a-f]{10} on origin\/main\.$/);
    expect([...filesOf(bare).keys()]).toEqual([snapshot]);
    expect((await failureOf(root)).message).toMatch(/Nothing else had changed\.$/);
  });

  it('are not overwritten by what others published under their names', async () => {
    const { clones } = makeClones(2);
    const [a = '', b = ''] = clones;
    for (const [root, id] of [
      [a, 'a'],
      [b, 'b'],
    ] as const) {
      record(root, id);
      write(root, snapshot, `{"of":"${id}"}\n`);
      write(root, 'snapshots/private.json', `{"of":"${id}"}\n`);
    }
    appendFileSync(join(b, '.git/info/exclude'), '*.jsonl\n*.json\n');
    await syncBook(a);
    await failureOf(b);
    expect(readFileSync(join(b, log), 'utf8').match(/"snapshot_id":"[ab]"/g)).toHaveLength(2);
    expect(readFileSync(join(b, snapshot), 'utf8')).toContain('"a"');
    expect(readFileSync(join(b, snapshot.replace('.json', '_2.json')), 'utf8')).toContain('"b"');
    expect(readFileSync(join(b, 'snapshots/private_2.json'), 'utf8')).toContain('"b"');
  });

  it('are no error where they can be made again or are not the book’s', async () => {
    const { clones } = makeClones(1);
    const [root = ''] = clones;
    record(root, 'one');
    for (const name of ['latest_periodic.json', 'plot.png', 'store/registry.json'])
      write(root, `snapshots/${name}`, '{}');
    write(root, 'snapshots/store/.daybook/lock.db', '');
    write(root, 'dashboard/index.html', '');
    appendFileSync(join(root, '.gitignore'), 'latest_*\n*.png\nregistry.json\ndashboard/\nmetadata.lock\n');
    expect(await syncBook(root)).toMatchObject({ pushed: true, files: 1 });
    expect(await unpublishedIn(root)).toEqual([]);
  });

  it('are found in a book below the top, with the rule above it', async () => {
    const { clones } = makeClones(1);
    const [root = ''] = clones;
    const book = join(root, 'deep/book');
    record(book, 'one');
    appendFileSync(join(root, '.gitignore'), '*.jsonl\n');
    const error = await failureOf(book);
    expect(error.hint).toContain('!/deep/book/snapshots/**/*.jsonl');
    expect((await unpublishedIn(book))[0]).toMatchObject({ file: '../../.gitignore', line: 2 });
    appendFileSync(join(root, '.gitignore'), '!/deep/book/snapshots/**/*.jsonl\n');
    expect(await syncBook(book)).toMatchObject({ pushed: true });
  });
});

describe('files that git would not store as they are', () => {
  it.each([
    ['lfs', '*.jsonl filter=lfs diff=lfs merge=lfs -text', '.gitattributes'],
    ['git-crypt', 'snapshots/** filter=git-crypt diff=git-crypt', '.gitattributes'],
    ['lfs', '*.json[a-l] filter=lfs', '.gitattributes'],
    ['lfs', '[attr]large filter=lfs\n*.jsonl large', '.git/info/attributes'],
  ])('are an error: filter %s by "%s"', async (filter, line, file) => {
    const { bare, clones } = makeClones(1);
    const [root = ''] = clones;
    record(root, 'one');
    appendFileSync(join(root, file), `# mine\n${line}\n`);
    const error = await failureOf(root);
    expect(error.message).toContain(`${file}:${line.split('\n').length + 1} `);
    expect(error.message).toContain(`filter "${filter}"`);
    expect(await unpublishedIn(root)).toHaveLength(1);
    const lines = [...error.hint!.matchAll(/"([^"]+)"/g)].map(([, text]) => text);
    appendFileSync(join(root, file), `${lines.join('\n')}\n`);
    expect(await syncBook(root)).toMatchObject({ pushed: true });
    expect(filesOf(bare).get(log)).toBe(readFileSync(join(root, log), 'utf8'));
    expect(await unpublishedIn(root)).toEqual([]);
  });

  it('are not merged where the remote holds the pointer of a filter', async () => {
    const { bare, clones } = makeClones(2);
    const [a = '', b = ''] = clones;
    write(a, log, 'version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 12\n');
    git(a, 'add', '.');
    git(a, 'commit', '--quiet', '-m', 'pointer');
    git(a, 'push', '--quiet');
    record(b, 'mine');
    const error = await failureOf(b);
    expect(error.message).toMatch(/origin\/main does not hold the content of snapshots\/action_log\.jsonl/);
    expect(readFileSync(join(b, log), 'utf8')).not.toContain('git-lfs');
    expect(filesOf(bare).get(log)).toContain('git-lfs');
  });
});

describe('files that git was told not to look at', () => {
  it.each(['skip-worktree', 'assume-unchanged'])('are an error once they change: %s', async (flag) => {
    const { bare, clones } = makeClones(1);
    const [root = ''] = clones;
    record(root, 'one');
    await syncBook(root);
    git(root, 'update-index', `--${flag}`, log);
    await syncBook(root);
    record(root, 'two');
    const error = await failureOf(root);
    expect(error.message).toContain(`the flag ${flag} of git's index hides changes of ${log}`);
    const command = /git (update-index .*)$/.exec(error.hint ?? '')?.[1];
    git(root, ...command!.split(' '));
    expect(await syncBook(root)).toMatchObject({ pushed: true });
    expect(filesOf(bare).get(log)).toContain('two');
  });

  it('are published from a sparse checkout that leaves the book out, and not brought back into it', async () => {
    const { bare, clones } = makeClones(2);
    const [a = '', b = ''] = clones;
    record(a, 'one');
    write(a, snapshot, '{}\n');
    write(a, 'src/code.txt', 'x\n');
    await syncBook(a);
    git(b, 'pull', '--quiet');
    git(b, 'sparse-checkout', 'set', '--cone', '--sparse-index', 'src');
    record(b, 'two');
    write(b, 'snapshots/periodic_20260101_000001.json', '{}\n');
    await syncBook(b);
    const remote = filesOf(bare);
    expect(remote.get(log)).toMatch(/two.*\n.*one/);
    expect(remote.has('snapshots/periodic_20260101_000001.json')).toBe(true);
    expect(remote.has(snapshot)).toBe(true);
    expect(git(b, 'status', '--porcelain')).toBe('');
    await syncBook(a);
    expect(await syncBook(b)).toMatchObject({ commit: null });
  });
});

describe('what stands in the place of the book', () => {
  it('is named: a link, and a repository of its own', async () => {
    const { clones } = makeClones(2);
    const [a = '', b = ''] = clones;
    record(b, 'one');
    git(join(b, 'snapshots'), 'init', '--quiet');
    expect((await failureOf(b)).message).toContain('A git repository of its own stands at snapshots');
    expect(await unpublishedIn(b)).toHaveLength(1);
    record(a, 'one');
    renameSync(join(a, 'snapshots'), join(a, '../elsewhere'));
    symlinkSync('../elsewhere', join(a, 'snapshots'));
    expect((await failureOf(a)).message).toContain('A link stands in place of snapshots');
    rmSync(join(a, 'snapshots'));
    record(a, 'two');
    renameSync(join(a, log), join(a, 'snapshots/log.txt'));
    symlinkSync('log.txt', join(a, log));
    expect((await failureOf(a)).message).toContain(`A link stands in place of ${log}`);
  });
});
