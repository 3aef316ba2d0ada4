import { formatRelative } from '../../../collector/base/format/duration.ts';
import { formatCount, formatShare } from '../../../collector/base/format/number.ts';
import { formatDay } from '../../../collector/base/format/time.ts';
import { plural, shorten } from '../../../collector/base/format/words.ts';
import { type Counts, noCounts, total } from '../../charts/histogram.ts';
import type { ActionView } from '../actions/types.ts';
import type { SiteBook, Slot } from '../book/types.ts';
import { endless, neverEnded, runningNow } from './attention.ts';
import { lastActiveDay } from './recording.ts';

/** One figure of the Overview: what it counts, the figure, and what it is measured against. */
export interface Tile {
  label: string;
  value: string;
  note: string;
  tone: 'plain' | 'bad' | 'active' | 'warning';
  /** Values of the last days for a small line, oldest first; none draws none. */
  line: number[];
  href: string;
}

const dayUs = 86_400_000_000;
const lineDays = 14;

/** Four figures that answer how much, what failed, what runs, and whether the schedule is kept; true for old books too. */
export function tiles(book: SiteBook): Tile[] {
  const period = latestPeriod(book);
  return [actionsTile(book, period), failedTile(book, period), runningTile(book), scheduleTile(book)];
}

/** The stretch that the first two tiles count, and the one before it. */
interface Period {
  name: string;
  counts: Counts;
  before: Counts | undefined;
  beforeName: string;
  fromUs: number;
}

/** The last 24 hours where the newest actions tell them exactly, else today; the last active day of a book without either. */
function latestPeriod(book: SiteBook): Period {
  const { newest, total: all } = book.actions;
  const now = book.builtAtUs;
  const oldest = newest.at(-1)?.atUs ?? Number.NEGATIVE_INFINITY;
  const recent = countBetween(newest, now - dayUs, now);
  const day = lastActiveDay(book);
  if (total(recent) > 0 && (all <= newest.length || oldest <= now - 2 * dayUs)) {
    const before = countBetween(newest, now - 2 * dayUs, now - dayUs);
    return { name: 'last 24 h', counts: recent, before, beforeName: 'the day before', fromUs: now - dayUs };
  }
  const today = Math.floor(now / dayUs) * dayUs;
  if (total(recent) > 0) {
    return {
      name: 'today so far',
      counts: countOfDay(book, today),
      before: countOfDay(book, today - dayUs),
      beforeName: 'yesterday',
      fromUs: today,
    };
  }
  const fromUs = day === undefined ? today : Date.parse(`${day.day}T00:00:00Z`) * 1000;
  return {
    name: day === undefined ? 'last 24 h' : 'last active day',
    counts: day?.counts ?? noCounts(),
    before: undefined,
    beforeName: '',
    fromUs,
  };
}

function actionsTile(book: SiteBook, period: Period): Tile {
  const value = total(period.counts);
  return {
    label: `Actions, ${period.name}`,
    value: formatCount(value),
    note: period.before === undefined ? lastDayNote(book, period) : againstText(period, value),
    tone: 'plain',
    line: dailyLine(book, total),
    href: 'actions.html',
  };
}

function failedTile(book: SiteBook, period: Period): Tile {
  const value = period.counts.failed;
  const last = book.actions.attention.find(
    ({ status, atUs }) => status === 'failed' && atUs >= period.fromUs,
  );
  const ever = book.actions.byStatus.failed;
  const quiet = book.actions.total === 0 ? '' : ever === 0 ? 'none ever' : `${formatCount(ever)} ever`;
  return {
    label: `Failed, ${period.name}`,
    value: formatCount(value),
    note: value === 0 ? quiet : last === undefined ? 'all succeeded since' : shorten(last.type, 28),
    tone: value > 0 && last !== undefined ? 'bad' : 'plain',
    line: dailyLine(book, (counts) => counts.failed),
    href: 'actions.html?status=failed',
  };
}

function runningTile(book: SiteBook): Tile {
  const running = runningNow(book);
  const names = running.slice(0, 2).map(({ run, type }) => shorten(run ?? type, 20));
  const more = running.length > 2 ? `${running.length - 2} more` : '';
  return {
    label: 'Running now',
    value: formatCount(running.length),
    note: running.length > 0 ? [...names, more].filter(Boolean).join(', ') : withoutEnd(book),
    tone: running.length > 0 ? 'active' : 'plain',
    line: [],
    href: 'actions.html?status=running',
  };
}

