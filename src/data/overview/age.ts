import type { SiteBook } from '../book/types.ts';
import { recording } from './recording.ts';

/** Until when what a page says of the state can be believed. */
export interface PageAge {
  builtAtUs: number;
  /** From then on the page says how old it is, and no longer how things are. */
  staleAtUs: number;
  /** When the next snapshot is overdue, where snapshots are expected and had not stopped. */
  dueAtUs: number | undefined;
}

/** Taking a snapshot, building and publishing take so long. */
const publishingUs = 900e6;
/** Without a schedule, and with a rare one, a page speaks of now for so long. */
export const longestUs = 2 * 86_400e6;

/** How long a page of this book tells how things are: until a snapshot is due that it cannot know of, at most two days. */
export function pageAge(book: SiteBook): PageAge {
  const { builtAtUs, coverage } = book;
  const { state } = recording(book).recorder;
  const dueAtUs = state === 'running' || state === 'late' ? coverage?.nextDueUs : undefined;
  const staleAtUs = Math.min(
    builtAtUs + longestUs,
    Math.max(builtAtUs, dueAtUs ?? Number.POSITIVE_INFINITY) + publishingUs,
  );
  return { builtAtUs, staleAtUs, dueAtUs };
}
