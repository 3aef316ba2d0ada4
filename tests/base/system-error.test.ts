import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { failedWriteOf, hindranceAt, writeErrorOf } from '../../collector/base/system-error.ts';
import { diskErrors } from '../faults.ts';
import { temporaryFolder } from '../helpers.ts';

const systemError = (code: string, facts: object = {}) =>
  Object.assign(new Error(`${code}: x, write`), { code, errno: code === 'EDQUOT' ? -122 : -1, ...facts });

describe('writeErrorOf', () => {
  it.each(Object.entries(diskErrors))('says of %s what it is, where, and what to do', (code, words) => {
    const error = writeErrorOf('/book/file', systemError(code));
    expect(error.message).toContain('/book/file');
    expect(error.message).toContain(`${words} (${code})`.slice(-(words.length + code.length + 3)));
    expect(error.hint).toBeTruthy();
  });

  it.each([
    ['IO Error: Cannot open file "/x/y.parquet": Read-only file system', 'EROFS'],
    ['fatal: unable to write loose object file: No space left on device', 'ENOSPC'],
    ['error: could not write: Disk quota exceeded', 'EDQUOT'],
  ])('finds it in what others quote: %s', (message, code) => {
    expect(writeErrorOf('/book', new Error(message)).message).toContain(`(${code})`);
  });

  it('asks the system where SQLite only says that it cannot', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    const sqlite = (errcode: number) =>
      Object.assign(new Error('unable to open database file'), { code: 'ERR_SQLITE_ERROR', errcode });
    expect(writeErrorOf(join(folder, 'file/lock.db'), sqlite(14)).message).toContain('(ENOTDIR)');
    expect(writeErrorOf(join(folder, 'lock.db'), sqlite(13)).code).toBe('disk-full');
  });
});

describe('failedWriteOf', () => {
  it('speaks of writing alone', () => {
    expect(failedWriteOf(systemError('ENOENT', { syscall: 'open', path: '/x' }))).toBeUndefined();
    expect(failedWriteOf(systemError('EACCES', { syscall: 'open', path: '/x' }))).toBeUndefined();
    expect(failedWriteOf(systemError('EACCES', { syscall: 'rename', path: '/x' }))?.code).toBe('unwritable');
    expect(failedWriteOf(systemError('ENOSPC'))?.code).toBe('disk-full');
    expect(failedWriteOf(new TypeError('x is not a function'))).toBeUndefined();
  });
});

describe('hindranceAt', () => {
  it('is nothing where there is none, and leaves nothing behind', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'a'));
    expect(hindranceAt(join(folder, 'a/b/c'))).toBeUndefined();
    expect(readdirSync(join(folder, 'a'))).toEqual([]);
  });
});
