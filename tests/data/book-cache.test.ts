import { cpSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cachedByContent } from '../../src/data/publish/cache.ts';
import { forgetSums } from '../../src/data/publish/file-sums.ts';
import { linkFiles } from '../../src/data/publish/link-files.ts';
import { temporaryFolder } from '../helpers.ts';

function sampleCache() {
  const root = temporaryFolder();
  const source = join(root, 'source.txt');
  writeFileSync(source, 'one');
  let made = 0;
  return {
    root,
    source,
    cache: join(root, 'cache'),
    made: () => made,
    load(cache = join(root, 'cache'), extra = 'x') {
      return cachedByContent(cache, 'kind', { files: [source], extra }, async (folder) => {
        made += 1;
        writeFileSync(join(folder, 'data.txt'), `of ${readFileSync(source, 'utf8')}`);
        return { of: readFileSync(source, 'utf8') };
      });
    },
  };
}

describe('what is kept between builds', () => {
  it('is published under a second name, and no byte of it is copied', async () => {
    const sample = sampleCache();
    const { folder } = await sample.load();
    linkFiles(folder, join(sample.root, 'site'));
    expect(statSync(join(sample.root, 'site', 'data.txt')).ino).toBe(statSync(join(folder, 'data.txt')).ino);
    expect((await sample.load()).made).toBe(false);
  });

  it.each([
    ['was written to in the site', (file: string) => writeFileSync(file, 'of two')],
    ['is gone', (file: string) => rmSync(file)],
    ['has another beside it', (file: string) => writeFileSync(`${file}.more`, '')],
  ])('is made again where a file of it %s', async (_, damage) => {
    const sample = sampleCache();
    const { folder } = await sample.load();
    damage(join(folder, 'data.txt'));
    const again = await sample.load();
    expect(again.made).toBe(true);
    expect(readFileSync(join(again.folder, 'data.txt'), 'utf8')).toBe('of one');
    expect(readdirSync(again.folder)).toEqual(['data.txt']);
  });

  it('is made again where its facts were cut or are those of another content', async () => {
    const sample = sampleCache();
    const { folder } = await sample.load();
    writeFileSync(join(folder, '..', 'facts.json'), '{"of": "tw');
    expect((await sample.load()).made).toBe(true);
    writeFileSync(join(folder, '..', 'facts.json'), '{"of": "two"}');
    expect((await sample.load()).facts).toEqual({ of: 'one' });
    expect(sample.made()).toBe(3);
  });

  it('gives to one that makes it in parts what was made in the same way, and nothing of another version', async () => {
    const root = temporaryFolder();
    const source = join(root, 'source.txt');
    const load = async (text: string, inParts: string) => {
      writeFileSync(source, text);
      const sources = { files: [source], extra: inParts, inParts };
      let found: string | undefined;
      await cachedByContent<{ of: string }>(
        join(root, 'cache'),
        'kind',
        sources,
        async (_folder, earlier) => {
          found = earlier?.facts.of;
          return { of: text };
        },
      );
      return found;
    };
    expect(await load('one', 'first')).toBe(undefined);
    expect(await load('two', 'first')).toBe('one');
    expect(await load('three', 'second')).toBe(undefined);
    expect(await load('four', 'second')).toBe('three');
  });

  it('counts where it was restored from somewhere else: other times and places, the same bytes', async () => {
    const sample = sampleCache();
    await sample.load();
    const restored = join(sample.root, 'restored');
    cpSync(sample.cache, restored, { recursive: true });
    utimesSync(sample.source, new Date(5000), new Date(6000));
    forgetSums();
    expect((await sample.load(restored)).made).toBe(false);
    expect((await sample.load(restored)).made).toBe(false);
    expect((await sample.load(restored, 'another version')).made).toBe(true);
    expect(sample.made()).toBe(2);
  });
});
