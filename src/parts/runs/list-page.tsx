import { formatCount } from '../../../collector/base/format/number.ts';
import { plural } from '../../../collector/base/format/words.ts';
import type { SiteBook } from '../../data/book/types.ts';
import { notRecorded } from '../../data/browser.ts';
import { runsWhereHref } from '../../data/links.ts';
import { printedParallel, printedScatter } from '../../data/runs/charts.ts';
import { filledColumns, type RunsPage, runsPageFacts, sameText } from '../../data/runs/list.ts';
import { cellText } from '../../data/runs/table-columns.ts';
import type { RunsSummary } from '../../data/runs/types.ts';
import { markOfFacet } from '../../data/runs/words.ts';
import { emptyPart, markPart, names, Panel } from '../basics.tsx';
import { parallelChart } from '../charts/parallel.tsx';
import { scatterChart } from '../charts/scatter.tsx';
import { statusLegend } from '../charts/status-legend.tsx';
import { facetPart } from '../facet.tsx';
import { group, type Part, part } from '../part.ts';
import { runList } from './list.tsx';
import { runTable } from './table.tsx';

/** Of the charts, in pixels. */
const height = 176;
/** So few need no table as high as the screen. */
const fewRuns = 12;

/** All runs, with their charts, filters and what stands out. */
export function runsPage(book: SiteBook): Part {
  const { runs } = book;
  const page = runsPageFacts(book);
  return (
    <daybook-runs data-base="data/runs/" data-total={runs.total}>
      <div class="explorer-head">
        <h1>Runs</h1>
        <p class="explorer-count" data-count role="status">
          {formatCount(runs.total)} recorded
        </p>
        <ul class="chips" data-chips aria-label="Chosen filters"></ul>
      </div>
      {runs.total === 0 ? (
        <div class="panel">
          {emptyPart(
            'No run is recorded yet. A run is one execution of something that has settings and results: a training, an evaluation, a build of data. Daybook reads the run.lock, metadata.json, experiment_tracker.json and metrics.jsonl that lie in this book. Write the first one:',
            'npx daybook lock --set lr=0.1 --out results/first/run.lock\nnpx daybook experiment start results/first --epochs 10\nnpx daybook ledger allocate train',
          )}
        </div>
      ) : (
        <>
          {factsList(page)}
          <div class="runs-tools" data-tools></div>
          {chartsPart(runs)}
          <p class="runs-order" data-order role="status" hidden></p>
          {tablePart(runs, page)}
          {page.same.length > 0 && samePart(page, runs.total)}
          {listsPart(book)}
        </>
      )}
      <p class="explorer-foot">
        {page.compareHref !== undefined && (
          <>
            <a href={page.compareHref}>Compare</a> any runs with each other;{' '}
            <a href="lineage.html">lineage</a> shows what was made from what.{' '}
          </>
        )}
        All runs and their metrics are data files: <a href="data/runs/index.json">data/runs</a>, Parquet,
        newest first.
      </p>
    </daybook-runs>
  );
}

