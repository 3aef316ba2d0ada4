import { formatCount } from '../../../collector/base/format/number.ts';
import { formatMoment } from '../../../collector/base/format/time.ts';
import { plural } from '../../../collector/base/format/words.ts';
import { type BookState, bookStates, type Fleet, type FleetBook, isRead, stateOf } from './types.ts';

/** How several books stand: the worst things that are true in one sentence, and what else is to be said. */
export interface FleetHeadline {
  sentence: string;
  facts: string[];
}

const inFirst = 2;

/** Says of several books first what is worst; where nothing is, that all are well. */
export function fleetHeadline(fleet: Fleet): FleetHeadline {
  const { books } = fleet;
  if (books.length === 0) return { sentence: 'No books.', facts: [] };
  const clauses = bookStates.flatMap((state) => {
    const group = books.filter((book) => stateOf(book) === state);
    return group.length === 0 ? [] : [clauseOf(state, group, fleet)];
  });
  const rest = clauses.slice(inFirst);
  return {
    sentence: `${clauses.slice(0, inFirst).join('; ')}.`,
    facts: [...(rest.length === 0 ? [] : [`${rest.join('; ')}.`]), ...doneText(books)],
  };
}

/** The books of one state: one by its name, several by how many they are. */
function clauseOf(state: BookState, group: readonly FleetBook[], { books, builtAtUs }: Fleet): string {
  const one = group.length === 1 && group[0];
  const [singular, several] = words[state];
  if (!one) return `${countOf(group.length, books.length)} ${several(group)}`;
  const since = isRead(one) && one.silence;
  if (!since) return `${one.name} ${singular}`;
  const moment = formatMoment(since.sinceUs, builtAtUs);
  return since.ofSnapshots
    ? `${one.name} has taken no snapshot since ${moment}`
    : `${one.name} has been silent since ${moment}`;
}

const words: Record<BookState, [one: string, several: (group: readonly FleetBook[]) => string]> = {
  unread: ['could not be read', () => 'could not be read'],
  silent: ['is silent', (group) => (group.some(goesOn) ? 'are silent or take no snapshots' : 'are silent')],
  empty: ['has recorded nothing yet', () => 'have recorded nothing yet'],
  failing: ['has failures', () => 'have failures'],
  uneasy: ['is worth a look', () => 'are worth a look'],
  well: ['is well', () => 'are well'],
};

/** Whether actions are still recorded, although snapshots have stopped. */
function goesOn(book: FleetBook): boolean {
  return isRead(book) && book.silence?.ofSnapshots === true;
}

function countOf(count: number, all: number): string {
  return count === all
    ? `All ${formatCount(all)} books`
    : `${formatCount(count)} of ${formatCount(all)} books`;
}

/** What all books together did, as far as they could be read: of the others nobody knows. */
function doneText(books: readonly FleetBook[]): string[] {
  const done = books.filter(isRead).map(({ sinceYesterday }) => sinceYesterday);
  if (done.length === 0) return [];
  const actions = done.reduce((sum, each) => sum + each.actions, 0);
  const failed = done.reduce((sum, each) => sum + each.failed, 0);
  const where = done.length === books.length ? '' : ' in the books that could be read';
  if (actions === 0) return [`No action was recorded yesterday or today${where}.`];
  const went = failed === 0 ? 'none failed' : `${formatCount(failed)} failed`;
  return [`${plural(actions, 'action')} yesterday and today${where}, ${went}.`];
}
