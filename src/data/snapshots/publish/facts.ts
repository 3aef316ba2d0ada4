import type { Finding } from '../../../../collector/formats/findings/finding.ts';
import type { Health } from '../../../../collector/formats/snapshots/periodic.ts';
import type { JsonValue } from '../../browser.ts';
import type { FieldHistory, SnapshotView } from '../types.ts';

/** What is known of the snapshots of a book, oldest first, column by column: from it the next build goes on. */
export interface SnapshotFacts {
  ids: string[];
  /** Checksums of the files that have them. */
  sums: string[];
  atUs: number[];
  bytes: number[];
  /** Number of differences to the snapshot before. */
  changes: number[];
  health: Health[];
  /** By number, where there are some. */
  reasons: Record<number, string[]>;
  /** By number, where it is not snapshots/<id>.json. */
  files: Record<number, string>;
  /** Numbers of those whose time has no zone. */
  zoneless: number[];
  parts: KeptPart[];
  findings: KeptFinding[];
  /** What they were published by: the version of the program among others. */
  way: string;
}

/** What was said of a file; `sum` is that of the file, `isBare` whether no snapshot could be read from it. */
export interface KeptFinding {
  id: string;
  sum: string;
  isBare: boolean;
  finding: Finding;
}

/** Some snapshots one behind the other, and what was published of them. */
export interface KeptPart {
  count: number;
  /** The fields with values in it, in the order in which they first had one. */
  fields: KeptField[];
  chunks: [file: string, count: number][];
  /** Files of values, with the positions of their fields in `fields`. */
  files: [file: string, fields: number[]][];
  /** Which fields were followed when it began, where there was no room for all. */
  limitedBy?: string;
}

/** A field within a part: how many values it had, at which snapshot of the part it got the last one, and that; none where it is gone. */
export type KeptField =
  | [path: string, section: string, points: number, last: number]
  | [path: string, section: string, points: number, last: number, value: JsonValue];

/** The facts of no snapshots. */
export function noFacts(): SnapshotFacts {
  return {
    ids: [],
    sums: [],
    atUs: [],
    bytes: [],
    changes: [],
    health: [],
    reasons: {},
    files: {},
    zoneless: [],
    parts: [],
    findings: [],
    way: '',
  };
}

/** The snapshots as pages list them. */
export function viewsOf(facts: SnapshotFacts): SnapshotView[] {
  const zoneless = new Set(facts.zoneless);
  return facts.ids.map((id, number) => ({
    id,
    atUs: facts.atUs[number]!,
    zoneless: zoneless.has(number),
    health: facts.health[number]!,
    healthReasons: facts.reasons[number] ?? [],
    file: facts.files[number] ?? `snapshots/${id}.json`,
    bytes: facts.bytes[number]!,
    changes: facts.changes[number]!,
  }));
}

/** A field over all parts. */
export type FollowedField = FieldHistory & { section: string };

/** The followed fields, in the order in which they first had a value. */
export function fieldsOf({ parts, ids, atUs }: SnapshotFacts): FollowedField[] {
  const all = new Map<string, FollowedField>();
  let first = 0;
  for (const { count, fields } of parts) {
    for (const [path, section, points, last, value] of fields) {
      const known = all.get(path);
      const since = { value, sinceUs: atUs[first + last]!, sinceId: ids[first + last]! };
      if (known === undefined) all.set(path, { path, section, changes: points - 1, ...since });
      else Object.assign(known, { changes: known.changes + points }, since);
    }
    first += count;
  }
  return [...all.values()];
}
