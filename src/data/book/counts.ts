import type { DisplayStatus } from '../../../collector/formats/actions/status.ts';

/** How many of something there are, by display status. */
export type StatusCounts = Record<DisplayStatus, number>;

/** A value and how often it occurs, most frequent first. */
export interface Counted {
  value: string;
  count: number;
}

/** A file of the book and how large it is. */
export interface BookFile {
  path: string;
  bytes: number;
  lines: number | undefined;
}
