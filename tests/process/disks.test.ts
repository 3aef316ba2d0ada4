import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runFaulty } from '../faults.ts';
import { temporaryFolder } from '../helpers.ts';

const mount = (...words: string[]) => spawnSync('mount', words).status === 0;

/** A disk of its own; false where this machine lets nobody mount one. */
function mountDisk(folder: string): boolean {
  if (!mount('-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder)) return false;
  onTestFinished(() => void spawnSync('umount', ['-l', folder]));
  return true;
}

const canMount = (() => {
  const probe = spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']);
  return process.getuid?.() === 0 && probe.status === 0;
})();

/** A book on a small disk with something of every kind in it. */
function bookOnDisk(): {
  root: string;
  spool: string;
  run: (...argv: string[]) => ReturnType<typeof runFaulty>;
} {
  const folder = temporaryFolder();
  const root = join(folder, 'disk');
  const spool = join(folder, 'spool');
  mkdirSync(root);
  expect(mountDisk(root)).toBe(true);
  spawnSync('git', ['init', '-q', root]);
  mkdirSync(join(root, 'data'));
  writeFileSync(join(root, 'data/x'), '1');
  writeFileSync(join(folder, 'state.json'), '{"a": 1}');
  const run = (...argv: string[]) => runFaulty(root, argv, { spool });
  for (const argv of [
    ['init'],
    ['action', 'a'],
    ['experiment', 'start', 'e'],
    ['ledger', 'allocate', 'train'],
    ['store', 'save', join(folder, 'state.json')],
  ]) {
    expect(run(...argv)).toMatchObject({ status: 0 });
  }
  return { root, spool, run };
}

/** Every command that writes, as far as its first write. */
const writing: readonly string[][] = [
  ['action', 'b'],
  ['periodic'],
  ['experiment', 'start', 'f'],
  ['experiment', 'progress', 'e', '5'],
  ['experiment', 'complete', 'e'],
  ['ledger', 'allocate', 'train'],
  ['store', 'save', 'data/x'],
  ['lock', '--out', 'r', '--data', 'data'],
  ['sync', '--no-push'],
  ['init', '--dir', 'data'],
  ['build'],
];

/** All files of the book with their content, caches and git aside. */
function contentOf(root: string): Map<string, string> {
  const names = globSync('**/*', { cwd: root, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !/\/(?:\.daybook|\.git)\//.test(path) && !path.endsWith('/fill'));
  return new Map(names.sort().map((path) => [path, readFileSync(path, 'latin1')]));
}

// Skipped visibly where nobody may mount a disk.
describe.skipIf(!canMount)('a disk that is mounted read-only', () => {
  it('is called so by every command that writes, and nothing changes', () => {
    const { root, run } = bookOnDisk();
    const before = contentOf(root);
    expect(mount('-o', 'remount,ro', root)).toBe(true);
    for (const argv of writing) {
      const { status, stderr } = run(...argv);
      expect({ argv, status, stderr }).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(
          /^error: .*cannot be written: the file system is mounted read-only \(EROFS\)/,
        ),
      });
      expect(stderr).toContain('Mount it for writing');
    }
    expect(contentOf(root)).toEqual(before);
  });

  it('can be read', () => {
    const { root, run } = bookOnDisk();
    expect(mount('-o', 'remount,ro', root)).toBe(true);
    for (const argv of [
      ['summary'],
      ['actions'],
      ['runs'],
      ['store', 'list'],
      ['ledger', 'list'],
      ['doctor'],
    ])
      expect(run(...argv)).toMatchObject({ status: 0 });
  });
});

describe.skipIf(!canMount)('a disk that is full', () => {
  it('is called so by every command that writes, leaves nothing half written, and all goes on when there is room', () => {
    const { root, run } = bookOnDisk();
    const before = contentOf(root);
    spawnSync('sh', ['-c', 'cat /dev/zero > "$1/fill"', 'sh', root]);
    // A short line still fits into the last block of the log, and is then recorded.
    for (const argv of writing.filter(([name]) => name !== 'action')) {
      const { status, stderr } = run(...argv);
      expect({ argv, status, stderr }).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(/^error: Nothing could be written to .*: the disk is full \(ENOSPC\)/),
      });
      expect(stderr).toContain('Free some space');
    }
    expect(contentOf(root)).toEqual(before);
    spawnSync('rm', [join(root, 'fill')]);
    expect(run('experiment', 'progress', 'e', '5').status).toBe(0);
    expect(run('store', 'save', 'data/x').status).toBe(0);
    expect(run('action', 'after').status).toBe(0);
    expect(readFileSync(join(root, 'snapshots/action_log.jsonl'), 'utf8').trimEnd().split('\n')).toHaveLength(
      2,
    );
    expect(run('doctor')).toMatchObject({ status: 0 });
  });
});
