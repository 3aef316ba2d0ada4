import { median, pairs } from 'd3';
import { formatDuration } from '../../../collector/base/format/duration.ts';
import { formatCount } from '../../../collector/base/format/number.ts';
import { plural, shorten } from '../../../collector/base/format/words.ts';
import type { TravelGap, TravelPoint } from '../../charts/time-travel.ts';
import type { Coverage, SiteBook } from '../book/types.ts';
import { isObject, type JsonObject } from '../browser.ts';
import { compareHref, snapshotHref } from '../links.ts';
import { gapText } from '../overview/attention.ts';
import { recorderTrouble } from '../overview/recording.ts';
import { scheduleText } from '../overview/schedule.ts';
import type { Json } from '../values/value.ts';
import { isOwnIdentity, lastKey, valueText } from './changes.ts';
import { fieldHabits, rankChanges } from './ranking.ts';
import { countReadings } from './readings.ts';
import type { FieldHistory, SnapshotView } from './types.ts';

/** A line of the list of snapshots: one snapshot, or a stretch in which they are missing. */
export type SnapshotRow =
  | { kind: 'snapshot'; snapshot: SnapshotView; href: string; reason: string; changed: ChangeCount }
  | { kind: 'gap'; text: string };

/** How many changes of a snapshot say something, and how many are readings; undefined where only their sum is known. */
export interface ChangeCount {
  telling: number;
  readings: number | undefined;
}

/** One field of the state: its newest value, since when, and which snapshot brought it. */
export interface FieldRow {
  path: string;
  value: string;
  whole: string | undefined;
  gone: boolean;
  sinceUs: number;
  href: string;
  changes: number;
}

/** All that the page of snapshots prints. */
export interface SnapshotsView {
  lead: string;
  /** What is wrong with what takes them, and what to do. */
  trouble: string | undefined;
  /** Snapshots with the number of their changes that say something. */
  points: TravelPoint[];
  /** Stretches in which none was taken. */
  gaps: TravelGap[];
  rows: SnapshotRow[];
  older: number;
  /** What changed last comes first. */
  fields: FieldRow[];
  /** Fields that never changed, where there are so many fields that they stand apart. */
  still: FieldRow[];
}

/** The most lines of the list that a page holds; older snapshots are in the data files. */
export const maxRows = 200;
const maxFields = 1000;
/** Of so many fields those that never changed are folded. */
const fewestFolded = 24;

/** The page of all snapshots. */
export function snapshotsView(book: SiteBook): SnapshotsView {
  const { snapshots, coverage } = book;
  const pages = new Set(book.pageIds);
  const countOf = changeCounter(book, pages);
  const rows = fieldRows(book, pages);
  const foldFrom = rows.some(({ changes }) => changes > 0) ? fewestFolded : Number.POSITIVE_INFINITY;
  const known = snapshots.length <= pages.size;
  const counted = known ? snapshots.map((one) => ({ ...one, changes: countOf(one).telling })) : snapshots;
  return {
    lead: lead(snapshots, coverage),
    trouble: recorderTrouble(book),
    points: counted,
    gaps: coverage?.gaps ?? pauses(snapshots),
    rows: rowsOf(book, pages, countOf),
    older: Math.max(0, snapshots.length - maxRows),
    fields: rows.filter(({ changes }) => changes > 0 || foldFrom > rows.length),
    still: foldFrom > rows.length ? [] : rows.filter(({ changes }) => changes === 0),
  };
}

/** All followed fields: those that changed last first, of one moment the rarer change first, never changed ones last. */
function fieldRows(book: SiteBook, pages: Set<string>): FieldRow[] {
  const content = book.contentOf(book.snapshots.at(-1)?.id ?? '');
  return book.fields
    .filter(({ path }) => !isOwnIdentity(path))
    .sort(
      (a, b) =>
        Number(a.changes === 0) - Number(b.changes === 0) || b.sinceUs - a.sinceUs || a.changes - b.changes,
    )
    .slice(0, maxFields)
    .map((field) => {
      const text = field.value === undefined ? '' : fieldText(field, content);
      return {
        path: field.path,
        value: shorten(text, 80),
        whole: text.length > 80 ? shorten(text, 2000) : undefined,
        gone: field.value === undefined,
        sinceUs: field.sinceUs,
        href: hrefOf(field.sinceId, undefined, pages),
        changes: field.changes,
      };
    });
}

