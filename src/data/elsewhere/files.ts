import { createHash } from 'node:crypto';
import type { SiteBook } from '../book/types.ts';
import { jsonText } from '../browser.ts';
import { badgeEndpoint } from './badges/badge.ts';
import { drawBadge } from './badges/draw.ts';
import { badgesOf } from './badges/list.ts';
import { atomFeed } from './feeds/atom.ts';
import { feedsOf } from './feeds/entries.ts';
import { jsonFeed } from './feeds/json-feed.ts';
import { previewName } from './head.ts';
import { llmsText } from './llms.ts';
import { drawPreview, previewOf } from './preview/preview.ts';
import { isWritten } from './settings.ts';
import { sitemapText } from './sitemap.ts';

/** A file for readers elsewhere; `key` stands for all that it is made of, so that it is made only where that changed. */
export interface ElsewhereFile {
  /** Its path in the site. */
  name: string;
  key: string;
  bytes(): Uint8Array;
}

/** Everything that a build writes for readers that are no browser, beside pages and data. */
export function elsewhereFiles(book: SiteBook): ElsewhereFile[] {
  const parts = {
    badges: badgeFiles,
    feeds: feedFiles,
    markdown: (given: SiteBook) => [textFile('llms.txt', llmsText(given))],
    image: previewFile,
    sitemap: (given: SiteBook) => [textFile('sitemap.xml', sitemapText(given))],
  } as const;
  return Object.entries(parts).flatMap(([part, make]) =>
    isWritten(book.elsewhere, part as keyof typeof parts) ? make(book) : [],
  );
}

function feedFiles(book: SiteBook): ElsewhereFile[] {
  return feedsOf(book).flatMap((feed) => [
    textFile(`feeds/${feed.name}.xml`, atomFeed(feed, book.elsewhere)),
    textFile(`feeds/${feed.name}.json`, `${jsonText(jsonFeed(feed, book.elsewhere), 1)}\n`),
  ]);
}

function badgeFiles(book: SiteBook): ElsewhereFile[] {
  return badgesOf(book).flatMap((badge) => [
    textFile(`badges/${badge.name}.svg`, drawBadge(badge)),
    textFile(`badges/${badge.name}.json`, `${jsonText(badgeEndpoint(badge))}\n`),
  ]);
}

function previewFile(book: SiteBook): ElsewhereFile[] {
  const shown = previewOf(book);
  const key = createHash('sha256').update(jsonText(shown)).digest('hex');
  return [{ name: previewName, key, bytes: () => drawPreview(shown) }];
}

function textFile(name: string, text: string): ElsewhereFile {
  const bytes = Buffer.from(text);
  return { name, key: createHash('sha256').update(bytes).digest('hex'), bytes: () => bytes };
}
