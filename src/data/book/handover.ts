import type { Fleet } from '../fleet/types.ts';
import type { SiteBook } from './types.ts';

const place = Symbol.for('daybook.site-book');

/** The book that the pages show: whoever renders them has loaded it. Pages are bundled apart and share no modules with that. */
export function siteBook(): SiteBook {
  const book = (globalThis as { [place]?: SiteBook })[place];
  if (book === undefined)
    throw new Error(
      'Expected a book to be handed over before pages are rendered, found none; build with daybook build.',
    );
  return book;
}

const twinPlace = Symbol.for('daybook.page-twin');
type TwinPlace = { [twinPlace]?: (() => string) | undefined };

/** Hands the Markdown form of the page that is being rendered to the one who renders it; made only where it is asked for. */
export function handTwin(make: () => string): void {
  (globalThis as TwinPlace)[twinPlace] = make;
}

/** Takes the Markdown form of the page that was rendered last; undefined where it has none. */
export function takeTwin(): (() => string) | undefined {
  const given = (globalThis as TwinPlace)[twinPlace];
  (globalThis as TwinPlace)[twinPlace] = undefined;
  return given;
}

/** Hands a loaded book to the pages, or takes it back with undefined. */
export function handBook(book: SiteBook | undefined): void {
  (globalThis as { [place]?: SiteBook | undefined })[place] = book;
}

const fleetPlace = Symbol.for('daybook.site-fleet');

/** The books that the page of all books shows; undefined where a single book is rendered, which has no such page. */
export function siteFleet(): Fleet | undefined {
  return (globalThis as { [fleetPlace]?: Fleet })[fleetPlace];
}

/** Hands several books to their page, or takes them back with undefined. */
export function handFleet(fleet: Fleet | undefined): void {
  (globalThis as { [fleetPlace]?: Fleet | undefined })[fleetPlace] = fleet;
}
