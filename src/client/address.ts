/** A place in a site that is one file: its page as the site calls it ("runs/a.html"), what is asked of it, and where on it. */
export interface PlaceInFile {
  page: string;
  /** "?where=…", or "". */
  search: string;
  /** "#curves", or "". */
  anchor: string;
}

const indexPage = 'index.html';

/** The place that a fragment such as "#/runs/a?x=1#curves" names; undefined on a site of many files, whose fragments are others. */
export function placeIn(hash: string | undefined): PlaceInFile | undefined {
  const match = /^#\/([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(hash ?? '');
  if (match === null) return undefined;
  const [, path = '', search = '', anchor = ''] = match;
  const named = decoded(path);
  return { page: named === '' ? indexPage : isFile(named) ? named : `${named}.html`, search, anchor };
}

/** The fragment that names a place. */
export function fragmentOf({ page, search, anchor }: PlaceInFile): string {
  const path = page === indexPage ? '' : page.replace(/\.html$/, '');
  return `#/${path.split('/').map(encodeURIComponent).join('/')}${search}${anchor}`;
}

/** The place that a link means on a page of the site; undefined for an address elsewhere. */
export function placeOfLink(href: string, page: string): PlaceInFile | undefined {
  if (/^(?:[a-z][a-z0-9+.-]*:|\/)/i.test(href)) return undefined;
  const base = `http://file/${page.split('/').map(encodeURIComponent).join('/')}`;
  if (!URL.canParse(href, base)) return undefined;
  const { pathname, search, hash } = new URL(href, base);
  return { page: decoded(pathname.slice(1)), search, anchor: hash };
}

/** Goes to a page by the link that a site of many files has to it. */
export function goTo(href: string): void {
  const here = placeIn(location.hash);
  const place = here === undefined || href.startsWith('#') ? undefined : placeOfLink(href, here.page);
  location.href = place === undefined ? href : fragmentOf(place);
}

/** The fragment of a page alone, "#find", in a file of all pages and elsewhere. */
export function anchorIn(hash: string): string {
  return placeIn(hash)?.anchor ?? hash;
}

/** Copies of artifacts are named whole; all else that has an address is a page. */
function isFile(path: string): boolean {
  return path.startsWith('data/');
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
