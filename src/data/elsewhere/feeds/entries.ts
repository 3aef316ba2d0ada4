import { formatDuration } from '../../../../collector/base/format/duration.ts';
import { formatTime, isoTime } from '../../../../collector/base/format/time.ts';
import { plural, sentence, shorten } from '../../../../collector/base/format/words.ts';
import type { ActionView } from '../../actions/types.ts';
import type { SiteBook } from '../../book/types.ts';
import { actionHref, runHref, snapshotHref } from '../../links.ts';
import type { RunView } from '../../runs/types.ts';
import type { SnapshotView } from '../../snapshots/types.ts';
import { type Feed, type FeedEntry, stableId } from './entry.ts';
import { type FeedName, feedKinds } from './kinds.ts';

const mostEntries = 50;
const [maxTitle, maxText] = [120, 1500];

/** The feeds of a book: each of them the newest of its kind. */
export function feedsOf(book: SiteBook): Feed[] {
  return feedKinds.map(({ name, title, about }) => {
    const entries = newest(entriesOf[name](book));
    return {
      // Where the book is published may change, and what it is called; where its code lies hardly does.
      id: stableId('feed', name, book.repository ?? book.title),
      name,
      title: `${book.title}: ${title.toLowerCase()}`,
      about,
      book: book.title,
      entries,
      updatedUs: Math.max(0, ...entries.map(({ updatedUs }) => updatedUs)),
    };
  });
}

const entriesOf: Record<FeedName, (book: SiteBook) => FeedEntry[]> = {
  failures: (book) => [
    ...book.actions.failures.map(actionEntry),
    ...book.runs.failed.map((run) => runEntry(book, run)),
    ...unwell(book.snapshots).map((snapshot) => snapshotEntry(book, snapshot)),
  ],
  deployments: ({ actions }) => actions.deployments.map(actionEntry),
  everything: (book) => [
    ...book.actions.newest.slice(0, mostEntries).map(actionEntry),
    ...book.runs.views.slice(0, mostEntries).map((run) => runEntry(book, run)),
    ...book.snapshots.slice(-mostEntries).map((snapshot) => snapshotEntry(book, snapshot)),
  ],
};

/** What has no time that a feed could give, or one that no calendar has, is in none. */
function newest(entries: FeedEntry[]): FeedEntry[] {
  return entries
    .filter(({ atUs, updatedUs }) => isoTime(atUs) !== undefined && isoTime(updatedUs) !== undefined)
    .sort((a, b) => b.atUs - a.atUs || (a.id < b.id ? -1 : 1))
    .slice(0, mostEntries);
}

/** Snapshots with which the system became degraded or failing: those behind them tell nothing new. */
function unwell(snapshots: readonly SnapshotView[]): SnapshotView[] {
  const found: SnapshotView[] = [];
  for (let at = snapshots.length - 1; at >= 0 && found.length < mostEntries; at--) {
    const { health } = snapshots[at]!;
    const isNews = health !== snapshots[at - 1]?.health;
    if (isNews && (health === 'degraded' || health === 'failing')) found.push(snapshots[at]!);
  }
  return found;
}

function actionEntry(action: ActionView): FeedEntry {
  const { key, type, status, statusWord, summary, error, run, writer, durationMs, atUs } = action;
  const said = status === 'unknown' ? statusWord : status;
  return {
    // The time keeps keys apart that two books happen to share.
    id: stableId('action', key, atUs),
    title: titleOf(`${type} ${said}`, summary),
    text: textOf([
      summary,
      error === undefined ? '' : `Error: ${error}`,
      run === undefined ? '' : `Run: ${run}`,
      writer === undefined ? '' : `By: ${writer}`,
      durationMs === undefined ? '' : `Took: ${formatDuration(durationMs)}`,
      `Began: ${formatTime(atUs)} UTC`,
    ]),
    atUs,
    updatedUs: atUs + Math.max(0, durationMs ?? 0) * 1000,
    author: writer,
    path: actionHref('', key),
    tags: ['action', type, said],
  };
}

function snapshotEntry({ pageIds }: SiteBook, snapshot: SnapshotView): FeedEntry {
  const { id, atUs, health, healthReasons, changes } = snapshot;
  return {
    id: stableId('snapshot', id, atUs),
    title: titleOf(`Snapshot: ${health}`, healthReasons[0] ?? plural(changes, 'change')),
    text: textOf([...healthReasons, sentence(`${plural(changes, 'change')} since the one before.`)]),
    atUs,
    updatedUs: atUs,
    author: undefined,
    path: pagesOf(pageIds).has(id) ? snapshotHref('', id) : 'snapshots.html',
    tags: ['snapshot', health],
  };
}

function runEntry({ runs }: SiteBook, run: RunView): FeedEntry {
  const { key, slug, status, statusWord, error, description, durationMs, endedAtUs } = run;
  const atUs = run.atUs ?? Number.NaN;
  const said = status === 'unknown' ? statusWord : status;
  const metrics = Object.entries(run.metrics).slice(0, 8);
  return {
    id: stableId('run', key, run.atUs ?? ''),
    title: titleOf(`Run ${said}`, run.name),
    text: textOf([
      description ?? '',
      error === undefined ? '' : `Error: ${error}`,
      `Run: ${key}`,
      ...metrics.map(([name, value]) => `${name}: ${value}`),
      durationMs === undefined ? '' : `Took: ${formatDuration(durationMs)}`,
    ]),
    atUs,
    updatedUs: Math.max(atUs, endedAtUs ?? atUs),
    author: undefined,
    path: runHref('', slug, pagesOf(runs.pageSlugs).has(slug)),
    tags: ['run', said, ...run.tags.slice(0, 10)],
  };
}

const pageSets = new WeakMap<readonly string[], ReadonlySet<string>>();

/** The names of pages that there are, to be asked for one by one. */
function pagesOf(names: readonly string[]): ReadonlySet<string> {
  const known = pageSets.get(names) ?? new Set(names);
  pageSets.set(names, known);
  return known;
}

function titleOf(what: string, more: string): string {
  return shorten(more === '' ? what : `${what}: ${more}`, maxTitle);
}

function textOf(lines: readonly string[]): string {
  const text = lines.filter((line) => line !== '').join('\n');
  return shorten(text, maxText);
}
