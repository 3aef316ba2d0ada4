import { type JsonObject, type JsonValue, jsonText } from '../browser.ts';
import { visitLeaves } from './leaves.ts';
import type { FieldHistory } from './types.ts';

/** The change points of one leaf: [number of the snapshot, value], or [number] alone where the leaf was gone. */
export type FieldPoint = [snapshot: number, value: JsonValue] | [snapshot: number];

/** A section's fields as data/fields publishes them; a section of very many values comes in several parts. */
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

const maxFields = 4000;
const maxTextChars = 400;
/** Values in one file: who draws a field loads no more than it needs. */
const maxPoints = 20_000;

/** Starts following. A list is one leaf: its elements have no place of their own that would last. */
export function followFields(): FieldFollower {
  const tracks = new Map<string, Track>();
  let count = 0;
  const visit = (section: string, path: string, value: JsonValue): void => {
    let track = tracks.get(path);
    if (track === undefined) {
      if (tracks.size >= maxFields) return;
      track = { section, path, text: undefined, points: [], seen: 0 };
      tracks.set(path, track);
    }
    track.seen = count;
    const text = typeof value === 'string' ? `"${value}` : jsonText(value);
    if (text === track.text) return;
    track.text = text;
    track.points.push([count - 1, text.length > maxTextChars ? beginning(text) : value]);
  };
  return {
    follow(content) {
      count += 1;
      visitLeaves(content, visit);
      for (const track of tracks.values()) {
        if (track.seen === count || track.text === undefined) continue;
        track.text = undefined;
        track.points.push([count - 1]);
      }
    },
    histories: (snapshots) => [...tracks.values()].map((track) => history(track, snapshots)),
    sections() {
      const sections: SectionFields[] = [];
      const open = new Map<string, { fields: SectionFields['fields']; room: number }>();
      for (const { section, path, points } of tracks.values()) {
        let part = open.get(section);
        if (part === undefined || part.room < points.length) {
          part = { fields: [], room: maxPoints };
          open.set(section, part);
          sections.push({ section, fields: part.fields });
        }
        part.fields.push({ path, points });
        part.room -= points.length;
      }
      return sections;
    },
  };
}

/** The first part of a long text as a text of its own: a slice would keep the whole alive. */
function beginning(text: string): string {
  return Buffer.from(`${text.slice(0, maxTextChars).toWellFormed()}…`).toString();
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
