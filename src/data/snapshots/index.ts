/** data/snapshots/index.json: all snapshots, oldest first, column by column; contents lie in chunks of `perChunk`. */
export interface SnapshotIndex {
  format: 1;
  perChunk: number;
  ids: string[];
  atUs: number[];
  health: string[];
  /** Why the health is what it is, by number; only where something is the matter. */
  reasons: Record<string, string>;
  changes: number[];
  /** Number of the first snapshot that has a page of its own. */
  firstPage: number;
}

/** data/snapshots/chunk-0000.json. */
export type SnapshotChunk = { id: string; content: Record<string, unknown> }[];

/** data/fields/index.json: which file holds which fields. */
export interface FieldIndex {
  format: 1;
  sections: { section: string; file: string; fields: { path: string; changes: number }[] }[];
}

/** Snapshots per chunk. */
export const perChunk = 50;
