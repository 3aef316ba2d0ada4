import { isObject, type JsonObject, type JsonValue } from './browser.ts';
import type { FieldHistory } from './site-book.ts';

/** The change points of one leaf: [number of the snapshot, value], or [number] alone where the leaf was gone. */
export type FieldPoint = [snapshot: number, value: JsonValue] | [snapshot: number];

/** A section's fields as data/fields publishes them. */
export interface SectionFields {
  section: string;
  fields: { path: string; points: FieldPoint[] }[];
}

/** Follows every leaf of the state from snapshot to snapshot; memory grows with changes, not with snapshots. */
export interface FieldFollower {
  follow(content: JsonObject): void;
  histories(snapshots: { id: string; atUs: number }[]): FieldHistory[];
  sections(): SectionFields[];
}

interface Track {
  section: string;
  path: string;
  text: string | undefined;
  points: FieldPoint[];
  seen: number;
}

const mostFields = 4000;
const mostText = 400;
const maxDepth = 8;
const names = new Set(['snapshot_id', 'snapshot_type', 'timestamp']);

/** Starts following. A list is one leaf: its elements have no place of their own that would last. */
export function followFields(): FieldFollower {
  const tracks = new Map<string, Track>();
  let count = 0;
  const visit = (section: string, path: string, value: JsonValue, depth: number): void => {
    if (isObject(value) && depth < maxDepth && Object.keys(value).length > 0) {
      for (const key in value) visit(section, joinPath(path, key), value[key]!, depth + 1);
      return;
    }
    let track = tracks.get(path);
    if (track === undefined) {
      if (tracks.size >= mostFields) return;
      track = { section, path, text: undefined, points: [], seen: 0 };
      tracks.set(path, track);
    }
    track.seen = count;
    const text = typeof value === 'string' ? `"${value}` : JSON.stringify(value);
    if (text === track.text) return;
    track.text = text;
    track.points.push([count - 1, text.length > mostText ? beginning(text) : value]);
  };
  return {
    follow(content) {
      count += 1;
      for (const key in content) if (!names.has(key)) visit(key, joinPath('', key), content[key]!, 0);
      for (const track of tracks.values()) {
        if (track.seen === count || track.text === undefined) continue;
        track.text = undefined;
        track.points.push([count - 1]);
      }
    },
    histories: (snapshots) => [...tracks.values()].map((track) => history(track, snapshots)),
    sections() {
      const sections = new Map<string, SectionFields>();
      for (const { section, path, points } of tracks.values()) {
        const entry = sections.get(section) ?? { section, fields: [] };
        sections.set(section, entry);
        entry.fields.push({ path, points });
      }
      return [...sections.values()];
    },
  };
}

/** The first part of a long text as a text of its own: a slice would keep the whole alive. */
function beginning(text: string): string {
  return Buffer.from(`${text.slice(0, mostText).toWellFormed()}…`).toString();
}

function history(track: Track, snapshots: { id: string; atUs: number }[]): FieldHistory {
  const last = track.points[track.points.length - 1]!;
  const since = snapshots[last[0]]!;
  return {
    path: track.path,
    value: last[1],
    changes: track.points.length - 1,
    sinceUs: since.atUs,
    sinceId: since.id,
  };
}

/** Paths as differences write them: "git.head", "modules[\"a b\"]". */
function joinPath(path: string, key: string): string {
  if (!/^[\p{L}\p{N}_$-]+$/u.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}
