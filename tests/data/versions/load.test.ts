import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openVersionStore } from '../../../collector/operations/versions/book-versions.ts';
import { readBook } from '../../../src/data/reader.ts';
import { countChains, restingOn, wayDown } from '../../../src/data/versions/chains.ts';
import { type VersionIndex, viewsOfIndex } from '../../../src/data/versions/index.ts';
import { versionSlug } from '../../../src/data/versions/slug.ts';
import { temporaryBook } from '../../helpers.ts';

const stores = resolve(import.meta.dirname, '../../fixtures/framework0');

describe('the versions of a book', () => {
  it('are read from a store of the original; what cannot be read says why', async () => {
    const root = temporaryBook();
    cpSync(join(stores, 'open-main'), join(root, 'snapshots', 'store'), { recursive: true });
    const { book } = await readBook(root, {});
    const { views, lost } = book.versions;
    const states = Object.fromEntries(views.map(({ version, state }) => [version, state]));
    expect(states).toMatchObject({ 'v1.0.0': 'sound', 'bytes-one': 'python', 'text-one': 'sound' });
    expect(views.find(({ version }) => version === 'v1795190944-5342073e')).toMatchObject({
      state: 'python',
      base: 'v1795190944-e7691edf',
      problem: 'a pickled delta, which only Python can read',
    });
    expect(views).toHaveLength(9);
    expect(lost).toEqual([]);
    expect(book.findings.map(({ code }) => code)).toContain('python-only');
    expect(book.versions.detailsOf('text-one')?.content).toBe('just text');
  });

  it('have their sizes, chains, tags and differences, the newest first', async () => {
    const { root } = await savedBook(12);
    const { book } = await readBook(root, {});
    const { views, tags, storedBytes, fullBytes, taggedSnapshots } = book.versions;
    expect(views.map(({ version }) => version).slice(0, 3)).toEqual(['v011', 'v010', 'v009']);
    expect(views[0]).toMatchObject({
      base: 'v010',
      before: 'v010',
      changes: 1,
      state: 'sound',
      slug: 'v011',
    });
    expect(views.at(-1)).toMatchObject({ base: undefined, before: undefined, changes: undefined });
    expect(tags).toEqual([
      { value: 'even', count: 6 },
      { value: 'first', count: 1 },
    ]);
    expect(taggedSnapshots).toEqual([]);
    expect(storedBytes).toBeLessThan(fullBytes / 3);
    expect(countChains(views)).toEqual({ chains: 2, longest: 10 });
    expect(wayDown(views, 'v003').map(({ version }) => version)).toEqual(['v003', 'v002', 'v001', 'v000']);
    expect(restingOn(views, 'v007', 9).map(({ version }) => version)).toEqual(['v008', 'v009']);
  });

  it('are published: an index that gives the same lists, and every content in a chunk', async () => {
    const { root } = await savedBook(60);
    const loaded = await readBook(root, {});
    const site = join(root, 'site');
    loaded.publish(site);
    const home = join(site, 'data', 'versions');
    const index = JSON.parse(readFileSync(join(home, 'index.json'), 'utf8')) as VersionIndex;
    expect(viewsOfIndex(index)).toEqual(loaded.book.versions.views);
    expect(new Set(index.chunk)).toEqual(new Set([0, 1]));
    for (const name of ['index.js', 'chunk-0000.js', 'chunk-0001.json.gz'])
      expect(existsSync(join(home, name)), name).toBe(true);
    for (const { version } of loaded.book.versions.views)
      expect(loaded.book.versions.detailsOf(version)?.content).toMatchObject({
        step: Number(version.slice(1)),
      });
    const api = JSON.parse(readFileSync(join(site, 'api', 'versions.json'), 'utf8')) as object;
    expect(api).toMatchObject({
      total: 60,
      missing: [],
      newest: expect.arrayContaining([expect.objectContaining({ version: 'v059' })]),
    });
  });

  it('are not read again where no file has changed, and are where one has', async () => {
    const { root } = await savedBook(3);
    expect((await readBook(root, {})).reused.versions).toBe(false);
    expect((await readBook(root, {})).reused.versions).toBe(true);
    writeFileSync(join(root, 'snapshots/store/data/v000.data'), '{}');
    const { book, reused } = await readBook(root, {});
    expect(reused.versions).toBe(false);
    expect(book.versions.views.map(({ state }) => state)).toEqual(['damaged', 'damaged', 'damaged']);
    expect(book.findings.filter(({ code }) => code === 'damaged-version')).toHaveLength(3);
  });

  it('get pages as many as configured; the rest is in the data files', async () => {
    const { root } = await savedBook(5);
    writeFileSync(join(root, 'daybook.yaml'), 'site:\n  versionPages: 2\n');
    const { book } = await readBook(root, {});
    expect(book.versions.pages).toEqual(['v004', 'v003']);
    expect(book.versions.detailsOf('v000')?.content).toMatchObject({ step: 0 });
  });

  it('are none where there is no store, and the tags of snapshots are told without one', async () => {
    const { book } = await readBook(temporaryBook(), {});
    expect(book.versions).toMatchObject({ total: 0, views: [], lost: [], tags: [] });
  });

  it('are listed as lost where only the list of the store knows them', async () => {
    const { root } = await savedBook(3);
    for (const file of ['metadata/v001.json', 'data/v001.patch.json'])
      rmSync(join(root, 'snapshots/store', file));
    rmSync(join(root, 'snapshots/store/registry.journal.jsonl'));
    const { book } = await readBook(root, {});
    expect(book.versions.lost.map(({ version }) => version)).toEqual(['v001']);
    expect(book.versions.views).toHaveLength(2);
  });
});

describe('the page of a version', () => {
  it('has the name of the version where that is safe, and one of its own where it is not', () => {
    for (const plain of ['v1.0.0', 'v1795190944-254ab169', 'a+b', '2026_11'])
      expect(versionSlug(plain)).toBe(plain);
    const odd = [
      'A',
      'a/b',
      '..',
      'index',
      'con',
      'NUL.txt',
      'x.html',
      'é',
      'a b',
      '<img>',
      'dot.',
      '',
      '-x',
      'a'.repeat(300),
    ];
    for (const name of odd) expect(versionSlug(name)).toMatch(/^[a-z0-9][a-z0-9_-]{0,60}~[0-9a-f]{12}$/);
    const names = [...odd, 'a', 'a-b', 'Index', 'É', 'é'];
    expect(new Set(names.map((name) => versionSlug(name).toLowerCase())).size).toBe(new Set(names).size);
  });
});

/** A book with so many versions, each a small change of the one before. */
async function savedBook(count: number): Promise<{ root: string }> {
  const root = temporaryBook();
  let nowUs = Date.UTC(2026, 8, 1) * 1000;
  const basePath = join(root, 'snapshots', 'store');
  const manager = openVersionStore({ basePath, root, isOfBook: true, clock: { nowUs: () => nowUs } });
  for (let step = 0; step < count; step++) {
    nowUs += 60_000_000;
    const fixed = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`field_${at}`, at]));
    await manager.saveDelta(
      { step, fixed },
      {
        version: `v${String(step).padStart(3, '0')}`,
        tags: [...(step % 2 === 0 ? ['even'] : []), ...(step === 0 ? ['first'] : [])],
      },
    );
  }
  await manager.close();
  return { root };
}
