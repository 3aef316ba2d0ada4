import type { SiteBook } from '../book/types.ts';
import { feedKinds } from './feeds/kinds.ts';
import { isWritten } from './settings.ts';

/** A link in the head of a page to the same in another form. */
export interface AlternateLink {
  type: string;
  href: string;
  title: string;
}

/** The feeds of a site, as its pages name them to readers of feeds; `up` is the way to the top. */
export function feedLinks({ elsewhere }: Pick<SiteBook, 'elsewhere'>, up: string): AlternateLink[] {
  if (!isWritten(elsewhere, 'feeds')) return [];
  return feedKinds.flatMap(({ name, title }) => [
    { type: 'application/atom+xml', href: `${up}feeds/${name}.xml`, title },
    { type: 'application/feed+json', href: `${up}feeds/${name}.json`, title },
  ]);
}
