import { isoTime } from '../../../../collector/base/format/time.ts';
import { addressOf, type ElsewhereSettings } from '../settings.ts';
import { xmlText } from '../xml.ts';
import type { Feed, FeedEntry } from './entry.ts';

/**
 * A feed as Atom 1.0 (RFC 4287). Where no address is known its links are relative: they lead on from wherever the feed was
 * read, as those of pages do.
 */
export function atomFeed(feed: Feed, settings: Pick<ElsewhereSettings, 'address'>): string {
  const place = (path: string) =>
    xmlText(settings.address === undefined ? `../${path}` : addressOf(settings, path));
  const lines = [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">',
    `  <id>${feed.id}</id>`,
    `  <title>${xmlText(feed.title)}</title>`,
    `  <subtitle>${xmlText(feed.about)}</subtitle>`,
    `  <updated>${timeOf(feed.updatedUs)}</updated>`,
    `  <author><name>${xmlText(feed.book)}</name></author>`,
    '  <generator>Daybook</generator>',
    `  <link rel="self" type="application/atom+xml" href="${place(`feeds/${feed.name}.xml`)}"/>`,
    `  <link rel="alternate" type="text/html" href="${place('index.html')}"/>`,
    ...feed.entries.flatMap((entry) => entryLines(entry, place)),
    '</feed>',
  ];
  return `${lines.join('\n')}\n`;
}

function entryLines(entry: FeedEntry, place: (path: string) => string): string[] {
  return [
    '  <entry>',
    `    <id>${entry.id}</id>`,
    `    <title>${xmlText(entry.title)}</title>`,
    `    <published>${timeOf(entry.atUs)}</published>`,
    `    <updated>${timeOf(entry.updatedUs)}</updated>`,
    ...(entry.author === undefined ? [] : [`    <author><name>${xmlText(entry.author)}</name></author>`]),
    `    <link rel="alternate" type="text/html" href="${place(entry.path)}"/>`,
    ...entry.tags.map((tag) => `    <category term="${xmlText(tag)}"/>`),
    `    <content type="text">${xmlText(entry.text)}</content>`,
    '  </entry>',
  ];
}

function timeOf(us: number): string {
  return isoTime(us)!;
}
