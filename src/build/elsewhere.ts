import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SiteBook } from '../data/book/types.ts';
import { elsewhereFiles } from '../data/elsewhere/files.ts';
import { KeptPages } from './pages/kept-pages.ts';

/** Changes when a file would be made differently of the same. */
const made = 'daybook-elsewhere-1';

/** Writes what is there for readers that are no browser; what says the same as before is the file of an earlier build. */
export function writeElsewhere(book: SiteBook, { out, cache }: { out: string; cache: string }): void {
  const kept = new KeptPages(cache, `${made} ${book.version}`);
  const folders = new Set<string>();
  for (const { name, key, bytes } of elsewhereFiles(book)) {
    const folder = dirname(join(out, name));
    if (!folders.has(folder)) mkdirSync(folder, { recursive: true });
    folders.add(folder);
    if (!kept.put(name, key, out)) kept.keep(name, key, bytes(), out);
  }
  kept.close();
}
