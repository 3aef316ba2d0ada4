import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'astro';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

/** A book with pages of every kind, as it was rendered first; all tests begin with a copy of what was kept. */
const shared = mkdtempSync(join(tmpdir(), 'daybook-'));
const given = {
  root: join(shared, 'book'),
  cache: join(shared, 'pages'),
  first: {} as Awaited<ReturnType<typeof render>>,
};

beforeAll(async () => {
  const { root, cache } = given;
  await writeVersionBook(root, { count: 6 });
  writeRunBook(root, undefined, 6);
  writeSnapshots(root, 4);
  given.first = await render(root, cache, { out: join(shared, 'out') });
});
afterAll(() => rmSync(shared, { recursive: true, force: true }));

interface RenderGiven {
  out: string;
  atUs: number;
  /** Where the page of all books lies. */
  allBooks: string | undefined;
}

async function render(
  root: string,
  cache: string,
  { out = join(temporaryFolder(), 'out'), atUs = nowUs, allBooks }: Partial<RenderGiven> = {},
) {
  const { book } = await readBook(root, { nowUs: atUs });
  book.allBooks = allBooks;
  const count = await renderPages(book, { packageRoot: packageRoot(), out, cache });
  return { ...count, out, pages: pagesIn(out) };
}

/** What was kept of the first rendering, on another disk. */
function copyOfCache(): string {
  const copy = join(temporaryFolder(), 'moved');
  cpSync(given.cache, copy, { recursive: true });
  return copy;
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
    const { root, first } = given;
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
    expect(Object.keys(first.pages)).toEqual(Object.keys(theirs));
    expect(Object.keys(theirs).filter((name) => first.pages[name] !== theirs[name])).toEqual([]);
  });

  it('are rendered once for what they show; the others get a second name', async () => {
    const { root, cache, first } = given;
    expect(first).toMatchObject({ made: Object.keys(first.pages).length, reused: 0 });
    const again = await render(root, cache);
    expect(again.pages).toEqual(first.pages);
    const linked = Object.keys(first.pages).filter(
      (name) => placeOf(again.out, name) === placeOf(first.out, name),
    );
    expect(linked).toEqual(Object.keys(first.pages).filter(isLasting));
    expect(again).toMatchObject({ made: first.made - linked.length, reused: linked.length });
  });

  it('are kept on another disk, at other times and places', async () => {
    const { root, first } = given;
    const moved = copyOfCache();
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
    const { root, first } = given;
    const cache = copyOfCache();
    const always = Object.keys(first.pages).filter((name) => !isLasting(name)).length;
    harm(cache);
    forgetSums();
    const again = await render(root, cache);
    expect(again.made).toBe(Math.min(first.made, always + more));
    expect(again.pages).toEqual(first.pages);
    expect((await render(root, cache)).made).toBe(always);
  });

  it('lead to all books where there are others, and nowhere where there are none', async () => {
    const { root, first } = given;
    const cache = copyOfCache();
    const back = /<a class="all-books" href="([^"]+)"/;
    const of = async (allBooks?: string) => {
      const { pages } = await render(root, cache, { allBooks });
      return Object.entries(pages).map(([name, text]) => [name, back.exec(text)?.[1]]);
    };
    const names = Object.keys(first.pages);
    expect(await of('../index.html')).toEqual(
      names.map((name) => [name, name.includes('/') ? '../../index.html' : '../index.html']),
    );
    expect(await of()).toEqual(names.map((name) => [name, undefined]));
  });

  it('go with what they showed', async () => {
    const { first } = given;
    const [root, cache] = [join(temporaryFolder(), 'book'), copyOfCache()];
    cpSync(given.root, root, { recursive: true });
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

describe('pages of runs', () => {
  it('are rendered again where a new run or point says something new on them, and nowhere else', async () => {
    const [root, cache] = [temporaryFolder(), temporaryFolder()];
    for (let number = 0; number < 48; number++) writeRun(root, number);
    const states = [await render(root, cache)];
    const news = async () => {
      states.push(await render(root, cache));
      const [before, now] = states.slice(-2).map(({ out, pages }) => ({ out, pages })) as [Site, Site];
      const names = Object.keys(now.pages).filter((name) => name.startsWith('runs/'));
      const made = names.filter((name) => placeOf(now.out, name) !== placeOf(before.out, name));
      expect(made.filter((name) => now.pages[name] === before.pages[name])).toEqual([]);
      expect(now.pages).toEqual((await render(root, temporaryFolder())).pages);
      return made.map((name) => name.replace(/^runs\/exp-(\d+)-.*/, '$1'));
    };
    writeRun(root, 48, { params: { seed: 7 } });
    // Its own, and the one before it, which names it.
    expect(await news()).toEqual(['47', '48']);
    writeRun(root, 20, { points: 2101 });
    // The one behind it is held against it.
    expect(await news()).toEqual(['20', '21']);
    writeRun(root, 49, { loss: 0.001 });
    // The best of all is named on every page.
    expect(await news()).toHaveLength(50);
  });

  it('that were left open long ago are not rendered again each time', async () => {
    const [root, cache] = [temporaryFolder(), temporaryFolder()];
    writeRun(root, 0, { status: 'running', points: 3 });
    const minuteUs = 60_000_000;
    const builtAfter = (minutes: number) =>
      render(root, cache, { atUs: Date.UTC(2026, 10, 18) * 1000 + minutes * minuteUs });
    const said = ({ pages }: Site) => Object.entries(pages).find(([name]) => name.startsWith('runs/'))![1];
    expect(said(await builtAfter(2))).toContain('2 minutes');
    expect(said(await builtAfter(3))).toContain('3 minutes');
    const [later, again] = [await builtAfter(9 * 1440 + 1), await builtAfter(9 * 1440 + 9)];
    expect([later.reused, again.reused]).toEqual([0, 1]);
    expect(said(again)).toContain('9 days');
  });
});

type Site = Pick<Awaited<ReturnType<typeof render>>, 'out' | 'pages'>;

/** A run of one experiment, one hour behind the one before; its loss ends where it is told to. */
function writeRun(
  root: string,
  number: number,
  given: { params?: object; points?: number; loss?: number; status?: string } = {},
): void {
  const { params = {}, loss = 0.1 + ((number * 37) % 50) / 100, status = 'completed' } = given;
  // Some have more points than a page draws: where the others stand is known to nobody else.
  const length = number % 4 === 0 ? 2100 : 40;
  const { points = length } = given;
  const place = join(root, `exp-${number}`);
  const startedMs = Date.UTC(2026, 10, 18) + number * 3_600_000;
  const at = (minutes: number) => new Date(startedMs + minutes * 60_000).toISOString();
  const tracker = {
    experiment_id: `exp-${number}`,
    experiment_name: 'unet',
    status,
    config_summary: { lr: 0.1 / ((number % 7) + 1), epochs: 20, ...params },
    best_metrics: {},
    ...{ created_at: at(0), started_at: at(0), ...(status === 'completed' ? { completed_at: at(15) } : {}) },
    metric_files: ['metrics/metrics.jsonl'],
  };
  const lines = Array.from({ length: points }, (_, step) =>
    JSON.stringify({ step, loss: step < length ? loss + (length - step) / 10_000 : loss / 2 }),
  );
  mkdirSync(join(place, 'metrics'), { recursive: true });
  writeFileSync(join(place, 'experiment_tracker.json'), JSON.stringify(tracker));
  writeFileSync(join(place, 'metrics', 'metrics.jsonl'), `${lines.join('\n')}\n`);
}

/** Tells two files with the same content apart. */
function placeOf(out: string, name: string): number | undefined {
  return statSync(join(out, name), { throwIfNoEntry: false })?.ino;
}

/** What a page says of a receipt is when it was checked; all others of one thing stay as they are. */
const isLasting = (name: string) => /^(?:snapshots|versions|runs(?!\/results-))\//.test(name);

/** A page that is kept, the first by its name. */
function onePage(cache: string): string {
  return join(cache, 'files', Object.keys(pagesIn(join(cache, 'files'))).find(isLasting)!);
}

function ofOthers(list: string): void {
  writeFileSync(list, readFileSync(list, 'utf8').replace(/"made":"./, '"made":"-'));
}
