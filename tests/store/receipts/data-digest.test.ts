import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { xxhash64 } from 'hash-wasm';
import { expect, it } from 'vitest';
import { type DigestOptions, digestData } from '../../../collector/store/receipts/data-digest.ts';
import { temporaryFolder } from '../../helpers.ts';

const later = () => Date.now() + 60_000;

function folderOf(files: Record<string, string | Uint8Array>): string {
  const root = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
  return root;
}

const digest = (root: string, path: string, options: Partial<DigestOptions> = {}) =>
  digestData(path, { root, ...options });

const sha = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex');

it('gives the known values of XXH64 for files', async () => {
  const root = folderOf({
    empty: '',
    a: 'a',
    abc: 'abc',
    spammish: 'Nobody inspects the spammish repetition',
  });
  const values = [];
  for (const name of ['empty', 'a', 'abc', 'spammish']) values.push((await digest(root, name)).xxh64);
  expect(values).toEqual(['ef46db3751d8e999', 'd24ec4f1a98c6e5b', '44bc2cf5ad770999', 'fbcea83c8a378bf1']);
});

it('gives the value that stands in a real receipt of FlexLock, for the file that it was made of', async () => {
  const fixture = join(import.meta.dirname, '../../fixtures/receipts/current-data.lock');
  const recorded = /raw_images: ([0-9a-f]{16})$/m.exec(readFileSync(fixture, 'utf8'))![1];
  const root = folderOf({ 'images.txt': 'dummy image data' });
  expect((await digest(root, 'images.txt')).xxh64).toBe(recorded);
});

it('hashes a folder as FlexLock does: the sorted hex digests of its files, without their names', async () => {
  const contents = ['one', 'two', '', 'three', 'one'];
  const root = folderOf(Object.fromEntries(contents.map((text, at) => [`data/${at % 2}/f${at}`, text])));
  const hexes = await Promise.all(contents.map((text) => xxhash64(text)));
  const { xxh64, input } = await digest(root, 'data');
  expect(xxh64).toBe(await xxhash64(hexes.sort().join('')));
  expect(input).toMatchObject({ path: 'data', kind: 'folder', files: 5, bytes: 14 });

  renameSync(join(root, 'data/0/f0'), join(root, 'data/0/g0'));
  const renamed = await digest(root, 'data');
  expect(renamed.xxh64).toBe(xxh64);
  expect(renamed.input.digest).not.toBe(input.digest);
});

it('gives a folder digest that common tools compute again, whatever the names are', async () => {
  const root = folderOf({
    'data/plain.txt': 'plain',
    'data/with space': '1',
    'data/new\nline': '2',
    'data/back\\slash': '3',
    'data/a-b': '4',
    'data/a/b': '5',
    'data/\u{1F680}': '6',
    'data/\uFF5E': '7',
    'data/.hidden/x': '8',
    'data/__proto__': '9',
  });
  symlinkSync('plain.txt', join(root, 'data/link'));
  const command = `find . -xtype f -printf '%P\\0' | LC_ALL=C sort -z | xargs -0r sha256sum -z | sha256sum`;
  const tool = spawnSync('sh', ['-c', command], { cwd: join(root, 'data'), encoding: 'utf8' });
  const { input } = await digest(root, 'data');
  expect(input.digest).toBe(`sha256:${tool.stdout.slice(0, 64)}`);
  expect(input.files).toBe(11);
  expect(input.manifest!['new\nline']).toBe(`sha256:${sha('2')}`);
  expect(Object.hasOwn(input.manifest!, '__proto__')).toBe(true);
});

it('hashes large files in pieces and on several threads to the same values', async () => {
  const bytes = randomBytes(9 * 1024 * 1024 + 17);
  const root = folderOf({ 'data/large': bytes, 'data/small': 'x' });
  const expected = await digest(root, 'data/large', { cache: 'off', helpers: 0 });
  expect(expected.input.digest).toBe(`sha256:${sha(bytes)}`);
  expect(expected.xxh64).toBe(await xxhash64(bytes));
  const folder = await digest(root, 'data', { cache: 'off', helpers: 0 });
  const progress: number[] = [];
  const helped = await digest(root, 'data', {
    cache: 'off',
    helpers: 3,
    progress: ({ doneBytes }) => progress.push(doneBytes),
  });
  expect(helped).toEqual(folder);
  expect(Math.max(0, ...progress)).toBeLessThanOrEqual(bytes.length + 1);
});

