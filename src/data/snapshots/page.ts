import { createHash } from 'node:crypto';
import type { ActionView } from '../actions/types.ts';
import type { Difference, SiteBook } from '../book/types.ts';
import { isObject, jsonText } from '../browser.ts';
import { actionHref, actionsBetweenHref, compareHref, snapshotHref } from '../links.ts';
import { scheduleText } from '../overview/schedule.ts';
import { type Json, rawText, type ValueView, valueView } from '../values/value.ts';
import { type DifferenceText, isOwnIdentity } from './changes.ts';
import { fieldHabits, rankChanges } from './ranking.ts';
import { readingRows, tellingRows } from './readings.ts';
import type { SnapshotView } from './types.ts';

/** One section of a snapshot: what a probe saw, or why it saw nothing. */
export interface SectionView {
  name: string;
  /** The probe's error; then there is no value. */
  error: string | undefined;
  value: ValueView | undefined;
  raw: string;
  changed: number;
  /** True where it holds what a narrow column would break, so that it takes the width of the page. */
  wide: boolean;
}

/** All that the page of one snapshot prints. */
export interface SnapshotPage {
  snapshot: SnapshotView;
  /** Small sections in two columns of about the same height; then those that need the width of the page. */
  columns: [SectionView[], SectionView[]];
  wide: SectionView[];
  /** The most telling first. */
  changes: DifferenceText[];
  /** Values that move by themselves. */
  readings: DifferenceText[];
  previous: { id: string; atUs: number; href: string } | undefined;
  next: { id: string; atUs: number; href: string } | undefined;
  compare: string | undefined;
  /** The actions between the two in the explorer. */
  between: string | undefined;
  /** Actions between the snapshot before and this one, newest first, as far as the newest actions reach. */
  actions: { action: ActionView; href: string }[];
  interval: string | undefined;
}

const maxActions = 20;
/** Lines that the frame, heading and foot of a section take. */
const headLines = 5;
/** Letters of a table that half a page holds. */
const maxChars = 68;
const heads = new Set(['snapshot_id', 'snapshot_type', 'timestamp', 'interval']);

/** The page of one snapshot, or undefined if the book holds no such snapshot. */
export function snapshotPageFacts(book: SiteBook, id: string): SnapshotPage | undefined {
  const index = placesOf(book.snapshots).get(id);
  const snapshot = index === undefined ? undefined : book.snapshots[index];
  if (index === undefined || snapshot === undefined) return undefined;
  const content = book.contentOf(id) ?? {};
  const changes = book.changesOf(id).filter(({ path }) => !isOwnIdentity(path));
  const habits = fieldHabits(book);
  const ranked = rankChanges(changes, habits);
  const sections = Object.entries(content)
    .filter(([name]) => !heads.has(name))
    .map(([name, value]) => section(name, value, ranked.telling, book.repository));
  const before = book.snapshots[index - 1];
  const interval = content.interval;
  return {
    snapshot,
    columns: balanced(sections.filter(({ wide }) => !wide)),
    wide: sections.filter(({ wide }) => wide),
    changes: tellingRows(ranked.telling),
    readings: readingRows(ranked.readings, habits),
    previous: neighbour(book, before),
    next: neighbour(book, book.snapshots[index + 1]),
    compare: before === undefined ? undefined : compareHref('../', before.id, id),
    between: before === undefined ? undefined : betweenHref(before.atUs, snapshot.atUs),
    actions: actionsBetween(book, before?.atUs, snapshot.atUs),
    interval: typeof interval === 'string' ? intervalText(interval) : undefined,
  };
}

const places = new WeakMap<readonly SnapshotView[], Map<string, number>>();

/** Where each snapshot stands among all; made once for all pages. */
function placesOf(snapshots: readonly SnapshotView[]): Map<string, number> {
  const known = places.get(snapshots) ?? new Map(snapshots.map(({ id }, at) => [id, at]));
  places.set(snapshots, known);
  return known;
}

/** Stands for all that a snapshot's page depends on: if it is the same, the page need not be rendered again. */
export function snapshotPageKey(book: SiteBook, id: string): string {
  const make = () => jsonText([book.title, book.version, book.repository, snapshotPageFacts(book, id)]);
  const kept = book.keptPageKeys;
  const index = placesOf(book.snapshots).get(id);
  if (kept === undefined || index === undefined) return make();
  const around = book.snapshots.slice(Math.max(0, index - 1), index + 2);
  // What could not be read when the others were looked at has no checksum.
  if (around.some((each) => !kept.sumOf(each.id))) return sumOfText(make());
  const [before, snapshot] = [book.snapshots[index - 1], book.snapshots[index]!];
  const inputs = jsonText([
    [book.title, book.version, book.repository, habitsSum(book)],
    [...around.map((each) => [each, kept.sumOf(each.id)]), before !== undefined && hasPage(book, before)],
    actionsBetween(book, before?.atUs, snapshot.atUs),
  ]);
  return kept.of(id, sumOfText(inputs), () => sumOfText(make()));
}