/** What says that it runs, and does not: what never told its end, and what cannot, as its lines have no id to be ended by. */
function withoutEnd(book: SiteBook): string {
  const stale = neverEnded(book);
  const stuck = endless(book);
  if (stale > 0)
    return `${formatCount(stale)} never ended${stuck > 0 ? `, ${formatCount(stuck)} without id` : ''}`;
  if (stuck === 0) return '';
  const words = book.actions.endless.slice(0, 2).map(({ value }) => shorten(value, 20));
  return `${formatCount(stuck)} ${stuck === 1 ? 'says' : 'say'} ${words.join(' or ')}, without an end`;
}

function scheduleTile(book: SiteBook): Tile {
  const { coverage, snapshots } = book;
  const newest = snapshots.at(-1);
  if (coverage === undefined || coverage.kept + coverage.missed === 0) {
    const note = newest === undefined ? noneText(coverage) : newestText(newest.atUs, book.builtAtUs);
    return {
      label: 'Snapshots',
      value: formatCount(snapshots.length),
      note,
      tone: 'plain',
      line: [],
      href: 'snapshots.html',
    };
  }
  const due = coverage.kept + coverage.missed;
  return {
    label: `Schedule kept, ${slotDays(coverage.slots)}`,
    value: formatShare(coverage.kept, due),
    note: keptText(coverage.missed, due),
    tone: coverage.missed === 0 ? 'plain' : 'warning',
    line: coverageLine(coverage.slots),
    href: 'snapshots.html',
  };
}

function keptText(missed: number, due: number): string {
  if (due === 1) return missed === 0 ? 'the only one so far' : 'the only one was missed';
  if (missed === 0) return `all ${formatCount(due)} slots`;
  return missed === due
    ? `all ${formatCount(due)} missed`
    : `${formatCount(missed)} of ${formatCount(due)} missed`;
}

function noneText(coverage: SiteBook['coverage']): string {
  return coverage === undefined ? 'no schedule set' : 'none taken yet';
}

function newestText(atUs: number, nowUs: number): string {
  const relative = formatRelative(atUs, nowUs);
  return relative.startsWith('in ') ? `newest dated ${relative.slice(3)} ahead` : `newest ${relative}`;
}

function againstText(period: Period, value: number): string {
  const before = total(period.before ?? noCounts());
  if (period.beforeName === 'yesterday') return `${formatCount(before)} ${period.beforeName}`;
  if (before === 0) return `none ${period.beforeName}`;
  const more = value - before;
  if (more === 0) return `as many as ${period.beforeName}`;
  return `${more > 0 ? '+' : '−'}${formatCount(Math.abs(more))} on ${period.beforeName}`;
}

function lastDayNote(book: SiteBook, period: Period): string {
  return book.actions.total === 0
    ? ''
    : `${formatDay(period.fromUs, book.builtAtUs)}, of ${plural(book.actions.total, 'action')}`;
}

function dailyLine(book: SiteBook, pick: (counts: Counts) => number): number[] {
  const last = lastActiveDay(book);
  if (last === undefined || book.actions.days.length < 3) return [];
  const recent = book.builtAtUs / 1000 - Date.parse(`${last.day}T00:00:00Z`) < 5 * 86_400_000;
  const end = recent
    ? Math.floor(book.builtAtUs / dayUs) * dayUs
    : Date.parse(`${last.day}T00:00:00Z`) * 1000;
  const values = Array.from({ length: lineDays }, (_, index) =>
    pick(countOfDay(book, end - (lineDays - 1 - index) * dayUs)),
  );
  return values.some((value) => value > 0) ? values : [];
}

function coverageLine(slots: Slot[]): number[] {
  const days = new Map<number, { kept: number; due: number }>();
  for (const { atUs, state } of slots) {
    if (state === 'open') continue;
    const day = days.get(Math.floor(atUs / dayUs)) ?? { kept: 0, due: 0 };
    days.set(Math.floor(atUs / dayUs), { kept: day.kept + (state === 'missed' ? 0 : 1), due: day.due + 1 });
  }
  return days.size < 3 ? [] : [...days.values()].map(({ kept, due }) => kept / due);
}

function slotDays(slots: Slot[]): string {
  const spanUs = (slots.at(-1)?.atUs ?? 0) - (slots[0]?.atUs ?? 0);
  return plural(Math.max(1, Math.ceil(spanUs / dayUs)), 'day');
}

function countOfDay(book: SiteBook, us: number): Counts {
  const key = new Date(us / 1000).toISOString().slice(0, 10);
  return book.actions.days.find(({ day }) => day === key)?.counts ?? noCounts();
}

function countBetween(actions: ActionView[], fromUs: number, toUs: number): Counts {
  const counts = noCounts();
  for (const { atUs, status } of actions) if (atUs > fromUs && atUs <= toUs) counts[status] += 1;
  return counts;
}
