import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CleanFiles } from '../../src/build/clean-files.ts';
import { scanSite } from '../../src/build/scan-site.ts';
import { expandExample } from '../base/secrets/expand-example.ts';
import { temporaryFolder } from '../helpers.ts';

const token = expandExample('ghp_{a34}');

it('files without a token are known by their bytes; a changed one, and one with a token, are looked through again', async () => {
  const [site, work] = [temporaryFolder(), temporaryFolder()];
  const memory = join(work, 'clean.json');
  const scan = async () => (await scanSite(site, work, new CleanFiles(memory))).flatMap(({ files }) => files);
  writeFileSync(join(site, 'a.html'), '<p>fine');
  writeFileSync(join(site, 'b.html'), `<p>${token}`);
  expect(await scan()).toEqual(['b.html']);
  const known = new CleanFiles(memory);
  expect([known.isClean(join(site, 'a.html')), known.isClean(join(site, 'b.html'))]).toEqual([true, false]);
  expect(await scan()).toEqual(['b.html']);
  writeFileSync(join(site, 'a.html'), `<p>${token}1`);
  expect(await scan()).toEqual(['a.html', 'b.html']);
});

it('a memory that is cut, or was made with other shapes, is worth nothing', async () => {
  const [site, work] = [temporaryFolder(), temporaryFolder()];
  const memory = join(work, 'clean.json');
  writeFileSync(join(site, 'a.html'), '<p>fine');
  await scanSite(site, work, new CleanFiles(memory));
  const text = readFileSync(memory, 'utf8');
  writeFileSync(memory, text.slice(0, -9));
  expect(new CleanFiles(memory).isClean(join(site, 'a.html'))).toBe(false);
  writeFileSync(memory, text.replace(/"shapes":"./, '"shapes":"x'));
  expect(new CleanFiles(memory).isClean(join(site, 'a.html'))).toBe(false);
  writeFileSync(memory, text);
  expect(new CleanFiles(memory).isClean(join(site, 'a.html'))).toBe(true);
});