const habitSums = new WeakMap<SiteBook, string>();

/** Stands for all that ranking changes asks of a book. */
function habitsSum(book: SiteBook): string {
  const { isRestless } = fieldHabits(book);
  const known =
    habitSums.get(book) ?? sumOfText(jsonText(book.fields.map(({ path }) => [path, isRestless(path)])));
  habitSums.set(book, known);
  return known;
}

function sumOfText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function section(
  name: string,
  value: Json,
  changes: Difference[],
  repository: string | undefined,
): SectionView {
  const changed = changes.filter(
    ({ path }) => path === name || path.startsWith(`${name}.`) || path.startsWith(`${name}[`),
  );
  const error = errorOf(value);
  const view = error === undefined ? valueView(value, name, repository) : undefined;
  return {
    name,
    error,
    value: view,
    raw: rawText(value),
    changed: changed.length,
    wide: view !== undefined && needsWidth(view, 0),
  };
}

/** Each section in turn goes below the shorter column. */
function balanced(sections: SectionView[]): [SectionView[], SectionView[]] {
  const columns: [SectionView[], SectionView[]] = [[], []];
  const heights = [0, 0] as [number, number];
  for (const one of sections) {
    const shorter = heights[1] < heights[0] ? 1 : 0;
    columns[shorter].push(one);
    heights[shorter] += headLines + (one.value === undefined ? 1 : linesOf(one.value));
  }
  return columns;
}

/** About how many lines a value takes in half a page. */
function linesOf(value: ValueView): number {
  switch (value.kind) {
    case 'leaf':
      return Math.ceil(Math.max(1, value.text.length) / 48);
    case 'object':
      return value.entries.reduce((sum, entry) => sum + linesOf(entry.value), 0);
    case 'list':
      return value.items.slice(0, 13).reduce((sum, item) => sum + linesOf(item), 0);
    case 'table':
      return Math.min(value.rows.length, 13) + 1;
    case 'raw':
      return Math.min(30, value.text.split('\n').length);
  }
}

/** Whether a value holds a table, or parts so deep, that half a page would break its words. */
function needsWidth(value: ValueView, depth: number): boolean {
  if (value.kind === 'table') return value.letters > maxChars - depth * 12;
  if (value.kind === 'object') return value.entries.some((entry) => needsWidth(entry.value, depth + 1));
  if (value.kind === 'list') return value.items.some((item) => needsWidth(item, depth + 1));
  return false;
}

/** A section that holds nothing but an error is a probe that failed. */
function errorOf(value: Json): string | undefined {
  if (!isObject(value)) return undefined;
  const keys = Object.keys(value);
  return keys.length === 1 && typeof value.error === 'string' ? value.error : undefined;
}

/** "30_minutes" as "every 30 minutes", a cron line in words. */
function intervalText(interval: string): string {
  const text = scheduleText(interval);
  return /^\d/.test(text) ? `every ${text}` : text;
}

function betweenHref(fromUs: number, toUs: number): string | undefined {
  return Number.isFinite(fromUs) && Number.isFinite(toUs)
    ? actionsBetweenHref('../', fromUs, toUs)
    : undefined;
}

function neighbour(book: SiteBook, snapshot: SnapshotView | undefined): SnapshotPage['previous'] {
  if (snapshot === undefined) return undefined;
  const href = hasPage(book, snapshot)
    ? snapshotHref('', snapshot.id).replace(/^snapshots\//, '')
    : compareHref('../', snapshot.id, snapshot.id);
  return { id: snapshot.id, atUs: snapshot.atUs, href };
}

const pageIds = new WeakMap<readonly string[], Set<string>>();

function hasPage({ pageIds: ids }: SiteBook, { id }: SnapshotView): boolean {
  const known = pageIds.get(ids) ?? new Set(ids);
  pageIds.set(ids, known);
  return known.has(id);
}

function actionsBetween(book: SiteBook, fromUs: number | undefined, toUs: number): SnapshotPage['actions'] {
  const from = fromUs ?? Number.NEGATIVE_INFINITY;
  return book.actions.newest
    .filter(({ atUs }) => atUs > from && atUs <= toUs)
    .slice(0, maxActions)
    .map((action) => ({ action, href: actionHref('../', action.key) }));
}
