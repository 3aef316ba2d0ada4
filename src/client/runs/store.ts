import type { AxisValue } from '../../charts/axis-scale.ts';
import type { StatusName } from '../../charts/status-shape.ts';
import { type FilterSubject, parsePlainJson, type RunField, runFields } from '../../data/browser.ts';
import { runHref } from '../../data/links.ts';
import { facetValues } from '../../data/runs/facets.ts';
import type { RunIndex, RunNow } from '../../data/runs/index.ts';
import type { LiveState } from '../../data/runs/live.ts';
import { shownValue, type TableColumn, tableColumns } from '../../data/runs/table-columns.ts';
import { ownValue, type Scalar } from '../../data/runs/types.ts';
import { breathe } from '../breathe.ts';
import type { DataFiles } from '../data-files.ts';
import { type OpenedParquet, openParquet, readColumns } from '../parquet.ts';
import { StoredRow } from './stored-row.ts';

/** Columns of the table files that every question needs: what rows are known by, and what fields and facets look at. */
const first: readonly string[] = [
  'slug',
  'status_word',
  'time',
  ...runFields
    .filter((field) => field.of !== undefined || field.facet === true)
    .flatMap(({ column }) => column?.name ?? []),
];
/** Facets of what only whole records know. */
const keptFacets = runFields.filter((field) => field.from !== undefined && field.facet === true);
const noTags: readonly string[] = [];
const noMore: Readonly<Record<string, Scalar>> = {};

/** All runs of a book, newest first, column by column; parameters and metrics come when they are asked for. */
export class RunStore {
  readonly total: number;
  readonly index: RunIndex;
  /** Fixed columns, metrics, parameters. */
  readonly columns: TableColumn[];
  readonly #files: DataFiles;
  readonly #now: RunNow;
  readonly #byId: Map<string, TableColumn>;
  /** Names in the table files by the ids of columns that come when they are asked for. */
  readonly #namesInFile: Map<string, string>;
  readonly #starts: number[];
  readonly #opened = new Map<number, Promise<OpenedParquet>>();
  readonly #values = new Map<string, unknown[]>();
  readonly #loading = new Map<string, Promise<void>>();
  readonly #tags: string[][] = [];
  readonly #rows = new Map<string, number>();
  /** One for all rows: millions of them are looked at. */
  readonly #row: StoredRow;
  /** How runs stand that went on since the build, by slug. */
  readonly #live = new Map<string, LiveState>();
  #loaded = 0;

