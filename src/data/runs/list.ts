import { formatMoment } from '../../../collector/base/format/time.ts';
import { plural, shorten } from '../../../collector/base/format/words.ts';
import type { MarkName } from '../../charts/status-shape.ts';
import type { Counted } from '../book/counts.ts';
import type { SiteBook } from '../book/types.ts';
import { notRecorded } from '../browser.ts';
import { compareRunsHref, runHref, runsWhereHref } from '../links.ts';
import { runFacets } from './facets.ts';
import {
  cellText,
  defaultColumns,
  defaultWeight,
  isNumeric,
  sameEverywhere,
  type TableColumn,
  tableColumns,
  valueOfRun,
} from './table-columns.ts';
import type { RunColumn, RunsSummary, RunView } from './types.ts';
import { runTitle, staleWord } from './words.ts';

/** Something about the runs that a reader should know first: how many, and the newest of them. */
export interface RunsFact {
  mark: MarkName;
  /** "42 failed" */
  text: string;
  /** Leads to all of them in the table. */
  href: string;
  newest: { name: string; href: string; when: string; why: string } | undefined;
}

/** A row of the printed table. */
export interface RunRow {
  run: RunView;
  href: string;
  cells: { column: TableColumn; text: string }[];
}

/** All that the page of runs prints. */
export interface RunsPage {
  facts: RunsFact[];
  columns: TableColumn[];
  rows: RunRow[];
  facets: { name: string; title: string; values: Counted[] }[];
  same: RunColumn[];
  /** Compares the newest runs, two to four of them. */
  compareHref: string | undefined;
}

const listed = 200;
const statuses = [
  'completed',
  'failed',
  'running',
  staleWord,
  'aborted',
  'pending',
  notRecorded,
  'unknown',
] as const;

/** The page of runs as it is printed, without scripts. */
export function runsPageFacts(book: SiteBook): RunsPage {
  const { runs } = book;
  const pages = new Set(runs.pageSlugs);
  const hrefOf = ({ slug }: RunView) => runHref('', slug, pages.has(slug));
  const all = tableColumns(runs.columns);
  const ids = defaultColumns(all, runs.total, (column) => weightIn(runs, column));
  const isTold = ({ id }: TableColumn) =>
    id !== 'duration' || runs.views.some(({ durationMs }) => durationMs !== undefined);
  const columns = ids.flatMap((id) => all.filter((column) => column.id === id && isTold(column)));
  return {
    facts: facts(book, hrefOf),
    columns,
    rows: runs.views.slice(0, listed).map((run) => ({
      run,
      href: hrefOf(run),
      cells: columns.map((column) => ({ column, text: cellText(valueOfRun(run, column), column) })),
    })),
    facets: facets(runs),
    same: sameEverywhere(runs.columns),
    compareHref:
      runs.total < 2
        ? undefined
        : compareRunsHref(
            '',
            runs.views.slice(0, 2).map(({ slug }) => slug),
          ),
  };
}

/** "12 parameters are the same in all runs." */
export function sameText(same: readonly RunColumn[], total: number): string {
  const everywhere = same.every(({ count }) => count === total);
  const where = everywhere ? `in all ${plural(total, 'run')}` : 'wherever they are given';
  return same.length === 1
    ? `One parameter is the same ${everywhere ? where : 'wherever it is given'}`
    : `${plural(same.length, 'parameter')} are the same ${where}`;
}

/** Those of the columns that say something in these rows. */
export function filledColumns(columns: readonly TableColumn[], rows: readonly RunRow[]): TableColumn[] {
  return columns.filter((column) =>
    rows.some(({ cells }) => cells.some((cell) => cell.column === column && cell.text !== '')),
  );
}

/** Whether a cell of this column stands at its end. */
export function cellClass(column: TableColumn): string {
  return isNumeric(column) ? 'number' : `cell-${column.group === 'fixed' ? column.id : 'text'}`;
}

/** The facets of the runs with their counts; those that tell nothing are left out. */
function facets(runs: RunsSummary): RunsPage['facets'] {
  const { verdicts } = runs;
  const status = statuses
    .map((value): Counted => ({ value, count: countOf(runs, value) }))
    .filter(({ count }) => count > 0);
  const receipts = (['matches', 'reproducible', 'differs', 'unproven'] as const)
    .map((value) => ({ value, count: verdicts[value] }))
    .filter(({ count }) => count > 0);
  const counted: Record<string, Counted[]> = { ...runs.facets, status, receipt: receipts };
  return runFacets.map(({ name, title }) => ({ name, title, values: counted[name] ?? [] }));
}

/** Stale runs are not counted among those that run, nor those that nothing is recorded of among the unknown. */
function countOf(
  { byStatus, staleTotal, notRecordedTotal }: RunsSummary,
  value: (typeof statuses)[number],
): number {
  if (value === staleWord) return staleTotal;
  if (value === notRecorded) return notRecordedTotal;
  if (value === 'unknown') return byStatus.unknown - notRecordedTotal;
  return value === 'running' ? byStatus.running - staleTotal : byStatus[value];
}

function weightIn(runs: RunsSummary, column: TableColumn): number {
  if (column.id === 'tags') return runs.facets['tags']?.length ?? 0;
  if (column.id === 'receipt') return Object.values(runs.verdicts).reduce((sum, count) => sum + count, 0);
  return defaultWeight(column);
}

/** What failed, what runs, and what says so without a sign of life. */
function facts({ runs, builtAtUs }: SiteBook, hrefOf: (run: RunView) => string): RunsFact[] {
  const fact = (mark: MarkName, count: number, text: string, where: string, newest: RunView | undefined) =>
    count === 0
      ? []
      : [
          {
            mark,
            text,
            href: runsWhereHref('', where),
            newest: newest && newestFact(newest, builtAtUs, hrefOf(newest)),
          },
        ];
  const running = runs.byStatus.running - runs.staleTotal;
  return [
    ...fact(
      'failed',
      runs.byStatus.failed,
      `${plural(runs.byStatus.failed, 'run')} failed`,
      'status = failed',
      runs.failed[0],
    ),
    ...fact(
      'running',
      running,
      running === 1 ? 'One runs now' : `${running} run now`,
      'status = running AND NOT stale',
      runs.running[0],
    ),
    ...fact('missed', runs.staleTotal, staleText(runs.staleTotal), 'stale', runs.stale[0]),
  ];
}

function staleText(count: number): string {
  return `${plural(count, 'run')} ${count === 1 ? 'says it runs and shows' : 'say they run and show'} no sign of life`;
}

function newestFact(run: RunView, nowUs: number, href: string): NonNullable<RunsFact['newest']> {
  const since = run.stale?.sinceUs ?? run.atUs;
  return {
    name: shorten(runTitle(run), 60),
    href,
    when:
      since === undefined ? '' : `${run.stale === undefined ? '' : 'since '}${formatMoment(since, nowUs)}`,
    // That there is no sign of life has been said already.
    why: run.stale?.why.startsWith('no sign of life') ? '' : shorten(run.stale?.why ?? run.error ?? '', 120),
  };
}
