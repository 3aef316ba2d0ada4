import { formatCount } from '../../../../collector/base/format/number.ts';
import { formatDay } from '../../../../collector/base/format/time.ts';
import { shorten } from '../../../../collector/base/format/words.ts';
import type { SiteBook } from '../../book/types.ts';
import { colorOf } from '../badges/badge.ts';
import { badgesOf } from '../badges/list.ts';
import { Canvas, lineWidth } from './canvas.ts';
import { pngOf } from './png.ts';

/** What the picture of a site shows. Nothing in it is an age: whoever shows it keeps it for weeks. */
export interface Preview {
  title: string;
  /** How the system was, and when. */
  state: string;
  color: string;
  figures: { value: string; label: string }[];
  /** The last days of the log, oldest first: how high their bars are, in pixels, and what failed of them. */
  days: { tall: number; bad: number }[];
  /** "Sep 1 to Nov 20, 2026" */
  range: string;
}

const [width, height, margin] = [1200, 630, 80];
const shownDays = 90;
/** Of the highest bar, and of the lowest that is seen. */
const [tallest, lowest] = [140, 3];
const dayMs = 86_400_000;
const colors = {
  paper: '#fbfbf9',
  ink: '#15181b',
  pale: '#656c73',
  line: '#e4e6e2',
  bar: '#55a78b',
  failed: '#c2352a',
};

/** What the picture of a book shows; it changes when that does, and not with every build. */
export function previewOf(book: SiteBook): Preview {
  const health = badgesOf(book).find(({ name }) => name === 'health');
  const { actions, snapshots, runs, findings } = book;
  const days = daysOf(book);
  return {
    title: book.title,
    state: snapshots.length > 0 && health !== undefined ? health.message : lastText(book),
    color: snapshots.length > 0 && health !== undefined ? colorOf(health) : colors.pale,
    figures: [
      { value: shortCount(actions.total), label: 'actions' },
      { value: shortCount(snapshots.length), label: 'snapshots' },
      { value: shortCount(runs.total), label: 'runs' },
      { value: shortCount(findings.length), label: 'findings' },
    ],
    ...days,
  };
}

/** Draws it, 1200 by 630 pixels: what has letters that are not known is left out, its readers print the title themselves. */
export function drawPreview({ title, state, color, figures, days, range }: Preview): Uint8Array {
  const canvas = new Canvas(width, height, colors.paper);
  canvas.field(0, 0, 16, height, color);
  const shown = fitting(title, 60, width - 2 * margin);
  canvas.text(shown.text, margin, 140, { size: shown.size, color: colors.ink, weight: shown.size / 9 });
  canvas.field(margin, 178, 24, 24, color);
  canvas.text(shorten(state, 60), margin + 42, 202, { size: 24, color: colors.ink, weight: 2.6 });
  for (const [at, { value, label }] of figures.entries()) {
    const x = margin + at * ((width - 2 * margin) / figures.length);
    canvas.text(value, x, 310, { size: 42, color: colors.ink, weight: 4.6 });
    canvas.text(label, x, 350, { size: 19, color: colors.pale, weight: 2.2 });
  }
  drawDays(canvas, days);
  canvas.text(range, margin, 582, { size: 17, color: colors.pale, weight: 2 });
  const mark = 'daybook';
  canvas.text(mark, width - margin - lineWidth(mark, 17)!, 582, { size: 17, color: colors.pale, weight: 2 });
  return pngOf(canvas);
}

/** Actions a day as bars, what failed of them at their foot. */
function drawDays(canvas: Canvas, days: Preview['days']): void {
  const foot = 540;
  canvas.field(margin, foot, width - 2 * margin, 2, colors.line);
  const step = (width - 2 * margin) / Math.max(30, days.length);
  const left = width - margin - step * days.length;
  for (const [at, { tall, bad }] of days.entries()) {
    canvas.field(left + at * step, foot - tall, step * 0.76, tall, colors.bar);
    canvas.field(left + at * step, foot - bad, step * 0.76, bad, colors.failed);
  }
}

/** A count in three digits where it is large: one action more of a million is no other picture. */
function shortCount(count: number): string {
  if (count < 10_000) return formatCount(count);
  return count < 999_500
    ? `${Number((count / 1e3).toPrecision(3))} k`
    : `${Number((count / 1e6).toPrecision(3))} M`;
}

/** A line as large as it fits; one that fits in no size that is read is cut. */
function fitting(text: string, largest: number, most: number): { text: string; size: number } {
  const long = lineWidth(text, largest);
  if (long === undefined || long <= most) return { text, size: largest };
  const size = Math.max(34, (largest * most) / long);
  const letters = Math.floor((text.length * most) / (long * (size / largest)));
  return { text: shorten(text, letters), size };
}

function daysOf({ actions }: SiteBook): Pick<Preview, 'days' | 'range'> {
  const counted = new Map(actions.days.map(({ day, counts }) => [day, counts]));
  const last = Date.parse(`${actions.days.at(-1)?.day}T00:00:00Z`);
  const first = Date.parse(`${actions.days[0]?.day}T00:00:00Z`);
  if (!Number.isFinite(last) || !Number.isFinite(first)) return { days: [], range: '' };
  const many = Math.min(shownDays, Math.round((last - first) / dayMs) + 1);
  const totals = Array.from({ length: many }, (_, at) => {
    const counts = counted.get(new Date(last - (many - 1 - at) * dayMs).toISOString().slice(0, 10));
    const total = Object.values(counts ?? {}).reduce((sum, count) => sum + count, 0);
    return { total, failed: counts?.failed ?? 0 };
  });
  const most = Math.max(1, ...totals.map(({ total }) => total));
  const high = (count: number) => (count === 0 ? 0 : Math.max(lowest, Math.round((count / most) * tallest)));
  const days = totals.map(({ total, failed }) => ({ tall: high(total), bad: high(failed) }));
  const [from, to] = [last - (many - 1) * dayMs, last].map((ms) => formatDay(ms * 1000, last * 1000));
  const year = new Date(last).getUTCFullYear();
  return {
    days,
    range: `actions a day, ${from === to ? to : `${from} to ${to}`}${to!.includes(String(year)) ? '' : `, ${year}`}`,
  };
}

function lastText({ actions, runs }: SiteBook): string {
  const lastUs = Math.max(
    actions.lastUs ?? Number.NEGATIVE_INFINITY,
    runs.lastUs ?? Number.NEGATIVE_INFINITY,
  );
  return Number.isFinite(lastUs)
    ? `last recorded ${new Date(lastUs / 1000).toISOString().slice(0, 10)}`
    : 'nothing recorded yet';
}
