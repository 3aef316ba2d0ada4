import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { handBook } from '../data/book/handover.ts';
import type { SiteBook } from '../data/book/types.ts';

/** Where pages are rendered from and to; everything but `packageRoot` lies in the book. */
export interface RenderPlaces {
  packageRoot: string;
  /** A folder for Astro to work in. */
  work: string;
  out: string;
  cache: string;
}

let turn: Promise<unknown> = Promise.resolve();

/** Renders all pages of a book with Astro. Renderings in one process take turns, because pages find their book in a global place. */
export function renderPages(book: SiteBook, places: RenderPlaces): Promise<void> {
  const mine = turn.then(() => render(book, places));
  turn = mine.catch(() => {});
  return mine;
}

async function render(book: SiteBook, { packageRoot, work, out, cache }: RenderPlaces): Promise<void> {
  process.env['ASTRO_TELEMETRY_DISABLED'] = '1';
  mkdirSync(work, { recursive: true });
  rmSync(out, { recursive: true, force: true });
  const { build } = await import('astro');
  const restore = standIn(work);
  handBook(book);
  try {
    await build({
      root: work,
      srcDir: join(packageRoot, 'src'),
      publicDir: join(work, 'public'),
      outDir: out,
      cacheDir: cache,
      configFile: false,
      logLevel: 'error',
      output: 'static',
      compressHTML: true,
      devToolbar: { enabled: false },
      build: { format: 'file', inlineStylesheets: 'never', concurrency: 4 },
      experimental: { incrementalBuild: true },
      vite: {
        logLevel: 'error',
        ssr: { noExternal: true },
        plugins: [withoutReading(), fromPackage(packageRoot)],
        build: { reportCompressedSize: false },
      },
    });
  } finally {
    handBook(undefined);
    restore();
  }
}

/**
 * Astro puts its intermediate files into the working directory when the output lies outside of it, which may be anyone's
 * folder, or one that two builds share. While it works, it is told that it stands where it may write.
 */
function standIn(folder: string): () => void {
  const before = process.cwd;
  process.cwd = () => folder;
  return () => {
    process.cwd = before;
  };
}

/** Pages get the book handed over: the code that reads it is left out of their bundle, and with it all that it needs. */
function withoutReading(): { name: string; enforce: 'pre'; load(id: string): string | undefined } {
  const left = /[\\/](collector[\\/]read|src[\\/]data[\\/]book[\\/]load)\.ts$/;
  return {
    name: 'daybook:without-reading',
    enforce: 'pre',
    load: (id) => (left.test(id) ? 'export {};' : undefined),
  };
}

interface Resolver {
  resolve(source: string, importer: string, options: { skipSelf: boolean }): Promise<{ id: string } | null>;
}

/**
 * Packages are those that Daybook itself sees. The book may lie anywhere, without node_modules above it: entries of Astro
 * that are asked for from there are looked up from Daybook's own folder.
 */
function fromPackage(packageRoot: string) {
  const from = join(packageRoot, 'package.json');
  return {
    name: 'daybook:from-package',
    enforce: 'pre' as const,
    resolveId(this: Resolver, source: string, importer: string | undefined) {
      const isOurs = importer !== undefined && !importer.startsWith('\0') && !importer.includes('virtual:');
      if (isOurs || !/^(?:astro|@astrojs)(?:\/|$)/.test(source)) return undefined;
      return this.resolve(source, from, { skipSelf: true });
    },
  };
}
