import type { SiteBook } from '../book/types.ts';
import { jsonText } from '../browser.ts';
import { restingOn, wayDown } from './chains.ts';
import { type VersionPageFacts, versionPageFacts } from './page.ts';
import type { VersionView } from './types.ts';

/** The facts of the page with this name; undefined where no version has it. */
export function versionOfSlug(book: SiteBook, slug: string): VersionPageFacts | undefined {
  const { views, detailsOf } = book.versions;
  const view = slugs(views).get(slug);
  const details = view === undefined ? undefined : detailsOf(view.version);
  if (view === undefined || details === undefined) return undefined;
  const before = view.before === undefined ? undefined : detailsOf(view.before);
  return versionPageFacts(views, view, { details, before }, { up: '../', repository: book.repository });
}

/** What the page of a version depends on, as one text: if it is the same, the page need not be rendered again. */
export function versionPageKey(book: SiteBook, view: VersionView): string {
  const { views } = book.versions;
  const at = views.indexOf(view);
  const details = book.versions.detailsOf(view.version);
  const before = view.before === undefined ? undefined : book.versions.detailsOf(view.before);
  const around = [
    views[at - 1],
    views[at + 1],
    ...wayDown(views, view.version),
    ...restingOn(views, view.version, 200),
  ];
  return jsonText([book.title, book.version, book.repository, view, details, before?.content, around]);
}

const known = new WeakMap<readonly VersionView[], Map<string, VersionView>>();

function slugs(views: readonly VersionView[]): Map<string, VersionView> {
  const found =
    known.get(views) ??
    new Map(views.flatMap((view) => (view.slug === undefined ? [] : [[view.slug, view]])));
  known.set(views, found);
  return found;
}