it('names what it does not cover, and needs nothing that can block', async () => {
  const root = folderOf({ 'data/file': 'x', 'elsewhere/file': 'y' });
  symlinkSync('../elsewhere', join(root, 'data/folder-link'));
  symlinkSync('nowhere', join(root, 'data/broken-link'));
  spawnSync('mkfifo', [join(root, 'data/pipe')]);
  const server = createServer().listen(join(root, 'data/socket'));
  await new Promise((resolve) => server.once('listening', resolve));
  const { input, skipped } = await digest(root, 'data');
  server.close();
  expect(input.files).toBe(1);
  expect(skipped.sort((a, b) => (a.path < b.path ? -1 : 1))).toEqual([
    { path: 'broken-link', why: 'a link that leads nowhere' },
    { path: 'folder-link', why: 'a link to a folder' },
    { path: 'pipe', why: 'a named pipe' },
    { path: 'socket', why: 'a socket' },
  ]);
  await expect(digest(root, 'data/pipe')).rejects.toThrow('found a named pipe');
});

it('digests an empty folder, and a glob by the files it matches', async () => {
  const root = folderOf({ 'data/a.csv': '1', 'data/b.txt': '2', 'data/deep/c.csv': '3' });
  mkdirSync(join(root, 'empty/nested'), { recursive: true });
  expect(await digest(root, 'empty')).toMatchObject({
    xxh64: 'ef46db3751d8e999',
    input: { digest: `sha256:${sha('')}`, files: 0, bytes: 0 },
  });
  const { xxh64, input } = await digest(root, 'data/**/*.csv');
  expect(input).toMatchObject({ kind: 'glob', path: 'data/**/*.csv', files: 2 });
  expect(Object.keys(input.manifest!)).toEqual(['a.csv', 'deep/c.csv']);
  rmSync(join(root, 'data/b.txt'));
  expect(await digest(root, 'data')).toMatchObject({ xxh64, input: { digest: input.digest } });
});

it('says what is missing or cannot be read', async () => {
  const root = folderOf({ 'data/a': '1' });
  await expect(digest(root, 'nothing')).rejects.toMatchObject({ code: 'not-found' });
  await expect(digest(root, 'data/*.none')).rejects.toMatchObject({ code: 'not-found' });
  writeFileSync(Buffer.concat([Buffer.from(`${root}/data/`), Buffer.from([0x66, 0xe9])]), 'latin');
  await expect(digest(root, 'data')).rejects.toThrow('is not UTF-8');
});

it.skipIf(process.getuid?.() === 0)('names a file that must not be read', async () => {
  const root = folderOf({ 'data/a': '1' });
  chmodSync(join(root, 'data/a'), 0);
  await expect(digest(root, 'data')).rejects.toThrow('permission denied');
});

it('reads a file again that changed in the meantime, and gives up on one that keeps changing', async () => {
  const root = folderOf({ 'data/large': randomBytes(5 * 1024 * 1024), 'data/other': 'x' });
  let changes = 0;
  const changing = (most: number) => ({
    helpers: 0,
    progress: () => {
      if (changes++ < most) appendFileSync(join(root, 'data/large'), 'more');
    },
  });
  const { input } = await digest(root, 'data', changing(1));
  expect(input.digest).toBe((await digest(root, 'data', { cache: 'off' })).input.digest);
  changes = 0;
  await expect(digest(root, 'data', { ...changing(1e9), cache: 'off' })).rejects.toThrow(
    'changes while it is read',
  );
});

it('leaves its own cache out of the data', async () => {
  const files = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`f${at}`, `${at}`]));
  const root = folderOf(files);
  const first = await digest(root, '.');
  const second = await digest(root, '.');
  expect(readFileSync(join(root, '.daybook/.gitignore'), 'utf8')).toBe('*\n');
  expect(second.input).toEqual(first.input);
  expect(second.input.files).toBe(30);
});

it('does not read more than it is allowed to', async () => {
  const root = folderOf({ 'data/a': 'x'.repeat(3_000_000), 'data/b': 'y' });
  await expect(digest(root, 'data', { budgetBytes: 2_000_000 })).rejects.toMatchObject({
    code: 'unavailable',
  });
  await digest(root, 'data', { nowMs: later });
  expect((await digest(root, 'data', { budgetBytes: 0 })).readBytes).toBe(0);
  utimesSync(join(root, 'data/b'), 1, 1);
  await expect(digest(root, 'data', { budgetBytes: 0 })).rejects.toMatchObject({ code: 'unavailable' });
});
