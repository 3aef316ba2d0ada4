import type { SiteBook } from '../book/types.ts';
import { actionHref, runHref } from '../links.ts';
import { failedRunsTold } from '../runs/attention.ts';
import { runTitle } from '../runs/words.ts';
import type { FleetBook, FleetFailure } from './types.ts';
import { isRead } from './types.ts';

const mostFailures = 50;

/** The newest failures of all books, newest first. */
export function newestFailures(books: readonly FleetBook[]): FleetFailure[] {
  return newest(books.flatMap((book) => (isRead(book) ? book.failures : [])));
}

/** Why there are none: of books that could not be read nobody knows. */
export function noFailuresText(books: readonly FleetBook[]): string {
  const read = books.filter(isRead).length;
  if (read === 0 && books.length > 0) return 'No book could be read, so nothing is known of failures.';
  const which = read === books.length ? 'of these books' : 'of the books that could be read';
  return `No action and no run ${which} has failed.`;
}

/** The newest actions and runs of a book that failed or were aborted, whatever followed them, newest first. */
export function failuresOf(name: string, book: SiteBook): FleetFailure[] {
  const told = failedRunsTold(book);
  const pages = new Set(book.runs.pageSlugs);
  const up = `${name}/`;
  const actions = book.actions.failures
    // The command of a run that is told as a run is no second thing.
    .filter(({ status, run }) => !(status === 'failed' && run !== undefined && told.has(run)))
    .map((action): FleetFailure => {
      const { key, type, status, statusWord, summary, error, atUs } = action;
      const href = actionHref(up, key);
      return { book: name, kind: 'action', key, type, status, statusWord, summary, error, atUs, href };
    });
  const runs = book.runs.failed.flatMap((run): FleetFailure[] => {
    const { key, slug, status, statusWord, description, error, atUs } = run;
    if (atUs === undefined) return [];
    const href = runHref(up, slug, pages.has(slug));
    const type = runTitle(run);
    const summary = description ?? '';
    return [{ book: name, kind: 'run', key, type, status, statusWord, summary, error, atUs, href }];
  });
  return newest([...actions, ...runs]);
}

/** What has a time that no calendar has cannot be put into an order. */
function newest(failures: FleetFailure[]): FleetFailure[] {
  return failures
    .filter(({ atUs }) => Number.isFinite(atUs))
    .sort((a, b) => b.atUs - a.atUs || (a.href < b.href ? -1 : 1))
    .slice(0, mostFailures);
}
