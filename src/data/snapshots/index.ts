import type { JsonValue } from '../browser.ts';
import type { Frame } from './frames.ts';

/** data/snapshots/index.json: all snapshots, oldest first, column by column. */
export interface SnapshotIndex {
  format: 2;
  /** The files that hold the contents, by name without ending, and the number of the first snapshot in each. */
  chunks: { files: string[]; firsts: number[] };
  ids: string[];
  atUs: number[];
  health: string[];
  /** Why the health is what it is, by number; only where something is the matter. */
  reasons: Record<string, string>;
  changes: number[];
  /** Number of the first snapshot that has a page of its own. */
  firstPage: number;
}

/** data/snapshots/chunk-….json.gz: some snapshots after one another. The first frame is whole. */
export interface SnapshotChunk {
  ids: string[];
  frames: Frame[];
}

/** data/fields/index.json: which files hold which fields. The snapshots of a book lie in parts, one behind the other. */
export interface FieldIndex {
  format: 2;
  fields: { path: string; section: string; changes: number }[];
  parts: FieldPart[];
  /** The file, without ending, with what roll-ups keep of the fields; absent where no snapshot was thinned out. */
  rolled?: string;
}

/**
 * data/fields/rolled-….json.gz: what is left of the fields of snapshots that were thinned out. A span is the time of the first and the
 * last of them, and how many there were; a point has the number of its span, in how many of them the field was, and least,
 * greatest and mean of its numbers, or the texts that were seen and whether there were others.
 */
export interface RolledFields {
  spans: [fromUs: number, toUs: number, snapshots: number][];
  fields: { path: string; points: RolledPoint[] }[];
}

type RolledPoint =
  | [span: number, count: number, min: number, max: number, mean: number]
  | [span: number, count: number, seen: string[], more: boolean];

/** The files of a part, each with the positions of its fields in the index; `first` is the number of its first snapshot. */
export interface FieldPart {
  first: number;
  files: { file: string; fields: number[] }[];
}

/** The change points of one leaf: [number of the snapshot, value], or [number] alone where the leaf was gone. */
export type FieldPoint = [snapshot: number, value: JsonValue] | [snapshot: number];

/** data/fields/values-….json.gz: change points of fields; the numbers of snapshots count from the first of the part. */
export interface FieldValues {
  fields: { path: string; points: FieldPoint[] }[];
}
