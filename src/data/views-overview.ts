import { shorten } from '../charts/format.ts';
import { snapshotHref } from './links.ts';
import type { ActionView, SiteBook, SnapshotView } from './site-book.ts';
import { type Activity, activity, calendarDays } from './views-activity.ts';
import { type AttentionItem, attention, runningNow } from './views-attention.ts';
import { type DifferenceText, differenceText, isOwnIdentity, type Json, valueText } from './views-changes.ts';
import { type Headline, headline } from './views-headline.ts';
import { fieldHabits, rankChanges } from './views-ranking.ts';
import { countReadings, readingRows } from './views-readings.ts';
import { type Tile, tiles } from './views-tiles.ts';

/** The newest changes of the state: which snapshot brought them, against which. */
export interface ChangesView {
  snapshot: SnapshotView;
  before: SnapshotView;
  rows: DifferenceText[];
  href: string | undefined;
  /** True where the newest snapshot changed nothing and an older one is shown. */
  older: boolean;
  /** Readings that moved with the newest snapshot; they are told in one line. */
  readings: number;
  readingsHref: string;
  /** True where nothing but readings moved as far as one looks back: then they are the rows. */
  onlyReadings: boolean;
}

/** A section of the newest state in one line. */
export interface StateRow {
  name: string;
  fields: { key: string; value: string }[];
  error: string | undefined;
}

/** All that the Overview prints. */
export interface Overview {
  headline: Headline;
  tiles: Tile[];
  activity: Activity | undefined;
  calendar: { day: string; total: number; failed: number }[] | undefined;
  attention: AttentionItem[];
  running: ActionView[];
  changes: ChangesView | undefined;
  state: StateRow[];
  newest: SnapshotView | undefined;
  empty: boolean;
}

const heads = new Set(['snapshot_id', 'snapshot_type', 'timestamp', 'interval', 'metadata']);
const searched = 100;
const mostFields = 9;

/** The first page: is it well, what changed, what failed, what runs, since when is it silent. */
export function overview(book: SiteBook): Overview {
  const items = attention(book);
  return {
    headline: headline(book, items),
    tiles: tiles(book),
    activity: activity(book),
    calendar: calendarDays(book),
    attention: items,
    running: runningNow(book),
    changes: newestChanges(book),
    state: stateRows(book),
    newest: book.snapshots.at(-1),
    empty: book.actions.total === 0 && book.snapshots.length === 0,
  };
}

/** The newest snapshot that changed anything but readings, looking back a little; readings where there is nothing else. */
function newestChanges(book: SiteBook): ChangesView | undefined {
  const { snapshots } = book;
  const habits = fieldHabits(book);
  const pages = new Set(book.pageIds);
  const last = snapshots.length - 1;
  const view = (index: number, rows: DifferenceText[], readings: number, onlyReadings: boolean) => {
    const snapshot = snapshots[index] as SnapshotView;
    const hrefOf = ({ id }: SnapshotView) => (pages.has(id) ? snapshotHref('', id) : undefined);
    const readingsHref = hrefOf(snapshots[last] as SnapshotView) ?? 'snapshots.html';
    const before = snapshots[index - 1] as SnapshotView;
    return {
      snapshot,
      before,
      rows,
      href: hrefOf(snapshot),
      older: index < last,
      readings,
      readingsHref,
      onlyReadings,
    };
  };
  let readings: { index: number; rows: DifferenceText[] } | undefined;
  let newest = 0;
  for (let index = last; index > 0 && index >= snapshots.length - searched; index -= 1) {
    const { id, changes } = snapshots[index] as SnapshotView;
    if (changes === 0) continue;
    const ranked = rankChanges(
      book.changesOf(id).filter(({ path }) => !isOwnIdentity(path)),
      habits,
    );
    if (index === last) newest = countReadings(ranked.readings, habits);
    if (ranked.telling.length > 0) return view(index, ranked.telling.map(differenceText), newest, false);
    if (readings === undefined && ranked.readings.length > 0)
      readings = { index, rows: readingRows(ranked.readings, habits) };
  }
  return readings === undefined ? undefined : view(readings.index, readings.rows, 0, true);
}

function stateRows(book: SiteBook): StateRow[] {
  const newest = book.snapshots.at(-1);
  const content = newest === undefined ? undefined : book.contentOf(newest.id);
  return Object.entries(content ?? {})
    .filter(([name]) => !heads.has(name))
    .map(([name, value]) => stateRow(name, value));
}

function stateRow(name: string, value: Json): StateRow {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    return { name, fields: [{ key: '', value: shorten(valueText(value, name), 60) }], error: undefined };
  }
  const entries = Object.entries(value);
  if (entries.length === 1 && typeof value.error === 'string')
    return { name, fields: [], error: value.error };
  return { name, fields: flatFields(name, entries).slice(0, mostFields), error: undefined };
}

/** The fields of a section; of an object inside it, its simple fields. */
function flatFields(name: string, entries: [string, Json][]): StateRow['fields'] {
  return entries.flatMap(([key, value]) => {
    if (isOwnIdentity(`${name}.${key}`)) return [];
    const inner =
      value !== null && typeof value === 'object' && !Array.isArray(value) ? Object.entries(value) : [];
    const simple = inner.filter(([, one]) => one === null || typeof one !== 'object');
    if (simple.length === 0) return [{ key, value: shorten(valueText(value, key), 40) }];
    return simple.map(([sub, one]) => ({ key: `${key}.${sub}`, value: shorten(valueText(one, sub), 40) }));
  });
}
