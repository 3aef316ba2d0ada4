import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { handBook, handFleet, takeTwin } from '../../data/book/handover.ts';
import type { SiteBook } from '../../data/book/types.ts';
import { jsonText } from '../../data/browser.ts';
import { twinName } from '../../data/elsewhere/head.ts';
import { isWritten } from '../../data/elsewhere/settings.ts';
import type { Fleet } from '../../data/fleet/types.ts';
import { KeptPages } from './kept-pages.ts';
import { type ReadyPages, readyPages } from './ready.ts';

/** Where pages are rendered to, and where those stay that need not be rendered again. */
export interface PagePlaces {
  packageRoot: string;
  out: string;
  cache: string;
}

/** What came of rendering: pages made now, and pages that an earlier build made. */
export interface RenderedPages {
  made: number;
  reused: number;
  bytes: number;
  /** What their Markdown forms took, of the time of all. */
  twinMs: number;
}

let turn: Promise<unknown> = Promise.resolve();

/** Renders all pages of a book. Renderings in one process take turns, because pages find their book in a global place. */
export function renderPages(book: SiteBook, places: PagePlaces): Promise<RenderedPages> {
  return inTurn(() => render(book, places));
}

/** Renders the page of several books, and its Markdown form where it has one. */
export function renderFleet(
  fleet: Fleet,
  packageRoot: string,
): Promise<{ page: Uint8Array; markdown: string | undefined }> {
  return inTurn(async () => {
    const { app, manifest } = await appOf(await readyPages(packageRoot));
    const route = (manifest as Manifest).routes.find(({ routeData }) => routeData.route === '/[fleet]');
    if (route === undefined) throw new Error('Expected a page of several books, found none.');
    handFleet(fleet);
    try {
      app.routeCache.clearAll();
      const page = await renderPage(app, 'fleet.html', route.routeData);
      return { page, markdown: takeTwin()?.() };
    } finally {
      handFleet(undefined);
      app.routeCache.clearAll();
    }
  });
}

function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  const mine = turn.then(work);
  turn = mine.catch(() => {});
  return mine;
}

async function render(book: SiteBook, { packageRoot, out, cache }: PagePlaces): Promise<RenderedPages> {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const pages = await readyPages(packageRoot);
  const { app, StaticPaths } = await appOf(pages);
  const { address, leaveOut } = book.elsewhere;
  // What stands in the head of every page.
  const kept = new KeptPages(cache, jsonText([pages.key, address, leaveOut, book.allBooks]));
  const withTwins = isWritten(book.elsewhere, 'markdown');
  const count: RenderedPages = { made: 0, reused: 0, bytes: 0, twinMs: 0 };
  const write = (file: string, key: string | undefined, bytes: Uint8Array) => {
    if (key === undefined) writeFileSync(join(out, file), bytes);
    else kept.keep(file, key, bytes, out);
  };
  handBook(book);
  try {
    // Which pages there are is known of the book before.
    app.routeCache.clearAll();
    for (const { pathname, route, cacheKey } of await new StaticPaths(app).getAll()) {
      const name = `${pathname.replace(/^\//, '') || 'index'}.html`;
      mkdirSync(dirname(join(out, name)), { recursive: true });
      const isKept = (file: string) => cacheKey !== undefined && kept.put(file, cacheKey, out);
      if (isKept(name) && (!withTwins || isKept(twinName(name)))) {
        count.reused += 1;
        continue;
      }
      const bytes = await renderPage(app, name, route);
      write(name, cacheKey, bytes);
      const started = performance.now();
      const twin = takeTwin();
      if (twin !== undefined) write(twinName(name), cacheKey, Buffer.from(twin()));
      count.twinMs += performance.now() - started;
      count.made += 1;
      count.bytes += bytes.length;
    }
    kept.close();
  } finally {
    handBook(undefined);
    app.routeCache.clearAll();
  }
  return count;
}

async function renderPage(app: App, name: string, routeData: Route): Promise<Uint8Array> {
  const response = await app.render(new Request(`http://localhost/${name}`), { routeData });
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (response.status === 200 && bytes.length > 0) return bytes;
  throw new Error(`Expected the page ${name}, found an answer of ${response.status} in its place.`);
}

type App = typeof import('./entry.ts')['app'];
/** What is known of Astro's manifest. */
type Manifest = { routes: { routeData: Route }[] };
type Route = NonNullable<NonNullable<Parameters<App['render']>[1]>['routeData']>;

/** What Astro asks of the one who renders its pages, when there is nothing that it would put into them. */
const nothingElse = {
  internals: { pagesByKeys: new Map() },
  options: { settings: { scripts: [] }, logger: { options: { destination: { write: () => true } } } },
};

async function appOf({ entry }: ReadyPages): Promise<typeof import('./entry.ts')> {
  const pages = (await import(/* @vite-ignore */ entry)) as typeof import('./entry.ts');
  pages.app.setInternals(nothingElse.internals as never);
  pages.app.setOptions(nothingElse.options as never);
  return pages;
}
