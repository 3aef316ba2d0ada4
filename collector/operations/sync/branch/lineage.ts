import { randomBytes } from 'node:crypto';

/**
 * What each commit of a branch of the book's own says in its last line: which branch it belongs to, as which commit of it, and
 * since when its history reaches back. A clone with one commit alone knows by it what it may believe of an older one, and when
 * the history is to be shortened.
 */
export interface Lineage {
  /** Chosen by the first commit. */
  id: string;
  count: number;
  sinceMs: number;
}

const trailer = /^Daybook-Book: ([0-9a-f]{8}) #(\d+) since (\S+)$/m;

/** What a message says of it; undefined for commits of others. */
export function readLineage(message: string): Lineage | undefined {
  const [, id = '', count, since = ''] = trailer.exec(message) ?? [];
  const sinceMs = Date.parse(since);
  return id === '' || Number.isNaN(sinceMs) ? undefined : { id, count: Number(count), sinceMs };
}

/** That of the commit that follows, or of the first one. */
export function nextLineage(previous: Lineage | undefined, nowMs: number): Lineage {
  if (previous === undefined) return { id: randomBytes(4).toString('hex'), count: 1, sinceMs: nowMs };
  return { ...previous, count: previous.count + 1 };
}

/** The line that says it. */
export function lineageLine({ id, count, sinceMs }: Lineage): string {
  return `Daybook-Book: ${id} #${count} since ${new Date(sinceMs).toISOString().replace(/\.\d+/, '')}`;
}

/** A message with another line of this kind in place of its own. */
export function withLineage(message: string, lineage: Lineage): string {
  return message.replace(trailer, lineageLine(lineage));
}

/** Whether a commit comes before another one of its branch, or is that one, also where the history between them is not here. */
export function isBefore(older: Lineage | undefined, newer: Lineage | undefined): boolean {
  return older !== undefined && newer !== undefined && older.id === newer.id && older.count <= newer.count;
}

const dayMs = 86_400_000;

/**
 * Whether the history of a branch reaches back further than it shall. Only once a tenth more than is kept has gathered, and a
 * day at least: each time the branch gets another history, which clones have to notice.
 */
export function isOverdue({ sinceMs }: Lineage, historyMs: number, nowMs: number): boolean {
  return nowMs - sinceMs > historyMs + Math.max(historyMs / 10, dayMs);
}
