import { median, pairs } from 'd3';
import { formatCount, formatDuration, plural, shorten } from '../charts/format.ts';
import { type Timeline, timeline } from '../charts/timeline.ts';
import { compareHref, snapshotHref } from './links.ts';
import type { Coverage, SiteBook, SnapshotView } from './site-book.ts';
import { gapText } from './views-attention.ts';
import { isOwnIdentity, valueText } from './views-changes.ts';
import { scheduleText } from './views-schedule.ts';

/** A line of the list of snapshots: one snapshot, or a stretch in which they are missing. */
export type SnapshotRow =
  | { kind: 'snapshot'; snapshot: SnapshotView; href: string; reason: string }
  | { kind: 'gap'; text: string };

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
  timeline: Timeline;
  rows: SnapshotRow[];
  older: number;
  fields: FieldRow[];
}

/** The most lines of the list that a page holds; older snapshots are in the data files. */
export const mostRows = 200;
const mostFields = 1000;

/** The page of all snapshots. */
export function snapshotsView(book: SiteBook): SnapshotsView {
  const { snapshots, coverage } = book;
  const pages = new Set(book.pageIds);
  return {
    lead: lead(snapshots, coverage),
    timeline: timeline(snapshots, coverage?.gaps ?? pauses(snapshots), {
      width: 100,
      height: 56,
      slots: 240,
    }),
    rows: rowsOf(book, pages),
    older: Math.max(0, snapshots.length - mostRows),
    fields: book.fields
      .filter(({ path }) => !isOwnIdentity(path))
      .slice(0, mostFields)
      .map((field) => {
        const text = field.value === undefined ? '' : valueText(field.value);
        return {
          path: field.path,
          value: shorten(text, 80),
          whole: text.length > 80 ? shorten(text, 2000) : undefined,
          gone: field.value === undefined,
          sinceUs: field.sinceUs,
          href: hrefOf(field.sinceId, undefined, pages),
          changes: field.changes,
        };
      }),
  };
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

function rowsOf(book: SiteBook, pages: Set<string>): SnapshotRow[] {
  const rows: SnapshotRow[] = [];
  const gaps = [...(book.coverage?.gaps ?? [])];
  const newestFirst = book.snapshots.slice(-mostRows).reverse();
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

function missedText({ kept, missed }: Coverage): string {
  const due = kept + missed;
  if (due === 0) return 'none was due yet';
  if (due === 1) return missed === 0 ? 'the only slot so far was kept' : 'the only slot so far was missed';
  if (missed === due) return `all of the newest ${formatCount(due)} slots were missed`;
  const count = missed === 0 ? 'none was' : missed === 1 ? 'one was' : `${formatCount(missed)} were`;
  return `${count} missed of the newest ${formatCount(due)} slots`;
}
