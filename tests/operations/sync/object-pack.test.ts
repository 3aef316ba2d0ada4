import { describe, expect, it } from 'vitest';
import { ObjectPack } from '../../../collector/operations/sync/object-pack.ts';
import { temporaryFolder } from '../../helpers.ts';
import { git } from './clones.ts';

describe('objects that are handed to git together', () => {
  it.each(['sha1', 'sha256'])('are those that git would have made: %s', async (format) => {
    const top = temporaryFolder();
    git(top, 'init', '--quiet', `--object-format=${format}`);
    const pack = new ObjectPack('0'.repeat(format === 'sha256' ? 64 : 40));
    const contents = ['', 'a\n', 'x'.repeat(15), 'y'.repeat(16), 'z'.repeat(2047), 'w'.repeat(300_000)];
    // Names whose order as folders is another one than as files, and letters beyond ASCII.
    const paths = ['a', 'a.b/c', 'a-b', 'b/a', 'b.c', 'snapshots/ä/é.json'];
    const files = paths.map((path, at) => {
      const oid = pack.blob(Buffer.from(contents[at]!));
      return [path, { mode: '100644', oid }] as const;
    });
    const tree = pack.tree(files);
    await pack.store({ top });
    expect(git(top, 'fsck', '--strict', '--no-dangling', tree)).toBe('');
    const listed = git(top, '-c', 'core.quotepath=off', 'ls-tree', '-r', tree).split('\n');
    expect(listed.sort()).toEqual(files.map(([path, { oid }]) => `100644 blob ${oid}\t${path}`).sort());
    for (const [at, [, { oid }]] of files.entries())
      expect(git(top, 'cat-file', '-s', oid)).toBe(String(contents[at]!.length));
    await pack.store({ top });
  });
});
