/** What a column holds: a text, a number, a whole number, a time (UTC), yes or no, texts, or any value as JSON. */
export type ColumnKind = 'text' | 'number' | 'count' | 'time' | 'flag' | 'texts' | 'json';

/** A column of a view, and what it says. */
export type ViewColumn = readonly [name: string, kind: ColumnKind, means: string];

/** A table that questions are asked of. */
export interface View {
  /** What one row is. */
  row: string;
  columns: readonly ViewColumn[];
}

/** All views of a book; docs/query.md is made of them. */
export const views = {
  actions: {
    row: 'an action, by its newest line',
    columns: [
      ['key', 'text', 'unique in the book'],
      ['snapshot_id', 'text', 'as the line has it'],
      ['action_id', 'text', 'what lines of one action share'],
      ['time', 'time', 'when the line was recorded'],
      ['type', 'text', 'type of the action'],
      ['status', 'text', 'pending, running, completed, failed, aborted or unknown'],
      ['status_word', 'text', 'the status as the line spells it'],
      ['started_at', 'time', 'start'],
      ['ended_at', 'time', 'end'],
      ['duration_ms', 'number', 'how long it took, in milliseconds'],
      ['error', 'text', 'why it failed'],
      ['run', 'text', 'the run that it was recorded for'],
      ['host', 'text', 'machine'],
      ['ci', 'text', 'provider of the CI'],
      ['branch', 'text', 'branch of the work tree'],
      ['commit', 'text', 'commit of the work tree'],
      ['details', 'json', 'details; a large one as the reference that the line has'],
      ['file', 'text', 'file of the line'],
      ['line', 'count', 'number of the line in it, from 1'],
    ],
  },
  snapshots: {
    row: 'a periodic snapshot',
    columns: [
      ['id', 'text', 'name of its file without the ending'],
      ['time', 'time', 'when it was taken'],
      ['health', 'text', 'operational, degraded, failing or unknown'],
      ['reasons', 'texts', 'why, in sentences'],
      ['content', 'json', 'the snapshot whole'],
      ['file', 'text', 'its file'],
      ['bytes', 'count', 'size of the file'],
    ],
  },
  fields: {
    row: 'a single value of a periodic snapshot',
    columns: [
      ['snapshot', 'text', 'id of the snapshot'],
      ['time', 'time', 'when it was taken'],
      ['path', 'text', 'path of the field, as `daybook history` takes it'],
      ['value', 'text', 'the value as text; null for null'],
      ['number', 'number', 'the value where it is a number'],
    ],
  },
  rollups: {
    row: 'a field of the snapshots of an hour, a day or a month that were thinned out (`daybook archive` with retention rules)',
    columns: [
      ['unit', 'text', 'hour, day or month (UTC)'],
      ['time', 'time', 'when it begins'],
      ['until', 'time', 'when it ends'],
      ['path', 'text', 'path of the field'],
      ['count', 'count', 'how many snapshots had the field'],
      ['numbers', 'count', 'in how many of them it was a number'],
      ['min', 'number', 'least number'],
      ['max', 'number', 'greatest number'],
      ['mean', 'number', 'mean of the numbers'],
      ['first', 'text', 'value of the first snapshot'],
      ['last', 'text', 'value of the last snapshot'],
      ['seen', 'texts', 'values that are no numbers, the first twelve'],
      ['more', 'flag', 'whether there were more of those'],
    ],
  },
  runs: {
    row: 'a run, joined from all its files',
    columns: [
      ['run', 'text', 'key of the run, unique in the book'],
      ['name', 'text', 'last part of the key'],
      ['place', 'text', 'folder of the run in the book'],
      ['identifier', 'text', 'what groups runs'],
      ['status', 'text', 'pending, running, completed, failed, aborted or unknown'],
      ['status_word', 'text', 'the status as its file has it'],
      ['stale', 'flag', 'whether it says "running" and its process is gone'],
      ['time', 'time', 'start, else creation, else receipt'],
      ['started_at', 'time', 'start'],
      ['ended_at', 'time', 'end'],
      ['duration_ms', 'number', 'how long it took, in milliseconds'],
      ['tags', 'texts', 'tags'],
      ['description', 'text', 'description'],
      ['error', 'text', 'why it failed'],
      ['params', 'json', 'parameters by name'],
      ['metrics', 'json', 'by name the best value, where one is recorded, else the last'],
    ],
  },
  params: {
    row: 'a parameter of a run',
    columns: [
      ['run', 'text', 'key of the run'],
      ['name', 'text', 'name, nested ones with dots'],
      ['value', 'text', 'the value as text; null for null'],
      ['number', 'number', 'the value where it is a number'],
    ],
  },
  metrics: {
    row: 'a point of a metric of a run',
    columns: [
      ['run', 'text', 'key of the run'],
      ['name', 'text', 'name of the metric'],
      ['step', 'number', 'step or epoch; the position where neither is given'],
      ['time', 'time', 'when it was logged'],
      ['value', 'number', 'the value; NaN and infinities are kept'],
    ],
  },
  artifacts: {
    row: 'a file that a run produced or used',
    columns: [
      ['run', 'text', 'key of the run'],
      ['id', 'text', 'what the run calls it'],
      ['type', 'text', 'kind of artifact'],
      ['path', 'text', 'path as written'],
      ['file', 'text', 'where it lies in the book; null where it is not there'],
      ['bytes', 'count', 'size'],
      ['digest', 'text', 'checksum'],
      ['description', 'text', 'description'],
      ['tags', 'texts', 'tags'],
      ['added_at', 'time', 'when it was attached'],
    ],
  },
} as const satisfies Record<string, View>;

/** The name of a view. */
export type ViewName = keyof typeof views;

/** The names of all views. */
export const viewNames = Object.keys(views) as ViewName[];

/** The columns of a view. */
export function columnsOf(view: ViewName): readonly ViewColumn[] {
  return views[view].columns;
}
