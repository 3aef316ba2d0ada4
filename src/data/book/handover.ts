import type { SiteBook } from './types.ts';

const place = Symbol.for('daybook.site-book');

/** The book that a build in this process has loaded, if there is one: pages are bundled apart and share no modules with it. */
export function handedBook(): SiteBook | undefined {
  return (globalThis as { [place]?: SiteBook })[place];
}

/** Hands a loaded book to the pages, or takes it back with undefined. */
export function handBook(book: SiteBook | undefined): void {
  (globalThis as { [place]?: SiteBook | undefined })[place] = book;
}
