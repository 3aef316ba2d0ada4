import type { DayTotal } from '../../charts/calendar.ts';
import type { DisplayStatus } from '../book/types.ts';
import type { FeedEntry } from '../elsewhere/feeds/entry.ts';
import type { FeedName } from '../elsewhere/feeds/kinds.ts';
import type { ElsewhereSettings } from '../elsewhere/settings.ts';
import type { PageAge } from '../overview/age.ts';

/** How a book stands among others, the worst first: that is the order in which they are shown. */
export const bookStates = ['unread', 'silent', 'empty', 'failing', 'uneasy', 'well'] as const;

/** One of them. */
export type BookState = (typeof bookStates)[number];

/** Days that the page of all books draws of each. */
export const shownDays = 30;

/** How much was done in a stretch of whole UTC days. */
export interface Done {
  actions: number;
  failed: number;
}

/** An action or a run that failed, in one of the books. */
export interface FleetFailure {
  book: string;
  kind: 'action' | 'run';
  key: string;
  /** The type of an action, the name of a run. */
  type: string;
  status: DisplayStatus;
  statusWord: string;
  summary: string;
  error: string | undefined;
  atUs: number;
  /** Its place, seen from the page of all books. */
  href: string;
}

/** A book that was built, as the page of all books shows it. */
export interface ReadBook {
  name: string;
  title: string;
  state: BookState;
  /** The headline of its Overview, and the facts behind it. */
  sentence: string;
  facts: string[];
  /** How many things its Overview says need attention. */
  toLookAt: number;
  /** Since when nothing was recorded, and whether that is of snapshots alone, of a book that is silent. */
  silence: { sinceUs: number; ofSnapshots: boolean } | undefined;
  /** When something was last recorded of any kind, and of these kinds. */
  lastUs: number | undefined;
  lastActionUs: number | undefined;
  lastSnapshotUs: number | undefined;
  /** Yesterday and today, and the seven days that end today. */
  sinceYesterday: Done;
  week: Done;
  /** The days of the last weeks that have actions, oldest first. */
  days: DayTotal[];
  age: PageAge;
  /** Newest first. */
  failures: FleetFailure[];
  /** What its feeds tell, their places seen from the page of all books. */
  entries: Record<FeedName, FeedEntry[]>;
  /** Whether its pages have Markdown forms. */
  hasMarkdown: boolean;
}

/** A book that could not be built, and why. */
export interface UnreadBook {
  name: string;
  problem: string;
  /** When the site that still stands there was built, where an earlier build made one. */
  earlierUs: number | undefined;
}

/** A book of several, whatever came of building it. */
export type FleetBook = ReadBook | UnreadBook;

/** Several books, as their one page shows them. */
export interface Fleet {
  title: string;
  version: string;
  builtAtUs: number;
  /** In the order of the page. */
  books: FleetBook[];
  elsewhere: ElsewhereSettings;
}

/** Whether a book was built. */
export function isRead(book: FleetBook): book is ReadBook {
  return !('problem' in book);
}

/** How a book stands. */
export function stateOf(book: FleetBook): BookState {
  return isRead(book) ? book.state : 'unread';
}