/** What stands out, each with the newest run it is true of. */
function factsList({ facts }: RunsPage): Part {
  return (
    <ul class="runs-facts">
      {facts.map((fact) => (
        <li>
          {markPart(fact.mark)}
          <span>
            <a href={fact.href}>{fact.text}</a>
            {fact.newest !== undefined && (
              <>
                , {fact.text.startsWith('One ') ? '' : 'the newest '}
                <a class="quiet-link" href={fact.newest.href}>
                  <b>{fact.newest.name}</b>
                </a>{' '}
                {fact.newest.when}
                {fact.newest.why !== '' && <span class="dim">: {fact.newest.why}</span>}
              </>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** The two charts as far as the runs of the book allow them. */
function chartsPart(runs: RunsSummary): Part {
  const parallel = printedParallel(runs, height);
  const scatter = printedScatter(runs, height + 42);
  return (
    <div class="grid runs-charts" data-charts>
      {parallel !== undefined && (
        <div class="panel runs-parallel" data-parallel>
          <header class="chart-head">
            <h2>Parallel coordinates</h2>
            <p class="pale">{plural(parallel.shown, 'run')}</p>
          </header>
          {parallelChart(parallel, height)}
          {statusLegend(
            parallel.lines.map(({ status }) => status),
            runs.byStatus.unknown === runs.notRecordedTotal ? notRecorded : 'unknown',
          )}
        </div>
      )}
      {scatter !== undefined && (
        <div class="panel runs-scatter" data-scatter>
          <header class="chart-head">
            <h2>{scatter.y}</h2>
            <span class="pale">over</span>
            <h2>{scatter.x}</h2>
          </header>
          {scatterChart(scatter, height + 42)}
        </div>
      )}
    </div>
  );
}

/** Filters, the grid that scripts fill, and the newest runs for readers without them. */
function tablePart(runs: RunsSummary, page: RunsPage): Part {
  const listed = page.rows.length;
  return (
    <div class={names('panel', 'runs-body', runs.total <= fewRuns && 'runs-few')}>
      <div class="explorer-facets" tabindex="0" role="region" aria-label="Filters">
        {page.facets.map((facet) =>
          facetPart({ ...facet, most: facet.name === 'status' ? 8 : 10, markOf: markOfFacet(facet.name) }),
        )}
      </div>
      <div class="runs-rows">
        <div class="grid-frame" role="grid" tabindex="0" aria-label="Runs" aria-rowcount={runs.total + 1}>
          <div role="rowgroup">
            <div class="row row-head" role="row" aria-rowindex="1" data-head></div>
          </div>
          <div class="grid-window" role="rowgroup" data-window></div>
          <div role="presentation" data-spacer></div>
        </div>
        <div class="grid-frame" role="treegrid" tabindex="0" aria-label="Groups of runs">
          <div role="rowgroup">
            <div class="row row-head" role="row" aria-rowindex="1" data-head></div>
          </div>
          <div class="grid-window" role="rowgroup" data-window></div>
          <div role="presentation" data-spacer></div>
        </div>
        <div class="grid-nothing" data-nothing hidden>
          <p>No run matches.</p>
          <button type="button" class="link" data-clear>
            Clear all filters
          </button>
        </div>
        <div class="runs-static">
          <div class="table-frame" tabindex="0" role="region" aria-label="Runs">
            {runTable(
              page.rows,
              filledColumns(page.columns, page.rows),
              runs.total > listed
                ? `The newest ${listed} of ${formatCount(runs.total)}.`
                : `All ${plural(runs.total, 'run')}, newest first.`,
            )}
          </div>
        </div>
      </div>
    </div>
  );
}

/** What is the same in all runs. */
function samePart({ same }: RunsPage, total: number): Part {
  return (
    <details class="fold runs-same">
      <summary>{sameText(same, total)}</summary>
      <dl class="runs-same-list">
        {same.map((column) => (
          <div>
            <dt class="mono">{column.name}</dt>
            <dd class="mono">
              {cellText(column.same, {
                id: '',
                name: '',
                label: '',
                group: 'param',
                type: column.type,
                about: column,
              }) || 'null'}
              {column.count < total && <span class="pale"> in {plural(column.count, 'run')}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

/** Runs that someone should look at, by what is the matter. */
function listsPart({ runs, builtAtUs }: SiteBook): Part {
  const pages = new Set(runs.pageSlugs);
  const running = runs.byStatus.running - runs.staleTotal;
  const lists = [
    { title: 'Failed', runs: runs.failed, total: runs.byStatus.failed, where: 'status = failed' },
    { title: 'Running', runs: runs.running, total: running, where: 'status = running AND NOT stale' },
    {
      title: 'Stale: they say they run, without a sign of life',
      runs: runs.stale,
      total: runs.staleTotal,
      where: 'stale',
    },
  ].filter((list) => list.total > 0);
  return (
    <div class="grid runs-lists">
      {lists.map((list) => (
        <Panel title={list.title} note={plural(list.total, 'run')}>
          {runList({
            runs: list.runs.slice(0, 8),
            more: list.total - Math.min(8, list.runs.length),
            moreHref: runsWhereHref('', list.where),
            pageSlugs: pages,
            nowUs: builtAtUs,
          })}
        </Panel>
      ))}
    </div>
  );
}
