import { mkdirSync, rmSync } from 'node:fs';
import { handBook } from '../data/book/handover.ts';
import type { SiteBook } from '../data/book/types.ts';
import { astroSettings, intermediateFolder, type RenderPlaces } from './astro-settings.ts';

let turn: Promise<unknown> = Promise.resolve();

/** Renders all pages of a book with Astro. Renderings in one process take turns, because pages find their book in a global place. */
export function renderPages(book: SiteBook, places: RenderPlaces): Promise<void> {
  const mine = turn.then(() => render(book, places));
  turn = mine.catch(() => {});
  return mine;
}

async function render(book: SiteBook, places: RenderPlaces): Promise<void> {
  process.env['ASTRO_TELEMETRY_DISABLED'] = '1';
  mkdirSync(places.work, { recursive: true });
  rmSync(places.out, { recursive: true, force: true });
  const { build } = await import('astro');
  const settings = astroSettings(places);
  handBook(book);
  try {
    await build({
      ...settings,
      configFile: false,
      logLevel: 'error',
      vite: { ...settings.vite, logLevel: 'error' },
    });
  } finally {
    handBook(undefined);
    rmSync(intermediateFolder(places.out), { recursive: true, force: true });
  }
}