  constructor(files: DataFiles, index: RunIndex, now: RunNow) {
    this.#files = files;
    this.#now = now;
    this.index = index;
    this.total = index.total;
    this.columns = tableColumns(index.columns);
    this.#byId = new Map(this.columns.map((column) => [column.id, column]));
    this.#namesInFile = new Map([
      ...index.columns.map(({ kind, name, column }) => [`${kind}.${name}`, column] as const),
      ...runFields.flatMap(({ id, from, column }) =>
        from === undefined ? [] : [[id, column.name] as const],
      ),
    ]);
    this.#starts = index.table.map((_, at) =>
      index.table.slice(0, at).reduce((sum, file) => sum + file.rows, 0),
    );
    this.#row = new StoredRow(this);
  }

  /** Opens the published runs; nothing but the index and what was true at the build is loaded yet. */
  static async open(files: DataFiles): Promise<RunStore> {
    const [index, now] = await Promise.all([files.json('index'), files.json('now')]);
    return new RunStore(files, index as RunIndex, now as RunNow);
  }

  /** Takes up how runs stand now. What is sorted and filtered stays as it is until it is asked for again. */
  follow(states: readonly LiveState[]): void {
    for (const state of states) this.#live.set(state.slug, state);
  }

  columnOf(id: string): TableColumn | undefined {
    return this.#byId.get(id);
  }

  /** Rows below this number are loaded. */
  loaded(): number {
    return this.#loaded;
  }

  /** Loads the columns that every question needs, file by file; `onPart` is called after each. */
  async loadAll(onPart: () => void): Promise<void> {
    for (const [part, { rows }] of this.index.table.entries()) {
      await this.#loadPart(part, first);
      const start = this.#starts[part]!;
      for (let row = start; row < start + rows; row++) {
        this.#rows.set(this.slug(row), row);
        const list = this.#values.get('tags')?.[row];
        if (typeof list === 'string') this.#tags[row] = parsePlainJson(list) as string[];
      }
      this.#loaded = start + rows;
      onPart();
      await breathe();
    }
  }

  /** Makes sure that these columns are loaded; resolves at once where they are. */
  async need(ids: Iterable<string>): Promise<void> {
    const missing = [...ids]
      .flatMap((id) => this.#namesInFile.get(id) ?? [])
      .filter((name) => !this.#values.has(name));
    const fresh = missing.filter((name) => !this.#loading.has(name));
    if (fresh.length > 0) {
      const work = this.#loadWhole(fresh);
      for (const name of fresh) this.#loading.set(name, work);
      work.catch(() => {
        for (const name of fresh) this.#loading.delete(name);
      });
    }
    await Promise.all(missing.map((name) => this.#loading.get(name)));
  }

  /** Whether the values of a column are loaded. */
  has(id: string): boolean {
    const name = this.#namesInFile.get(id);
    return name === undefined ? this.#byId.get(id)?.group === 'fixed' : this.#values.has(name);
  }

  /** The value of a run under a column; undefined where it has none or the column is not loaded. */
  value(row: number, { id, name, group, field }: TableColumn): AxisValue {
    if (field?.of !== undefined) return shownValue(field, this.#at(row));
    if (group === 'fixed' && field === undefined) return this.verdict(row);
    if (group === 'metric') {
      const now = this.#liveMetric(row, name);
      if (now !== undefined) return now;
    }
    return this.#scalar(this.#namesInFile.get(id) ?? '', row);
  }

  /** What a run has of a facet. */
  facetValues(row: number, field: RunField): readonly string[] {
    return facetValues(field, this.#at(row));
  }

  slug(row: number): string {
    return this.text('slug', row);
  }

  name(row: number): string {
    return this.text('name', row);
  }

  identifier(row: number): string {
    return this.text('identifier', row);
  }

  key(row: number): string {
    return this.text('key', row);
  }

  /** The status as it is recorded, also where the run is stale. */
  status(row: number): StatusName {
    return this.#live.get(this.slug(row))?.status ?? (this.text('status', row) as StatusName);
  }

  statusWord(row: number): string {
    return this.#live.get(this.slug(row))?.statusWord ?? this.text('status_word', row);
  }

  tags(row: number): readonly string[] {
    return this.#tags[row] ?? noTags;
  }

  /** How its receipt stood at the build. */
  verdict(row: number): string | undefined {
    const { verdicts } = this.#now;
    const slug = this.slug(row);
    return Object.hasOwn(verdicts, slug) ? verdicts[slug] : undefined;
  }

  /** Why a run that says it runs does not, as far as the build knew. */
  staleWhy(row: number): string | undefined {
    const { stale } = this.#now;
    const slug = this.slug(row);
    const now = this.#live.get(slug);
    if (now !== undefined) return now.stale?.why;
    return Object.hasOwn(stale, slug) ? stale[slug]?.why : undefined;
  }

  rowOf(slug: string): number {
    return this.#rows.get(slug) ?? -1;
  }

  href(row: number): string {
    return runHref('', this.slug(row), row < this.index.pages);
  }

  /** A run as conditions see it, with those fields, parameters and metrics only that `columns` name. */
  subject(row: number, columns: readonly TableColumn[]): FilterSubject {
    const records = { fixed: noMore, param: noValues<Scalar>(), metric: noValues<number>() };
    for (const column of columns) {
      const found = this.value(row, column) as never;
      if (found === undefined) continue;
      if (column.group === 'fixed') records.fixed = { ...records.fixed, [column.id]: found };
      else records[column.group][column.name] = found;
    }
    return {
      key: this.key(row),
      name: this.name(row),
      identifier: this.identifier(row),
      status: this.status(row),
      statusWord: this.statusWord(row),
      tags: this.tags(row),
      startedAtUs: this.number('started', row),
      atUs: this.number('time', row),
      durationMs: this.number('duration_ms', row),
      stale: this.staleWhy(row),
      more: records.fixed,
      params: records.param,
      metrics: records.metric,
    };
  }

  /** What a column of the table files that is loaded from the start has of a run: a text, "" where there is none. */
  text(name: string, row: number): string {
    return (this.#values.get(name)?.[row] as string | null) ?? '';
  }

  /** The same for a number. */
  number(name: string, row: number): number | undefined {
    const value = this.#values.get(name)?.[row];
    return typeof value === 'number' ? value : undefined;
  }

  /** Fields of a run that facets look at although only whole records know them. */
  kept(row: number): Readonly<Record<string, Scalar>> {
    if (keptFacets.length === 0) return noMore;
    return Object.fromEntries(
      keptFacets.flatMap(({ id, column }) => {
        const value = this.#scalar(column?.name ?? '', row);
        return value === undefined ? [] : [[id, value as Scalar]];
      }),
    );
  }

  /** Best value where one is recorded, else the newest one. */
  #liveMetric(row: number, name: string): number | undefined {
    if (this.#live.size === 0) return undefined;
    const state = this.#live.get(this.slug(row));
    return state && (ownValue(state.best, name) ?? ownValue(state.last, name)?.value);
  }

  #at(row: number): StoredRow {
    this.#row.row = row;
    return this.#row;
  }

  #scalar(name: string, row: number): AxisValue {
    const found = this.#values.get(name)?.[row];
    return found === null ? undefined : typeof found === 'bigint' ? Number(found) : (found as AxisValue);
  }

  /** Taken in whole: a column of which half is there would sort and filter wrongly. */
  async #loadWhole(names: readonly string[]): Promise<void> {
    const parts = [];
    for (const part of this.index.table.keys()) parts.push(await this.#read(part, names));
    for (const [part, read] of parts.entries()) this.#keep(part, names, read);
  }

  async #loadPart(part: number, names: readonly string[]): Promise<void> {
    this.#keep(part, names, await this.#read(part, names));
  }

  async #read(part: number, names: readonly string[]): Promise<Awaited<ReturnType<typeof readColumns>>> {
    return readColumns(await this.#open(part), [...names], 0, this.index.table[part]!.rows);
  }

  #keep(part: number, names: readonly string[], read: Awaited<ReturnType<typeof readColumns>>): void {
    for (const name of names) {
      const target = this.#values.get(name) ?? new Array<unknown>(this.total);
      this.#values.set(name, target);
      const values = read[name];
      const start = this.#starts[part]!;
      for (let at = 0; at < this.index.table[part]!.rows; at++) target[start + at] = values?.[at];
    }
  }

  #open(part: number): Promise<OpenedParquet> {
    const known = this.#opened.get(part) ?? openParquet(this.#files, this.index.table[part]!);
    this.#opened.set(part, known);
    known.catch(() => this.#opened.delete(part));
    return known;
  }
}

/** A record for recorded names. */
function noValues<Value>(): Record<string, Value> {
  return Object.create(null) as Record<string, Value>;
}
