import { createHash } from 'node:crypto';
import { hasMembers, isExactNumber, type JsonObject, type JsonValue, jsonText } from '../../browser.ts';
import { isIdentical } from '../frames.ts';
import type { FieldPoint, FieldValues } from '../index.ts';
import { visitLeaves } from '../leaves.ts';
import type { KeptField, KeptPart } from './facts.ts';

/** More fields than this are not followed: those that came first are. */
export const maxFields = 4000;
const maxTextChars = 400;
/** Values in one file: who draws a field loads no more than it needs. */
const maxPoints = 20_000;

/** The values of a field within a part. */
export interface Track {
  path: string;
  section: string;
  points: FieldPoint[];
}

/** Follows every leaf of the state through the snapshots of one part. A list is one leaf: its elements have no place of their own that would last. */
export class FieldTracks {
  /** Whether there was no room for a field. */
  isLimited = false;
  readonly #followed: Set<string>;
  readonly #tracks = new Map<string, Track>();
  readonly #now = new Map<string, { section: string; value: JsonValue | undefined; seen: number }>();
  #turn = 0;

  /**
   * `followed` are the fields of all parts before, and gets those that come; `before` is the state that the part begins with,
   * or goes on from, given the `tracks` until then.
   */
  constructor(followed: Set<string>, before: JsonObject | undefined, tracks: readonly Track[] = []) {
    this.#followed = followed;
    for (const track of tracks) {
      this.#tracks.set(track.path, track);
      followed.add(track.path);
    }
    visitLeaves(before ?? {}, (section, path, value) => {
      if (followed.has(path)) this.#now.set(path, { section, value, seen: 0 });
    });
  }

  /** Takes the state of a snapshot, whose number within the part this is. */
  follow(number: number, content: JsonObject): void {
    this.#turn += 1;
    visitLeaves(content, (section, path, value) => this.#visit(number, section, path, value));
    const gone: string[] = [];
    for (const [path, { seen }] of this.#now) if (seen !== this.#turn) gone.push(path);
    // In an order of their own: what stood before them depends on where the pass began.
    for (const path of gone.sort()) {
      this.#note(path, this.#now.get(path)!.section, [number]);
      this.#now.delete(path);
    }
  }

  #visit(number: number, section: string, path: string, value: JsonValue): void {
    let leaf = this.#now.get(path);
    if (leaf === undefined) {
      if (!this.#followed.has(path)) {
        if (this.#followed.size >= maxFields) {
          this.isLimited = true;
          return;
        }
        this.#followed.add(path);
      }
      leaf = { section, value: undefined, seen: 0 };
      this.#now.set(path, leaf);
    }
    leaf.seen = this.#turn;
    if (leaf.value !== undefined && isIdentical(leaf.value, value)) return;
    leaf.value = value;
    this.#note(path, section, [number, keptValue(value)]);
  }

  #note(path: string, section: string, point: FieldPoint): void {
    const track = this.#tracks.get(path);
    if (track === undefined) this.#tracks.set(path, { path, section, points: [point] });
    else track.points.push(point);
  }

  /** The fields in the order of their first values. */
  fields(): KeptField[] {
    return [...this.#tracks.values()].map(({ path, section, points }) => {
      const [last, value] = points[points.length - 1]!;
      return value === undefined
        ? [path, section, points.length, last]
        : [path, section, points.length, last, value];
    });
  }

  /** Their values as they are published: by section, one of very many values in several files. */
  files(): { fields: number[]; values: FieldValues }[] {
    const files: { fields: number[]; values: FieldValues; room: number }[] = [];
    const open = new Map<string, (typeof files)[number]>();
    for (const [number, { path, section, points }] of [...this.#tracks.values()].entries()) {
      let file = open.get(section);
      if (file === undefined || file.room < points.length) {
        file = { fields: [], values: { fields: [] }, room: maxPoints };
        open.set(section, file);
        files.push(file);
      }
      file.fields.push(number);
      file.values.fields.push({ path, points });
      file.room -= points.length;
    }
    return files;
  }
}

/** The tracks of a part that was published, as they were at one of its snapshots. */
export function tracksUntil(
  { fields, files }: KeptPart,
  number: number,
  valuesOf: (file: string) => FieldValues,
): Track[] {
  const points = new Map(
    files.flatMap(([file]) => valuesOf(file).fields.map((field) => [field.path, field.points] as const)),
  );
  return fields
    .map(([path, section]) => ({
      path,
      section,
      points: (points.get(path) ?? []).filter(([at]) => at < number),
    }))
    .filter((track) => track.points.length > 0);
}

/** Whether a part comes out as it was made although other fields may be followed now when it begins. */
export function fitsFollowed({ fields, limitedBy }: KeptPart, followed: ReadonlySet<string>): boolean {
  if (limitedBy !== undefined) return limitedBy === followedSum(followed);
  const more = fields.filter(([path]) => !followed.has(path)).length;
  return followed.size + more <= maxFields;
}

/** Stands for a set of followed fields. */
export function followedSum(followed: ReadonlySet<string>): string {
  return createHash('sha256')
    .update(jsonText([...followed]))
    .digest('hex')
    .slice(0, 32);
}

/** A value as it is kept: of a long one the beginning. */
function keptValue(value: JsonValue): JsonValue {
  const text = longText(value);
  return text === undefined ? value : beginning(text);
}

/** The text of a value that is too long to be kept, or a first part of it that is too long already. */
function longText(value: JsonValue): string | undefined {
  if (typeof value === 'string') return value.length >= maxTextChars ? `"${value}` : undefined;
  if (isExactNumber(value)) return value.text.length > maxTextChars ? value.text : undefined;
  if (!hasMembers(value)) return undefined;
  const isList = Array.isArray(value);
  let text = isList ? '[' : '{';
  for (const [key, member] of Object.entries(value)) {
    text += `${text.length > 1 ? ',' : ''}${isList ? '' : `${jsonText(key)}:`}${jsonText(member)}`;
    if (text.length > maxTextChars) return text;
  }
  text += isList ? ']' : '}';
  return text.length > maxTextChars ? text : undefined;
}

/** The first part of a long text as a text of its own: a slice would keep the whole alive. */
function beginning(text: string): string {
  return Buffer.from(`${text.slice(0, maxTextChars).toWellFormed()}…`).toString();
}
