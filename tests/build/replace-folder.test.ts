import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { replaceFolder } from '../../src/build/replace-folder.ts';
import { buildSite } from '../../src/build.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'daybook-replace-'));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('replacing a folder', () => {
  it('leaves exactly the new files and nothing beside them', () => {
    mkdirSync(join(root, 'fresh'));
    mkdirSync(join(root, 'site'));
    writeFileSync(join(root, 'fresh', 'new.html'), 'new');
    writeFileSync(join(root, 'site', 'old.html'), 'old');
    replaceFolder(join(root, 'fresh'), join(root, 'site'));
    expect(readdirSync(root)).toEqual(['site']);
    expect(readdirSync(join(root, 'site'))).toEqual(['new.html']);
  });

  it('removes what builds left that were killed in between, and nothing of a living one', () => {
    const { pid: dead } = spawnSync(process.execPath, ['-e', '0']);
    const names = [
      `.site-old-${dead}`,
      `.site-new-${dead}`,
      `.site-old-${process.ppid}`,
      '.site-old-x',
      'fresh',
    ];
    for (const name of names) mkdirSync(join(root, name));
    replaceFolder(join(root, 'fresh'), join(root, 'site'));
    expect(readdirSync(root).sort()).toEqual(['.site-old-x', `.site-old-${process.ppid}`, 'site'].sort());
  });

  it('keeps the old site where there is no new one', () => {
    mkdirSync(join(root, 'site'));
    writeFileSync(join(root, 'site', 'old.html'), 'old');
    expect(() => replaceFolder(join(root, 'missing'), join(root, 'site'))).toThrow();
    expect(readFileSync(join(root, 'site', 'old.html'), 'utf8')).toBe('old');
  });
});

describe('where a site may be built', () => {
  it.each(['.', '..', 'snapshots', 'snapshots/site', '.git', '.daybook/x'])('refuses %s', async (out) => {
    mkdirSync(join(root, 'snapshots'));
    await expect(buildSite({ root, out })).rejects.toThrow(/a place of its own/);
    expect(existsSync(join(root, '.daybook'))).toBe(false);
  });

  it('refuses a folder that holds something else, and touches nothing in it', async () => {
    mkdirSync(join(root, 'src'));
    writeFileSync(join(root, 'src', 'work.ts'), 'precious');
    await expect(buildSite({ root, out: 'src' })).rejects.toThrow(/found other files/);
    expect(readFileSync(join(root, 'src', 'work.ts'), 'utf8')).toBe('precious');
  });
});
