import { type Counts, total } from '../../charts/histogram.ts';
import type { SiteBook } from '../book/types.ts';
import { feedsOf } from '../elsewhere/feeds/entries.ts';
import type { FeedName } from '../elsewhere/feeds/kinds.ts';
import { isWritten } from '../elsewhere/settings.ts';
import { pageAge } from '../overview/age.ts';
import { attention } from '../overview/attention.ts';
import { headline } from '../overview/headline.ts';
import { type Recording, recording } from '../overview/recording.ts';
import { worstOf } from '../overview/worst.ts';
import { failuresOf } from './failures.ts';
import { type BookState, type Done, type ReadBook, shownDays } from './types.ts';

const dayMs = 86_400_000;

/** What the page of all books says of a book, under the name that it has there: nothing that its own pages do not say. */
export function fleetBookOf(name: string, book: SiteBook): ReadBook {
  const { actions, snapshots } = book;
  const items = attention(book);
  const said = headline(book, items);
  const state = recording(book);
  const wrong = worstOf(book, state)?.name;
  return {
    name,
    title: book.title,
    state: wrong === undefined ? 'well' : (states[wrong] ?? 'uneasy'),
    sentence: said.sentence,
    facts: said.facts,
    toLookAt: items.length,
    silence: silenceOf(wrong, state),
    lastUs: said.lastUs,
    lastActionUs: actions.lastUs,
    lastSnapshotUs: snapshots.at(-1)?.atUs,
    sinceYesterday: doneInDays(book, 2),
    week: doneInDays(book, 7),
    days: recentDays(book, shownDays).map(({ day, counts }) => ({
      day,
      total: total(counts),
      failed: counts.failed,
    })),
    age: pageAge(book),
    failures: failuresOf(name, book),
    entries: entriesOf(name, book),
    hasMarkdown: isWritten(book.elsewhere, 'markdown'),
  };
}

/** What can be wrong with a book (data/overview/worst.ts), where that is more than something to look at. */
const states: Readonly<Record<string, BookState>> = {
  unread: 'unread',
  empty: 'empty',
  stopped: 'silent',
  quiet: 'silent',
  failing: 'failing',
  'failed actions': 'failing',
  'failed runs': 'failing',
};

function silenceOf(wrong: string | undefined, { lastUs, recorder }: Recording): ReadBook['silence'] {
  if (wrong === 'quiet' && lastUs !== undefined) return { sinceUs: lastUs, ofSnapshots: false };
  if (wrong !== 'stopped' || recorder.newestUs === undefined) return undefined;
  // Actions may go on after what takes the snapshots has stopped.
  return { sinceUs: recorder.newestUs, ofSnapshots: (lastUs ?? 0) > recorder.newestUs };
}

function recentDays({ actions, builtAtUs }: SiteBook, count: number): { day: string; counts: Counts }[] {
  const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  const [from, today] = [dayOf(builtAtUs / 1000 - (count - 1) * dayMs), dayOf(builtAtUs / 1000)];
  // A clock that was ahead recorded on days that have not come yet.
  return actions.days.filter(({ day }) => day >= from && day <= today);
}

/** Of whole days there are exact counts in every book, however many actions it has. */
function doneInDays(book: SiteBook, count: number): Done {
  const days = recentDays(book, count);
  return {
    actions: days.reduce((sum, { counts }) => sum + total(counts), 0),
    failed: days.reduce((sum, { counts }) => sum + counts.failed, 0),
  };
}

function entriesOf(name: string, book: SiteBook): ReadBook['entries'] {
  const feeds = feedsOf(book).map((feed) => [
    feed.name,
    feed.entries.map((entry) => ({
      ...entry,
      title: `${name}: ${entry.title}`,
      path: `${name}/${entry.path}`,
      tags: [name, ...entry.tags],
    })),
  ]);
  return Object.fromEntries(feeds) as Record<FeedName, ReadBook['entries'][FeedName]>;
}
