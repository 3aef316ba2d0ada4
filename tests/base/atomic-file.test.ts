import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeFileAtomic, writeNewFile } from '../../collector/base/atomic-file.ts';
import { DaybookError } from '../../collector/base/errors.ts';
import { temporaryFolder } from '../helpers.ts';

describe('writeFileAtomic', () => {
  it('replaces a file whole and leaves nothing beside it', () => {
    const folder = temporaryFolder();
    writeFileAtomic(join(folder, 'a/b.json'), 'one');
    writeFileAtomic(join(folder, 'a/b.json'), 'two');
    expect(readFileSync(join(folder, 'a/b.json'), 'utf8')).toBe('two');
    expect(readdirSync(join(folder, 'a'))).toEqual(['b.json']);
  });

  it('says in one sentence what cannot be written, and leaves nothing behind', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), 'in the way');
    mkdirSync(join(folder, 'taken'));
    expect(() => writeFileAtomic(join(folder, 'file', 'x.json'), '')).toThrow(DaybookError);
    expect(() => writeFileAtomic(join(folder, 'taken'), 'x')).toThrow(/cannot be written/);
    expect(readdirSync(folder).sort()).toEqual(['file', 'taken']);
  });
});

describe('writeNewFile', () => {
  it('never replaces a file, and says that it did not', () => {
    const folder = temporaryFolder();
    const path = join(folder, 'a/run.lock');
    expect(writeNewFile(path, 'one')).toBe(true);
    expect(writeNewFile(path, 'two')).toBe(false);
    expect(readFileSync(path, 'utf8')).toBe('one');
    expect(readdirSync(join(folder, 'a'))).toEqual(['run.lock']);
  });

  it('tells a name that is taken from a file in place of its folder', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'a'), 'a file');
    expect(() => writeNewFile(join(folder, 'a/run.lock'), 'one')).toThrow(DaybookError);
  });
});
