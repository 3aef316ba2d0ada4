import { plainText } from '../../../collector/base/format/plain.ts';
import type { SiteBook } from '../book/types.ts';
import { feedKinds } from './feeds/kinds.ts';
import { addressOf, isWritten } from './settings.ts';

/** Attributes of a <meta> or <link>. */
export type HeadElement = Record<string, string>;

/** What the head of a page says to readers that are no person: what it is, and where the same is in other forms. */
export interface Head {
  metas: HeadElement[];
  links: HeadElement[];
}

/** A page, as its head describes it. */
export interface HeadGiven {
  title: string;
  description: string;
  /** Its file, from the top of the site. */
  path: string;
  /** Whether it has a Markdown form. */
  hasTwin: boolean;
  /** Whether it shows whatever its address asks for: then it has no one address of its own. */
  isShell: boolean;
}

/** The picture that stands for a site where its address is shown. */
export const previewName = 'preview.png';

/** The head of a page of a book. Addresses of other sites' readers are whole ones, so that those are there only where they are known. */
export function headOf(
  { title: bookTitle, elsewhere }: Pick<SiteBook, 'title' | 'elsewhere'>,
  page: HeadGiven,
): Head {
  const { address } = elsewhere;
  const own =
    address === undefined || page.isShell
      ? undefined
      : addressOf(elsewhere, page.path.replace(/^index\.html$/, ''));
  const image = isWritten(elsewhere, 'image') ? addressOf(elsewhere, previewName) : undefined;
  const description = page.description === '' ? [] : [page.description];
  return {
    metas: [
      ...description.map((content) => ({ name: 'description', content })),
      { property: 'og:type', content: 'website' },
      { property: 'og:site_name', content: plainText(bookTitle) },
      { property: 'og:title', content: plainText(page.title) },
      ...description.map((content) => ({ property: 'og:description', content })),
      ...(own === undefined ? [] : [{ property: 'og:url', content: own }]),
      ...(image === undefined ? [] : imageMetas(image, bookTitle)),
    ],
    links: [
      ...(own === undefined ? [] : [{ rel: 'canonical', href: own }]),
      ...feedLinks(elsewhere, page.path),
      ...(page.hasTwin
        ? [{ rel: 'alternate', type: 'text/markdown', href: twinName(page.path).split('/').at(-1)! }]
        : []),
    ],
  };
}

/** "runs/a.html" -> "runs/a.md" */
export function twinName(path: string): string {
  return path.replace(/html$/, 'md');
}

function imageMetas(image: string, title: string): HeadElement[] {
  return [
    { property: 'og:image', content: image },
    { property: 'og:image:width', content: '1200' },
    { property: 'og:image:height', content: '630' },
    { property: 'og:image:alt', content: `How ${plainText(title)} stands` },
    { name: 'twitter:card', content: 'summary_large_image' },
  ];
}

function feedLinks(elsewhere: SiteBook['elsewhere'], path: string): HeadElement[] {
  if (!isWritten(elsewhere, 'feeds')) return [];
  const up = path.includes('/') ? '../' : '';
  return feedKinds.flatMap(({ name, title }) => [
    { rel: 'alternate', type: 'application/atom+xml', href: `${up}feeds/${name}.xml`, title },
    { rel: 'alternate', type: 'application/feed+json', href: `${up}feeds/${name}.json`, title },
  ]);
}
