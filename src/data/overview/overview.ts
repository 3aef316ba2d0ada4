import { shorten } from '../../../collector/base/format/words.ts';
import type { ActionView } from '../actions/types.ts';
import type { SiteBook } from '../book/types.ts';
import { hasMembers, isObject } from '../browser.ts';
import { snapshotHref } from '../links.ts';
import { runTiles } from '../runs/tiles.ts';
import { type DifferenceText, isOwnIdentity, valueText } from '../snapshots/changes.ts';
import { fieldHabits, rankChanges } from '../snapshots/ranking.ts';
import { countReadings, readingRows, tellingRows } from '../snapshots/readings.ts';
import type { SnapshotView } from '../snapshots/types.ts';
import type { Json } from '../values/value.ts';
import { type Activity, activity, calendarDays } from './activity.ts';
import { attention, runningNow } from './attention.ts';
import type { AttentionItem } from './attention-item.ts';
import { type Headline, headline } from './headline.ts';
import { type Tile, tiles } from './tiles.ts';

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
  /** What changed before that, as long as the list is short, newest first. */
  earlier: { atUs: number; href: string | undefined; rows: DifferenceText[] }[];
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
  /** Figures about actions and snapshots; none where a book has runs alone. */
  tiles: Tile[];
  runTiles: Tile[];
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
const maxFields = 9;
/** Earlier changes are told until there are so many. */
const fewRows = 6;

/** The first page: is it well, what changed, what failed, what runs, since when is it silent. */
export function overview(book: SiteBook): Overview {
  const items = attention(book);
  return {
    headline: headline(book, items),
    tiles: book.actions.total + book.snapshots.length === 0 && book.runs.total > 0 ? [] : tiles(book),
    runTiles: runTiles(book),
    activity: activity(book),
    calendar: calendarDays(book),
    attention: items,
    running: runningNow(book),
    changes: newestChanges(book),
    state: stateRows(book),
    newest: book.snapshots.at(-1),
    empty:
      book.actions.total === 0 && book.snapshots.length === 0 && book.runs.total === 0 && items.length === 0,
  };
}

/** The newest snapshots that changed anything but readings, looking back a little; readings where there is nothing else. */
function newestChanges(book: SiteBook): ChangesView | undefined {
  const { snapshots } = book;
  const habits = fieldHabits(book);
  const pages = new Set(book.pageIds);
  const hrefOf = ({ id }: SnapshotView) => (pages.has(id) ? snapshotHref('', id) : undefined);
  const last = snapshots.length - 1;
  const steps = [];
  let told = 0;
  for (let index = last; index > 0 && index >= snapshots.length - searched && told < fewRows; index -= 1) {
    const snapshot = snapshots[index] as SnapshotView;
    if (snapshot.changes === 0) continue;
    const changes = book.changesOf(snapshot.id).filter(({ path }) => !isOwnIdentity(path));
    const { telling, readings } = rankChanges(changes, habits);
    steps.push({ index, snapshot, href: hrefOf(snapshot), rows: tellingRows(telling), readings });
    told += telling.length;
  }
  const [first, ...rest] = steps.filter(({ rows }) => rows.length > 0);
  const moved = steps.find(({ readings }) => readings.length > 0);
  const shown = first ?? moved;
  if (shown === undefined) return undefined;
  const newest = steps.find(({ index }) => index === last);
  return {
    snapshot: shown.snapshot,
    before: snapshots[shown.index - 1] as SnapshotView,
    rows: first === undefined ? readingRows(shown.readings, habits) : first.rows,
    href: shown.href,
    older: shown.index < last,
    readings: first === undefined ? 0 : countReadings(newest?.readings ?? [], habits),
    readingsHref: hrefOf(snapshots[last] as SnapshotView) ?? 'snapshots.html',
    earlier: rest.map(({ snapshot, href, rows }) => ({ atUs: snapshot.atUs, href, rows })),
    onlyReadings: first === undefined,
  };
}

function stateRows(book: SiteBook): StateRow[] {
  const newest = book.snapshots.at(-1);
  const content = newest === undefined ? undefined : book.contentOf(newest.id);
  return Object.entries(content ?? {})
    .filter(([name]) => !heads.has(name))
    .map(([name, value]) => stateRow(name, value));
}

function stateRow(name: string, value: Json): StateRow {
  if (!isObject(value)) {
    return { name, fields: [{ key: '', value: shorten(valueText(value, name), 60) }], error: undefined };
  }
  const entries = Object.entries(value);
  if (entries.length === 1 && typeof value.error === 'string')
    return { name, fields: [], error: value.error };
  return { name, fields: flatFields(name, entries).slice(0, maxFields), error: undefined };
}

/** The fields of a section; of an object inside it, its simple fields. */
function flatFields(name: string, entries: [string, Json][]): StateRow['fields'] {
  return entries.flatMap(([key, value]) => {
    if (isOwnIdentity(`${name}.${key}`)) return [];
    const inner = isObject(value) ? Object.entries(value) : [];
    const simple = inner.filter(([, one]) => !hasMembers(one));
    if (simple.length === 0) return [{ key, value: shorten(valueText(value, key), 40) }];
    return simple.map(([sub, one]) => ({ key: `${key}.${sub}`, value: shorten(valueText(one, sub), 40) }));
  });
}
