import { plainText } from '../../../../collector/base/format/plain.ts';
import { isoTime } from '../../../../collector/base/format/time.ts';
import { addressOf, type ElsewhereSettings } from '../settings.ts';
import type { Feed, FeedEntry } from './entry.ts';

/** A feed as JSON Feed 1.1. Its addresses are whole ones by definition, so that there are none where none is known. */
export function jsonFeed(feed: Feed, { address }: Pick<ElsewhereSettings, 'address'>): object {
  const place = (name: string, path: string) =>
    address === undefined ? {} : { [name]: addressOf({ address }, path) };
  return {
    version: 'https://jsonfeed.org/version/1.1',
    title: plainText(feed.title),
    description: feed.about,
    ...place('home_page_url', ''),
    ...place('feed_url', `feeds/${feed.name}.json`),
    language: 'en',
    authors: [{ name: plainText(feed.book) }],
    items: feed.entries.map((entry) => itemOf(entry, place)),
  };
}

function itemOf(entry: FeedEntry, place: (name: string, path: string) => object): object {
  return {
    id: entry.id,
    ...place('url', entry.path),
    title: plainText(entry.title),
    content_text: plainText(entry.text),
    date_published: isoTime(entry.atUs),
    date_modified: isoTime(entry.updatedUs),
    ...(entry.author === undefined ? {} : { authors: [{ name: plainText(entry.author) }] }),
    tags: entry.tags.map(plainText),
  };
}
