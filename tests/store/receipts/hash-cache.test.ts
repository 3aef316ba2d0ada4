import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type DigestOptions, digestData } from '../../../collector/store/receipts/data-digest.ts';
import { hashCacheFolder } from '../../../collector/store/receipts/hash-cache.ts';
import { pruneHashCache } from '../../../collector/store/receipts/prune-hash-cache.ts';
import { temporaryFolder } from '../../helpers.ts';

/** Files that are old enough to be trusted, seen from here. */
const later = () => Date.now() + 60_000;

function manyFiles(count: number): string {
  const root = temporaryFolder();
  for (let file = 0; file < count; file++) {
    const folder = join(root, 'data', `part${file % 7}`, 'deep');
    if (file < 7) mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `f${file}`), `content ${file}`);
  }
  return root;
}

const digest = (root: string, options: Partial<DigestOptions> = {}) =>
  digestData('data', { root, nowMs: later, ...options });

const uncached = (root: string) => digestData('data', { root, cache: 'off' });

it('sees an edit deep inside a folder of more than 1,000 files, whose own time does not change', async () => {
  const root = manyFiles(1100);
  const before = await digest(root);
  const folderTime = statSync(join(root, 'data')).mtimeMs;
  const edited = join(root, 'data/part3/deep/f10');
  const { atime, mtime } = statSync(edited);
  writeFileSync(edited, 'CONTENT 10');
  utimesSync(edited, atime, mtime); // Same size, and as good as the same time.
  expect(statSync(join(root, 'data')).mtimeMs).toBe(folderTime);

  const after = await digest(root);
  expect(after.readFiles).toBe(1);
  expect(after.xxh64).not.toBe(before.xxh64);
  expect(after.input.digest).not.toBe(before.input.digest);
  expect({ ...after, readFiles: 0, readBytes: 0 }).toEqual({
    ...(await uncached(root)),
    readFiles: 0,
    readBytes: 0,
  });
});

it('reads only what is new, and forgets what is gone', async () => {
  const root = manyFiles(60);
  expect((await digest(root)).readFiles).toBe(60);
  expect((await digest(root)).readFiles).toBe(0);
  renameSync(join(root, 'data/part0/deep/f7'), join(root, 'data/part0/deep/renamed'));
  writeFileSync(join(root, 'data/part1/new'), 'new');
  const changed = await digest(root);
  expect(changed.readFiles).toBe(2);
  expect(changed.input).toEqual((await uncached(root)).input);
  expect((await digest(root)).readFiles).toBe(0);
});

it('tells apart two files that swapped their places', async () => {
  const root = manyFiles(40);
  const before = await digest(root);
  const [a, b] = ['data/part0/deep/f0', 'data/part1/deep/f1'].map((path) => join(root, path));
  renameSync(a!, `${a}.x`);
  renameSync(b!, a!);
  renameSync(`${a}.x`, b!);
  const after = await digest(root);
  expect(after.xxh64).toBe(before.xxh64);
  expect(after.input.digest).not.toBe(before.input.digest);
});

it('does not trust files that changed only just before they were read', async () => {
  const root = manyFiles(40);
  const soon = statSync(join(root, 'data/part0/deep/f0')).ctimeMs + 1000;
  await digest(root, { nowMs: () => soon });
  expect((await digest(root, { nowMs: () => soon })).readFiles).toBe(40);
  expect((await digest(root)).readFiles).toBe(40);
  expect((await digest(root)).readFiles).toBe(0);
});

it('is not harmed by damage at any place', async () => {
  const root = manyFiles(25);
  const good = await digest(root);
  const [name] = readdirSync(hashCacheFolder(root));
  const path = join(hashCacheFolder(root), name!);
  const bytes = readFileSync(path);
  for (let at = 0; at < bytes.length; at += 7) {
    const damaged = Buffer.from(bytes);
    damaged[at] = damaged[at]! ^ 0x41;
    writeFileSync(path, damaged);
    expect((await digest(root, { cache: 'read' })).input).toEqual(good.input);
  }
  for (const length of [0, 3, 30, bytes.length - 1]) {
    writeFileSync(path, bytes);
    truncateSync(path, length);
    expect((await digest(root)).input).toEqual(good.input);
  }
});

it('may be used by several at once', async () => {
  const root = manyFiles(200);
  const results = await Promise.all(Array.from({ length: 8 }, () => digest(root)));
  expect(new Set(results.map(({ input }) => input.digest)).size).toBe(1);
  expect(readdirSync(hashCacheFolder(root))).toHaveLength(1);
});

it('goes without where nothing can be written, and writes nothing where told so', async () => {
  const root = manyFiles(30);
  await digest(root, { cache: 'read' });
  expect(existsSync(join(root, '.daybook'))).toBe(false);
  writeFileSync(join(root, '.daybook'), 'a file stands here');
  expect((await digest(root)).readFiles).toBe(30);
});

it('keeps a bounded number of files and bytes, and what was used last', () => {
  const folder = temporaryFolder();
  for (let file = 0; file < 20; file++) {
    writeFileSync(join(folder, `${file}.bin`), 'x'.repeat(100));
    utimesSync(join(folder, `${file}.bin`), 1000 + file, 1000 + file);
  }
  writeFileSync(join(folder, '.daybook-tmp-1-1-x'), '');
  utimesSync(join(folder, '.daybook-tmp-1-1-x'), 1000, 1000);
  pruneHashCache(folder, Date.now(), { maxFiles: 10, maxBytes: 1e9 });
  expect(readdirSync(folder).sort()).toEqual(Array.from({ length: 10 }, (_, at) => `${at + 10}.bin`));
  pruneHashCache(folder, Date.now(), { maxFiles: 10, maxBytes: 350 });
  expect(readdirSync(folder).sort()).toEqual(['17.bin', '18.bin', '19.bin']);
});
