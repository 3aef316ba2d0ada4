import type { ViewName } from './views.ts';

/** What of a book is read into views. */
export interface FillOptions {
  root: string;
  sinceUs?: number | undefined;
  signal?: AbortSignal | undefined;
  build?: string | undefined;
  /** Columns that are asked for, by view; all of them without it. */
  needs?: ReadonlyMap<ViewName, readonly string[]> | undefined;
}
