import { rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { namesOf } from '../../collector/store/names-of.ts';
import { temporaryFolder } from '../helpers.ts';

it('names of a large folder are those that it has, also after it was listed and changed', async () => {
  const folder = temporaryFolder();
  const names = Array.from({ length: 1200 }, (_, at) => `file-${at}`);
  for (const name of names) writeFileSync(join(folder, name), '');
  expect(namesOf(folder).sort()).toEqual([...names].sort());
  await sleep(2600);
  // Remembered from here on; who gets them may do with them as he likes.
  namesOf(folder).length = 0;
  expect(namesOf(folder).sort()).toEqual([...names].sort());
  writeFileSync(join(folder, 'one-more'), '');
  expect(namesOf(folder).sort()).toEqual([...names, 'one-more'].sort());
  rmSync(join(folder, 'file-7'));
  // A time that was set back is no sign of rest.
  utimesSync(folder, 1, 1);
  expect(namesOf(folder)).not.toContain('file-7');
  rmSync(folder, { recursive: true });
  expect(() => namesOf(folder)).toThrow('ENOENT');
});
