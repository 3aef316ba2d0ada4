import { type BookState, bookStates, type FleetBook, isRead, stateOf } from './types.ts';

/**
 * Books in the order in which a person should look at them: those that could not be read, those that are silent (the longest
 * silence first), empty ones, those with failures (the most first), and the rest, those with things to look at before the others; by name where
 * nothing else tells.
 */
export function inOrder(books: readonly FleetBook[]): FleetBook[] {
  return [...books].sort(
    (a, b) =>
      bookStates.indexOf(stateOf(a)) - bookStates.indexOf(stateOf(b)) ||
      urgency(b) - urgency(a) ||
      (a.name < b.name ? -1 : 1),
  );
}

/** How many books there are in each state. */
export function countStates(books: readonly FleetBook[]): Record<BookState, number> {
  const counts = Object.fromEntries(bookStates.map((state) => [state, 0])) as Record<BookState, number>;
  for (const book of books) counts[stateOf(book)] += 1;
  return counts;
}

/** Within one state: more comes first. */
function urgency(book: FleetBook): number {
  if (!isRead(book)) return 1;
  if (book.state === 'silent') return -(book.silence?.sinceUs ?? 0);
  return book.state === 'failing' ? book.sinceYesterday.failed : book.toLookAt;
}
