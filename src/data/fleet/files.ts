import type { JsonObject } from '../browser.ts';
import { isoMicros, jsonText } from '../browser.ts';
import { atomFeed } from '../elsewhere/feeds/atom.ts';
import { type Feed, stableId } from '../elsewhere/feeds/entry.ts';
import { jsonFeed } from '../elsewhere/feeds/json-feed.ts';
import { feedKinds } from '../elsewhere/feeds/kinds.ts';
import { isWritten } from '../elsewhere/settings.ts';
import { newestFailures } from './failures.ts';
import { countStates } from './order.ts';
import { fleetHeadline } from './sentence.ts';
import { type Fleet, type FleetBook, isRead } from './types.ts';

const mostEntries = 50;

/** The files for programs beside the page of all books, by their paths. */
export function fleetFiles(fleet: Fleet, schema: object | undefined): { name: string; text: string }[] {
  const feeds = isWritten(fleet.elsewhere, 'feeds') ? feedsOfAll(fleet) : [];
  return [
    { name: 'api/fleet.json', text: fileText(fleetJson(fleet)) },
    ...(schema === undefined ? [] : [{ name: 'api/schema/api-fleet.json', text: fileText(schema) }]),
    ...feeds.flatMap((feed) => [
      { name: `feeds/${feed.name}.xml`, text: atomFeed(feed, fleet.elsewhere) },
      { name: `feeds/${feed.name}.json`, text: `${jsonText(jsonFeed(feed, fleet.elsewhere), 1)}\n` },
    ]),
  ];
}

/** What all books tell, newest first; an entry has the id that it has in the feed of its book. */
function feedsOfAll({ title, books }: Fleet): Feed[] {
  return feedKinds.map(({ name, title: kind, about }) => {
    const entries = books
      .flatMap((book) => (isRead(book) ? book.entries[name] : []))
      .sort((a, b) => b.atUs - a.atUs || (a.id < b.id ? -1 : 1))
      .slice(0, mostEntries);
    return {
      id: stableId('feed', name, 'books', title),
      name,
      title: `${title}: ${kind.toLowerCase()}`,
      about,
      book: title,
      entries,
      updatedUs: Math.max(0, ...entries.map(({ updatedUs }) => updatedUs)),
    };
  });
}

/** api/fleet.json. */
export function fleetJson(fleet: Fleet): JsonObject {
  const { title, version, builtAtUs, books } = fleet;
  const { sentence, facts } = fleetHeadline(fleet);
  return {
    title,
    built_at: isoMicros(builtAtUs),
    version,
    sentence,
    facts,
    states: countStates(books),
    books: books.map(bookJson),
    failures: newestFailures(books).map(({ statusWord, atUs, error, ...failure }) => ({
      ...failure,
      status_word: statusWord,
      error: error ?? null,
      at: isoMicros(atUs),
    })),
  };
}

function bookJson(book: FleetBook): JsonObject {
  if (!isRead(book)) {
    const { name, problem, earlierUs } = book;
    return { name, state: 'unread', sentence: problem, problem, built_at: timeOf(earlierUs) };
  }
  const { name, title, state, sentence, facts, silence, sinceYesterday, week, age } = book;
  return {
    name,
    title,
    state,
    sentence,
    facts,
    problem: null,
    href: `${name}/index.html`,
    api: `${name}/api/index.json`,
    built_at: timeOf(age.builtAtUs),
    silent_since: timeOf(silence?.sinceUs),
    latest_at: timeOf(book.lastUs),
    latest_action_at: timeOf(book.lastActionUs),
    latest_periodic_at: timeOf(book.lastSnapshotUs),
    since_yesterday: { ...sinceYesterday },
    last_7_days: { ...week },
  };
}

function timeOf(us: number | undefined): string | null {
  return us === undefined || !Number.isFinite(us) ? null : isoMicros(us);
}

function fileText(value: object): string {
  return `${jsonText(value as JsonObject, 2)}\n`;
}
