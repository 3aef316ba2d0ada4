import type { AxisValue } from '../../charts/axis-scale.ts';
import type { StatusName } from '../../charts/status-shape.ts';
import { type FilterSubject, parsePlainJson } from '../../data/browser.ts';
import { runHref } from '../../data/links.ts';
import type { RunIndex, RunNow } from '../../data/runs/index.ts';
import { type TableColumn, tableColumns } from '../../data/runs/table-columns.ts';
import { pause } from '../actions/store.ts';
import type { DataFiles } from '../data-files.ts';
import { type OpenedParquet, openParquet, readColumns } from '../parquet.ts';

/** All runs of a book, newest first, column by column; parameters and metrics come when they are asked for. */
export interface RunStore {
  total: number;
  index: RunIndex;
  /** Fixed columns, metrics, parameters. */
  columns: TableColumn[];
  columnOf(id: string): TableColumn | undefined;
  /** Rows below this number are loaded. */
  loaded(): number;
  /** Loads the columns that every question needs, file by file; `onPart` is called after each. */
  loadAll(onPart: () => void): Promise<void>;
  /** Makes sure that these columns are loaded; resolves at once where they are. */
  need(ids: Iterable<string>): Promise<void>;
  has(id: string): boolean;
  /** The value of a run under a column; undefined where it has none or the column is not loaded. */
  value(row: number, column: TableColumn): AxisValue;
  slug(row: number): string;
  name(row: number): string;
  identifier(row: number): string;
  key(row: number): string;
  status(row: number): StatusName;
  statusWord(row: number): string;
  tags(row: number): string[];
  verdict(row: number): string | undefined;
  staleWhy(row: number): string | undefined;
  rowOf(slug: string): number;
  href(row: number): string;
  /** A run as conditions see it, with those parameters and metrics only that `columns` name. */
  subject(row: number, columns: readonly TableColumn[]): FilterSubject;
}

type Values = unknown[];

/** Columns of the table files that are always there. */
const first = [
  'slug',
  'key',
  'name',
  'identifier',
  'status',
  'status_word',
  'time',
  'started',
  'duration_ms',
  'tags',
];
/** Columns of the table files behind fixed columns of the table that come when they are asked for. */
const later: Record<string, string> = {
  reason: 'error',
  description: 'description',
  artifacts: 'artifacts',
  series: 'series',
};
const noTags: string[] = [];

