import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { freshFolder } from '../../src/build/fresh-folder.ts';
import { temporaryFolder } from '../helpers.ts';

it('every build has a folder of its own, and what killed ones left is removed', () => {
  const work = temporaryFolder();
  const { pid: dead } = spawnSync(process.execPath, ['-e', '0']);
  for (const name of [
    `out-${dead}`,
    `out-${dead}-2`,
    `out-${dead}-2-rendering`,
    `out-${dead}-3-one`,
    `out-${process.ppid}`,
    'out-side',
    'node_modules',
  ])
    mkdirSync(join(work, name));
  const [first, second] = [freshFolder(work), freshFolder(work)];
  for (const folder of [first, second])
    expect(folder.startsWith(join(work, `out-${process.pid}-`))).toBe(true);
  expect(second).not.toBe(first);
  expect(readdirSync(work).sort()).toEqual([`out-${process.ppid}`, 'node_modules', 'out-side'].sort());
});
