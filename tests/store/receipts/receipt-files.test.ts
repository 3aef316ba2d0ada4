import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../../collector/base/hash.ts';
import { addReceipt, readReceipt, writeReceipt } from '../../../collector/store/receipts/receipt-files.ts';
import { temporaryBook, temporaryFolder } from '../../helpers.ts';

const codes = (root: string, path: string) => {
  const { record, findings } = readReceipt(root, path);
  return [record === undefined ? 'none' : 'read', ...findings.map(({ code }) => code)];
};

describe('readReceipt', () => {
  it('reads a file of the book by relative and absolute path', () => {
    const root = temporaryBook({ 'a/run.lock': 'config: {lr: 1}\n' });
    for (const path of ['a/run.lock', join(root, 'a/run.lock')]) {
      expect(readReceipt(root, path).record).toMatchObject({
        file: 'a/run.lock',
        bytes: 16,
        digest: `sha256:${sha256Hex('config: {lr: 1}\n')}`,
      });
    }
  });

  it('says of everything else what it is', () => {
    const root = temporaryBook({
      'zero/run.lock': Uint8Array.from([99, 58, 0, 0]),
      'latin/run.lock': Buffer.from('config: {a: \xe9}\n', 'latin1'),
      'empty/run.lock': '',
    });
    mkdirSync(join(root, 'folder/run.lock'), { recursive: true });
    mkdirSync(join(root, 'pipe'));
    execFileSync('mkfifo', [join(root, 'pipe/run.lock')]);
    mkdirSync(join(root, 'link'));
    symlinkSync(join(temporaryFolder(), 'x'), join(root, 'link/run.lock'));
    expect(codes(root, 'zero/run.lock')).toEqual(['none', 'binary']);
    expect(codes(root, 'latin/run.lock')).toEqual(['read', 'not-utf8']);
    expect(codes(root, 'empty/run.lock')).toEqual(['none', 'empty-file']);
    for (const place of ['folder', 'pipe', 'link', 'nowhere']) {
      expect(codes(root, `${place}/run.lock`)).toEqual(['none', 'unreadable']);
    }
  });
});

describe('writeReceipt', () => {
  it('writes a new file whole, with its folders, and leaves nothing else', () => {
    const root = temporaryBook();
    const path = join(root, 'deep/er/run.lock');
    expect(addReceipt(path, 'config: {}\n')).toBe(true);
    expect(addReceipt(path, 'config: {other: 1}\n')).toBe(false);
    expect(readFileSync(path, 'utf8')).toBe('config: {}\n');
    expect(readdirSync(join(root, 'deep/er'))).toEqual(['run.lock']);
  });

  it('replaces only the file it was told to', () => {
    const root = temporaryBook({ 'run.lock': 'config: {a: 1}\n' });
    const path = join(root, 'run.lock');
    const { digest } = readReceipt(root, path).record!;
    expect(() => writeReceipt(path, 'new\n', `sha256:${'0'.repeat(64)}`)).toThrow('Another run.lock');
    expect(readFileSync(path, 'utf8')).toBe('config: {a: 1}\n');
    writeReceipt(path, 'config: {a: 2}\n', digest);
    expect(readFileSync(path, 'utf8')).toBe('config: {a: 2}\n');
  });

  it('does not write through a link or over a folder', () => {
    const root = temporaryBook();
    const outside = join(temporaryFolder(), 'x');
    symlinkSync(outside, join(root, 'run.lock'));
    const digest = `sha256:${'0'.repeat(64)}`;
    expect(() => writeReceipt(join(root, 'run.lock'), 'x', digest)).toThrow('Expected a regular file');
    expect(existsSync(outside)).toBe(false);
  });
});
