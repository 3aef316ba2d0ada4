import { formatDuration } from '../base/format/duration.ts';
import { formatNumber } from '../base/format/number.ts';
import { formatTime } from '../base/format/time.ts';
import type { JsonValue } from '../base/json/json.ts';
import type { RunRecord, Scalar } from './record.ts';

/** What is known of a run everywhere: in whole records, and in the rows of lists that have no documents. */
export interface RunFieldSource {
  key: string;
  name: string;
  identifier: string;
  status: string;
  statusWord: string;
  tags: readonly string[];
  startedAtUs?: number | undefined;
  atUs?: number | undefined;
  durationMs?: number | undefined;
  stale?: unknown;
}

/** A run without its documents, as lists have it: `more` has by their ids the fields that are taken from them. */
export interface RunRow extends RunFieldSource {
  more: Readonly<Record<string, Scalar>>;
}

interface Described {
  /** The one word for it: of columns, conditions, orders, facets and comparisons. */
  id: string;
  /** Words it also goes by, and went by before; a parameter or metric of such a name comes first. */
  aliases: readonly string[];
  /** Whether its own word, too, leaves its place to a parameter or metric of that name: so it is for fields that came later. */
  givesWay?: true;
  /** What stands above its column on pages, with the unit behind it. */
  label: string;
  unit?: string;
  /** time: microseconds since 1970; duration: milliseconds, where people give a number alone in seconds. */
  type: 'text' | 'number' | 'time' | 'duration' | 'boolean';
  /** What it says, for the documentation. */
  meaning: string;
  /** What people see in tables, charts and facets, where that is not the value. */
  shown?(run: RunFieldSource): string;
  /** What a condition compares, where that is more than the value: any of these texts may fit. */
  texts?(run: RunFieldSource): readonly string[];
  /** Whether letters count in conditions. */
  isExact?: true;
  /** Its column in the data files; `type` where it is not the usual one. A field that the world decides has none. */
  column?: { name: string; type?: 'INTEGER' };
  /** Its key in --json, where that is not the name of its column. */
  json?: string;
  /** Whether it can be an axis of the charts. */
  axis?: true;
  /** Whether runs can be narrowed by its values with a click. */
  facet?: true;
  /** Where runs side by side have it; fields that stand in the head of each have no place. */
  compare?: 'Outcome' | 'Code';
}

/** Something that every run may have, whatever its parameters and metrics are. */
export type RunField =
  | (Described & {
      /** Its value as tables show it and orders take it; undefined where the run has none. */
      of(run: RunFieldSource): Scalar | undefined;
      /** The value where there is room for all of it: data files, --json, comparisons. */
      whole?(run: RunFieldSource): JsonValue | undefined;
      from?: undefined;
    })
  | (Described & {
      /** The same for what only whole records know: lists get it as `more`. */
      from(run: RunRecord): Scalar | undefined;
      whole?(run: RunRecord): Scalar | undefined;
      of?: undefined;
      column: NonNullable<Described['column']>;
    });

/** The value of a field, of a whole record or of the row of a list. */
export function fieldValue(field: RunField, run: RunRecord | RunRow): Scalar | undefined {
  if (field.of !== undefined) return field.of(run);
  return 'more' in run ? ownMore(run, field) : field.from(run);
}

/** The value with nothing left out, as far as it is at hand. */
export function wholeValue(field: RunField, run: RunRecord | RunRow): JsonValue | undefined {
  if (field.whole === undefined) return fieldValue(field, run);
  if (field.of !== undefined) return field.whole(run);
  return 'more' in run ? ownMore(run, field) : field.whole(run);
}

/** The texts of a field that a condition looks at. */
export function fieldTexts(field: RunField, run: RunRecord | RunRow): readonly string[] {
  const texts = field.texts?.(run);
  if (texts !== undefined) return texts;
  const whole = wholeValue(field, run);
  return whole === undefined || whole === null ? [] : [String(whole)];
}

/** A value of a type as tables and sentences have it; "" where there is none. */
export function fieldText(type: RunField['type'], value: Scalar | undefined): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'number') return String(value);
  if (type === 'time') return formatTime(value);
  return type === 'duration' ? formatDuration(value) : formatNumber(value);
}

function ownMore({ more }: RunRow, { id }: RunField): Scalar | undefined {
  return Object.hasOwn(more, id) ? more[id] : undefined;
}
