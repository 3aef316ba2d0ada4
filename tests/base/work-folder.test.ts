import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { ownMark } from '../../collector/base/processes.ts';
import { makeWorkFolder } from '../../collector/base/work-folder.ts';
import { temporaryFolder } from '../helpers.ts';

it('a folder to work in takes away what killed processes left, and nothing of a living one or of another machine', () => {
  const home = temporaryFolder();
  const { place, pid, start } = ownMark();
  const dead = `daybook-index-${place}-4194305-1-abcdef`;
  const reused = `daybook-bundle-${place}-${pid}-${start + 1}-abcdef`;
  const kept = [
    `daybook-index-${place}-${pid}-${start}-abcdef`,
    'daybook-index-elsewhere_1-4194305-1-abcdef',
    'daybook-index-abcdef',
  ];
  for (const each of [dead, reused, ...kept]) {
    mkdirSync(join(home, each));
    writeFileSync(join(home, each, 'file'), '');
  }
  const made = makeWorkFolder('restore', home);
  expect(readdirSync(home).sort()).toEqual([basename(made), ...kept].sort());
});
