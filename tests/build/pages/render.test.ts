import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { build } from 'astro';
import { describe, expect, it } from 'vitest';
import { writeSnapshots } from '../../../bench/sample-documents.ts';
import { astroSettings } from '../../../src/build/pages/astro-settings.ts';
import { renderPages } from '../../../src/build/pages/render.ts';
import { packageRoot } from '../../../src/build/render-site.ts';
import { handBook } from '../../../src/data/book/handover.ts';
import { forgetSums } from '../../../src/data/publish/file-sums.ts';
import { readBook } from '../../../src/data/reader.ts';
import { writeRunBook } from '../../browser/run-book.ts';
import { writeVersionBook } from '../../browser/version-book.ts';
import { temporaryFolder } from '../../helpers.ts';

const nowUs = Date.UTC(2026, 10, 27) * 1000;

/** A book with pages of every kind. */
async function makeBook(): Promise<string> {
  const root = temporaryFolder();
  await writeVersionBook(root, { count: 6 });
  writeRunBook(root);
  writeSnapshots(root, 4);
  return root;
}

async function render(root: string, cache: string, out = join(temporaryFolder(), 'out')) {
  const { book } = await readBook(root, { nowUs });
  const count = await renderPages(book, { packageRoot: packageRoot(), out, cache });
  return { ...count, out, pages: pagesIn(out) };
}

/** The pages below a folder, by their names. */
function pagesIn(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) =>
    name.replaceAll('\\', '/'),
  );
  const pages = names.filter((name) => name.endsWith('.html')).sort();
  return Object.fromEntries(pages.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

describe('compiled pages', () => {
  it('are, byte for byte, what Astro builds of the same book', async () => {
    const root = await makeBook();
    const work = join(temporaryFolder(), 'work');
    const out = join(work, 'out');
    mkdirSync(work);
    handBook((await readBook(root, { nowUs })).book);
    const settings = astroSettings({ packageRoot: packageRoot(), work, out, cache: join(work, 'cache') });
    await build({ ...settings, configFile: false, logLevel: 'error' });
    handBook(undefined);
    const theirs = pagesIn(out);
    for (const part of ['index.html', 'runs/', 'snapshots/', 'versions/'])
      expect(Object.keys(theirs).filter((name) => name.startsWith(part)).length).toBeGreaterThan(0);
    const { pages } = await render(root, join(work, 'kept'));
    expect(Object.keys(pages)).toEqual(Object.keys(theirs));
    expect(Object.keys(theirs).filter((name) => pages[name] !== theirs[name])).toEqual([]);
  });

  it('are rendered once for what they show; the others get a second name', async () => {
    const [root, cache] = [await makeBook(), join(temporaryFolder(), 'pages')];
    const first = await render(root, cache);
    expect(first).toMatchObject({ made: Object.keys(first.pages).length, reused: 0 });
    const again = await render(root, cache);
    expect(again.pages).toEqual(first.pages);
    const place = (out: string, name: string) => statSync(join(out, name)).ino;
    const linked = Object.keys(first.pages).filter(
      (name) => place(again.out, name) === place(first.out, name),
    );
    expect(linked).toEqual(Object.keys(first.pages).filter(isLasting));
    expect(again).toMatchObject({ made: first.made - linked.length, reused: linked.length });
  });

  it('are kept on another disk, at other times and places', async () => {
    const [root, cache, moved] = [await makeBook(), temporaryFolder(), join(temporaryFolder(), 'moved')];
    const first = await render(root, cache);
    cpSync(cache, moved, { recursive: true });
    for (const page of Object.keys(pagesIn(moved)))
      utimesSync(join(moved, page), 1_700_000_000, 1_700_000_000);
    for (let round = 0; round < 2; round++) {
      forgetSums();
      const again = await render(root, moved);
      expect(again.pages).toEqual(first.pages);
      expect(again.reused).toBe(Object.keys(first.pages).filter(isLasting).length);
    }
  });

  it.each([
    ['one is not what was rendered', (cache: string) => writeFileSync(onePage(cache), 'half a pa'), 1],
    ['one is gone', (cache: string) => rmSync(onePage(cache)), 1],
    ['the list is half written', (cache: string) => truncateSync(join(cache, 'pages.json'), 99), Infinity],
    ['the list is of other pages', (cache: string) => ofOthers(join(cache, 'pages.json')), Infinity],
  ])('are rendered again where %s', async (_what, harm, more) => {
    const [root, cache] = [await makeBook(), temporaryFolder()];
    const first = await render(root, cache);
    const always = Object.keys(first.pages).filter((name) => !isLasting(name)).length;
    harm(cache);
    forgetSums();
    const again = await render(root, cache);
    expect(again.made).toBe(Math.min(first.made, always + more));
    expect(again.pages).toEqual(first.pages);
    expect((await render(root, cache)).made).toBe(always);
  });

  it('go with what they showed', async () => {
    const [root, cache] = [await makeBook(), temporaryFolder()];
    const first = await render(root, cache);
    const [gone] = Object.keys(first.pages).filter((name) => name.startsWith('snapshots/'));
    const file = readdirSync(join(root, 'snapshots'))
      .filter((name) => name.startsWith('periodic_'))
      .sort()[0]!;
    rmSync(join(root, 'snapshots', file));
    const again = await render(root, cache);
    expect(Object.keys(again.pages)).not.toContain(gone);
    expect(existsSync(join(cache, 'files', gone!))).toBe(false);
  });
});

/** What a page says of a receipt is when it was checked; all others of one thing stay as they are. */
const isLasting = (name: string) => /^(?:snapshots|versions|runs(?!\/results-))\//.test(name);

/** A page that is kept, the first by its name. */
function onePage(cache: string): string {
  return join(cache, 'files', Object.keys(pagesIn(join(cache, 'files'))).find(isLasting)!);
}

function ofOthers(list: string): void {
  writeFileSync(list, readFileSync(list, 'utf8').replace(/"made":"./, '"made":"-'));
}