/** The newest value in one line. Of long lists and objects the history keeps only a beginning: those are read from the newest snapshot. */
function fieldText({ path, value }: FieldHistory, content: JsonObject | undefined): string {
  const cut = typeof value === 'string' && /^[[{].*…$/s.test(value);
  const whole = cut ? valueAt(content, path) : undefined;
  return valueText(whole ?? value, lastKey(path));
}

/** The value at a path of plain names. */
function valueAt(content: JsonObject | undefined, path: string): Json | undefined {
  let at: Json | undefined = content;
  for (const name of path.split('.')) {
    if (!isObject(at) || !Object.hasOwn(at, name)) return undefined;
    at = at[name];
  }
  return at;
}

/** Where a snapshot is shown: its own page, or the comparison where it has none. */
export function hrefOf(id: string, before: string | undefined, pages: Set<string>): string {
  return pages.has(id) ? snapshotHref('', id) : compareHref('', before ?? id, id);
}

/** Without a schedule: pauses that are much longer than usual. */
function pauses(snapshots: SnapshotView[]): { fromUs: number; toUs: number }[] {
  const steps = pairs(snapshots).map(([a, b]) => ({ fromUs: a.atUs, toUs: b.atUs }));
  const usual = median(steps, ({ fromUs, toUs }) => toUs - fromUs) ?? 0;
  return steps.length < 8 ? [] : steps.filter(({ fromUs, toUs }) => toUs - fromUs > 6 * usual);
}

/** Counts what is known of a snapshot's changes; of those without a page only the sum is kept. */
function changeCounter(book: SiteBook, pages: Set<string>): (snapshot: SnapshotView) => ChangeCount {
  const habits = fieldHabits(book);
  return ({ id, changes }) => {
    if (!pages.has(id)) return { telling: changes, readings: undefined };
    const ranked = rankChanges(
      book.changesOf(id).filter(({ path }) => !isOwnIdentity(path)),
      habits,
    );
    return { telling: ranked.telling.length, readings: countReadings(ranked.readings, habits) };
  };
}

function rowsOf(
  book: SiteBook,
  pages: Set<string>,
  countOf: (snapshot: SnapshotView) => ChangeCount,
): SnapshotRow[] {
  const rows: SnapshotRow[] = [];
  const gaps = [...(book.coverage?.gaps ?? [])];
  const newestFirst = book.snapshots.slice(-maxRows).reverse();
  newestFirst.forEach((snapshot, index) => {
    while (gaps[0] !== undefined && gaps[0].fromUs > snapshot.atUs) {
      const gap = gaps.shift() as Coverage['gaps'][number];
      rows.push({
        kind: 'gap',
        text: `${plural(gap.missed, 'snapshot')} missed, ${gapText(gap, book.builtAtUs)}`,
      });
    }
    rows.push({
      kind: 'snapshot',
      snapshot,
      href: hrefOf(snapshot.id, newestFirst[index + 1]?.id, pages),
      reason: snapshot.healthReasons[0] ?? '',
      changed: countOf(snapshot),
    });
  });
  return rows;
}

function lead(snapshots: SnapshotView[], coverage: Coverage | undefined): string {
  const count = snapshots.length === 0 ? 'No snapshot yet' : plural(snapshots.length, 'snapshot');
  if (coverage === undefined) return `${count}. No schedule is set, so none can be missing.`;
  const within = `expected ${scheduleText(coverage.expected)}, give or take ${formatDuration(coverage.toleranceMs)}`;
  return `${count}, ${within}; ${missedText(coverage)}.`;
}

function missedText({ kept, late, missed }: Coverage): string {
  const due = kept + missed;
  if (due === 0) return 'none was due yet';
  if (due === 1) return missed === 0 ? 'the only slot so far was kept' : 'the only slot so far was missed';
  if (missed === due) return `all of the newest ${formatCount(due)} slots were missed`;
  const count = missed === 0 ? 'none was' : missed === 1 ? 'one was' : `${formatCount(missed)} were`;
  const lateText = late === 0 ? '' : `, ${late === 1 ? 'one' : formatCount(late)} came late`;
  return `${count} missed of the newest ${formatCount(due)} slots${lateText}`;
}
