import { formatRelative } from '../../../collector/base/format/duration.ts';
import { formatCount, formatShare } from '../../../collector/base/format/number.ts';
import { formatMoment } from '../../../collector/base/format/time.ts';
import { shorten } from '../../../collector/base/format/words.ts';
import type { SiteBook } from '../book/types.ts';
import { runsWhereHref } from '../links.ts';
import type { Tile } from '../overview/tiles.ts';
import type { VerdictCounts } from './types.ts';
import { runTitle } from './words.ts';

const weekUs = 7 * 86_400_000_000;

/** Figures about runs: how many, what failed, what runs, and what can no longer be trusted to. None for a book without runs. */
export function runTiles(book: SiteBook): Tile[] {
  if (book.runs.total === 0) return [];
  return [totalTile(book), failedTile(book), runningTile(book), lastTile(book)];
}

function totalTile({ runs, builtAtUs }: SiteBook): Tile {
  const note =
    runs.lastUs === undefined ? 'none has a time' : `newest ${formatRelative(runs.lastUs, builtAtUs)}`;
  return { label: 'Runs', value: formatCount(runs.total), note, tone: 'plain', line: [], href: 'runs.html' };
}

function failedTile({ runs }: SiteBook): Tile {
  const newest = runs.failed[0];
  const isRecent = newest?.atUs !== undefined && newest.atUs > (runs.lastUs ?? 0) - weekUs;
  return {
    label: 'Failed runs',
    value: formatCount(runs.byStatus.failed),
    note: newest === undefined ? 'none ever' : `newest ${shorten(runTitle(newest), 28)}`,
    tone: isRecent ? 'bad' : 'plain',
    line: [],
    href: runsWhereHref('', 'status = failed'),
  };
}

function runningTile({ runs }: SiteBook): Tile {
  const count = runs.byStatus.running - runs.staleTotal;
  const names = runs.running.slice(0, 2).map((run) => shorten(runTitle(run), 24));
  const more = count > 2 ? [`${formatCount(count - 2)} more`] : [];
  return {
    label: 'Running runs',
    value: formatCount(count),
    note: [...names, ...more].join(', '),
    tone: count > 0 ? 'active' : 'plain',
    line: [],
    href: runsWhereHref('', 'status = running AND NOT stale'),
  };
}

/** Runs that no longer live; where there is none, how many receipts still match, else how many kinds of runs there are. */
function lastTile({ runs, builtAtUs }: SiteBook): Tile {
  const newest = runs.stale[0];
  if (newest !== undefined)
    return {
      label: 'Stale runs',
      value: formatCount(runs.staleTotal),
      note: `newest since ${formatMoment(newest.stale?.sinceUs ?? Number.NaN, builtAtUs)}`,
      tone: 'warning',
      line: [],
      href: runsWhereHref('', 'stale'),
    };
  const { verdicts } = runs;
  const checked = Object.values(verdicts).reduce((sum, count) => sum + count, 0);
  if (checked > 0) return receiptTile(verdicts, checked);
  const identifiers = runs.facets['identifier'] ?? [];
  const [first] = identifiers;
  return {
    label: 'Identifiers',
    value: formatCount(identifiers.length),
    note: first === undefined ? '' : `most: ${shorten(first.value, 28)}`,
    tone: 'plain',
    line: [],
    href: 'runs.html',
  };
}

/** How many receipts stand: they match, or what they recorded can be brought back. Broken ones are told first. */
function receiptTile({ matches, reproducible, differs, unproven }: VerdictCounts, checked: number): Tile {
  const parts = [
    [differs, 'broken'],
    [matches, 'match'],
    [reproducible, 'reproducible'],
    [unproven, 'not provable'],
  ] as const;
  const told = parts.filter(([count]) => count > 0).map(([count, word]) => `${formatCount(count)} ${word}`);
  const shown = differs > 0 ? 'differs' : unproven > 0 ? 'unproven' : reproducible > 0 ? 'reproducible' : '';
  return {
    label: 'Receipts that hold',
    value: formatShare(matches + reproducible, checked),
    note: told.join(', '),
    tone: differs > 0 ? 'bad' : 'plain',
    line: [],
    href: `runs.html${shown === '' ? '' : `?receipt=${shown}`}`,
  };
}