/** Opens the published runs; nothing but the index and what was true at the build is loaded yet. */
export async function openRunStore(files: DataFiles): Promise<RunStore> {
  const [index, now] = (await Promise.all([files.json('index'), files.json('now')])) as [RunIndex, RunNow];
  const { total } = index;
  const columns = tableColumns(index.columns);
  const byId = new Map(columns.map((column) => [column.id, column]));
  const fileColumns = new Map(
    index.columns.map((column) => [`${column.kind}.${column.name}`, column.column]),
  );
  const nameInFile = (id: string) =>
    fileColumns.get(id) ?? (Object.hasOwn(later, id) ? later[id] : undefined);
  const opened = new Map<number, Promise<OpenedParquet>>();
  const data = new Map<string, Values>();
  const loading = new Map<string, Promise<void>>();
  const tags: string[][] = [];
  const rows = new Map<string, number>();
  let loaded = 0;

  const starts = index.table.map((_, at) =>
    index.table.slice(0, at).reduce((sum, file) => sum + file.rows, 0),
  );
  const open = (part: number): Promise<OpenedParquet> => {
    const known = opened.get(part) ?? openParquet(files, index.table[part]!);
    opened.set(part, known);
    known.catch(() => opened.delete(part));
    return known;
  };
  const loadPart = async (part: number, names: string[]): Promise<void> => {
    const count = index.table[part]!.rows;
    const read = await readColumns(await open(part), names, 0, count);
    for (const name of names) {
      const target = data.get(name) ?? new Array<unknown>(total);
      data.set(name, target);
      const values = read[name];
      for (let at = 0; at < count; at++) target[starts[part]! + at] = values?.[at];
    }
  };
  const text = (name: string, row: number): string => (data.get(name)?.[row] as string | null) ?? '';
  const number = (name: string, row: number): number | undefined => {
    const value = data.get(name)?.[row];
    return typeof value === 'number' ? value : undefined;
  };
  const tagsOf = (row: number): string[] => tags[row] ?? noTags;
  const verdictOf = (row: number): string | undefined => {
    const slug = text('slug', row);
    return Object.hasOwn(now.verdicts, slug) ? now.verdicts[slug] : undefined;
  };
  const staleOf = (row: number): string | undefined => {
    const slug = text('slug', row);
    return Object.hasOwn(now.stale, slug) ? now.stale[slug]?.why : undefined;
  };
  const fixed: Record<string, (row: number) => AxisValue> = {
    name: (row) => text('name', row),
    key: (row) => text('key', row),
    status: (row) => (staleOf(row) === undefined ? text('status', row) : 'stale'),
    started: (row) => number('time', row),
    duration: (row) => number('duration_ms', row),
    identifier: (row) => text('identifier', row),
    receipt: verdictOf,
    tags: (row) => tagsOf(row).join(', ') || undefined,
  };
  const value = (row: number, column: TableColumn): AxisValue => {
    const own = column.group === 'fixed' ? fixed[column.id] : undefined;
    if (own !== undefined) return own(row);
    const found = data.get(nameInFile(column.id) ?? '')?.[row];
    return found === null ? undefined : typeof found === 'bigint' ? Number(found) : (found as AxisValue);
  };

  return {
    total,
    index,
    columns,
    columnOf: (id) => byId.get(id),
    loaded: () => loaded,
    async loadAll(onPart) {
      for (let part = 0; part < index.table.length; part++) {
        await loadPart(part, first);
        const end = starts[part]! + index.table[part]!.rows;
        for (let row = starts[part]!; row < end; row++) {
          rows.set(text('slug', row), row);
          const list = data.get('tags')?.[row];
          if (typeof list === 'string') tags[row] = parsePlainJson(list) as string[];
        }
        loaded = end;
        onPart();
        await pause();
      }
    },
    async need(ids) {
      const missing = [...ids].flatMap((id) => nameInFile(id) ?? []).filter((name) => !data.has(name));
      const fresh = missing.filter((name) => !loading.has(name));
      if (fresh.length > 0) {
        const work = (async () => {
          // Taken in whole: a column of which half is there would sort and filter wrongly.
          for (let part = 0; part < index.table.length; part++) await loadPart(part, fresh);
        })();
        for (const name of fresh) loading.set(name, work);
        work.catch(() => {
          for (const name of fresh) loading.delete(name);
        });
      }
      await Promise.all(missing.map((name) => loading.get(name)));
    },
    has: (id) => Object.hasOwn(fixed, id) || data.has(nameInFile(id) ?? ''),
    value,
    slug: (row) => text('slug', row),
    name: (row) => text('name', row),
    identifier: (row) => text('identifier', row),
    key: (row) => text('key', row),
    status: (row) => text('status', row) as StatusName,
    statusWord: (row) => text('status_word', row),
    tags: tagsOf,
    verdict: verdictOf,
    staleWhy: staleOf,
    rowOf: (slug) => rows.get(slug) ?? -1,
    href: (row) => runHref('', text('slug', row), row < index.pages),
    subject(row, needed) {
      const params: Record<string, never> = Object.create(null) as Record<string, never>;
      const metrics: Record<string, never> = Object.create(null) as Record<string, never>;
      for (const column of needed) {
        if (column.group === 'fixed') continue;
        const found = value(row, column);
        if (found !== undefined) (column.group === 'param' ? params : metrics)[column.name] = found as never;
      }
      return {
        key: text('key', row),
        name: text('name', row),
        identifier: text('identifier', row),
        status: text('status', row),
        statusWord: text('status_word', row),
        tags: tagsOf(row),
        startedAtUs: number('started', row),
        atUs: number('time', row),
        durationMs: number('duration_ms', row),
        stale: staleOf(row),
        error: text('error', row) || undefined,
        params,
        metrics,
      };
    },
  };
}
