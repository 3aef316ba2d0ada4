import { formatCount } from '../../../collector/base/format/number.ts';
import { formatDay } from '../../../collector/base/format/time.ts';
import { plural } from '../../../collector/base/format/words.ts';
import type { ActionsSummary } from '../../data/actions/types.ts';
import { dayBins, statusValues } from '../../data/actions/view.ts';
import type { SiteBook } from '../../data/book/types.ts';
import { statusMark } from '../../data/runs/words.ts';
import { emptyPart } from '../basics.tsx';
import { histogramChart } from '../charts/histogram.tsx';
import { facetPart } from '../facet.tsx';
import { group, type Part, part } from '../part.ts';
import { newestRow } from './table.tsx';

/** The table of actions: what a reader without scripts gets, and what the explorer takes over. */
export function actionsPage(book: SiteBook): Part {
  const { actions } = book;
  return (
    <daybook-explorer
      data-base="data/actions/"
      data-total={actions.total}
      data-repository={book.repository}
      data-snapshots={book.snapshots.length > 0 ? 'data/snapshots/' : undefined}
    >
      <div class="explorer-head">
        <h1>Actions</h1>
        <p class="explorer-count" data-count role="status">
          {formatCount(actions.total)} recorded
        </p>
        <ul class="chips" data-chips aria-label="Chosen filters"></ul>
        {actions.total > 0 && searchField()}
      </div>
      {actions.total === 0 ? (
        <div class="panel">
          {emptyPart(
            'No action is recorded yet. An action says that something happened: a build, a deployment, a training run. Record the first one:',
            'npx daybook action hello message=first',
          )}
        </div>
      ) : (
        <>
          <div class="panel explorer-timeline" data-timeline>
            {histogramChart({
              bins: dayBins(actions),
              height: 88,
              label: `Actions over time, ${formatDay(actions.firstUs!)} to ${formatDay(actions.lastUs!)}`,
            })}
          </div>
          <div class="panel explorer-body">
            <div class="explorer-facets" tabindex="0" role="region" aria-label="Filters">
              {facetPart({
                name: 'status',
                title: 'Status',
                values: statusValues(actions),
                most: 6,
                markOf: statusMark,
              })}
              {facetPart({ name: 'type', title: 'Type', values: actions.types })}
              {facetPart({ name: 'run', title: 'Run', values: actions.runs })}
              {facetPart({ name: 'writer', title: 'Writer', values: actions.writers })}
            </div>
            {rowsPart(actions)}
            <div class="explorer-record" data-record tabindex="0" role="region" aria-label="Chosen action">
              <p class="record-hint">
                Choose a row to see its details, its history and the line it came from.
              </p>
            </div>
          </div>
        </>
      )}
      {footPart(actions)}
    </daybook-explorer>
  );
}

/** The field that the explorer filters by, whose key is the slash. */
function searchField(): Part {
  return (
    <div class="explorer-search">
      <label class="visually-hidden" for="action-search">
        Find in type, run, summary and details
      </label>
      <input
        id="action-search"
        type="search"
        data-search
        placeholder="Find in type, summary, details"
        autocomplete="off"
        spellcheck="false"
      />
      <kbd aria-hidden="true">/</kbd>
    </div>
  );
}

/** The grid that the explorer fills, and the newest actions for readers without scripts. */
function rowsPart(actions: ActionsSummary): Part {
  return (
    <div class="explorer-rows">
      <div
        class="grid-frame"
        role="grid"
        tabindex="0"
        aria-label="Actions, newest first"
        aria-rowcount={actions.total + 1}
      >
        <div role="rowgroup">
          <div class="row row-head" role="row" aria-rowindex="1">
            <span role="columnheader">Time (UTC)</span>
            <span role="columnheader">Status</span>
            <span role="columnheader">Type</span>
            <span role="columnheader">Summary</span>
            <span role="columnheader" class="cell-took">
              Duration
            </span>
          </div>
        </div>
        <div class="grid-window" role="rowgroup" data-window></div>
        <div role="presentation" data-spacer></div>
      </div>
      <div class="grid-nothing" data-nothing hidden>
        <p>No action matches.</p>
        <button type="button" class="link" data-clear>
          Clear all filters
        </button>
      </div>
      <div class="explorer-static">
        <table class="table">
          <caption>
            {actions.total > actions.newest.length
              ? `The newest ${formatCount(actions.newest.length)} of ${formatCount(actions.total)}.`
              : `All ${plural(actions.total, 'action')}.`}
          </caption>
          <thead>
            <tr>
              <th scope="col">Time (UTC)</th>
              <th scope="col">Status</th>
              <th scope="col">Type</th>
              <th scope="col">Summary and details</th>
              <th scope="col" class="number">
                Duration
              </th>
            </tr>
          </thead>
          <tbody>{actions.newest.map((action) => newestRow(action))}</tbody>
        </table>
      </div>
    </div>
  );
}

/** What the log holds beside its actions, and where the data lies. */
function footPart(actions: ActionsSummary): Part {
  const left = [
    [actions.joined, plural(actions.joined, 'further line of an action', 'further lines of actions')],
    [actions.repeated, plural(actions.repeated, 'repeated line')],
    [actions.broken, `${formatCount(actions.broken)} that could not be read`],
  ].filter(([count]) => Number(count) > 0);
  return (
    <p class="explorer-foot">
      {plural(actions.lines, 'line')} in the log
      {left.length > 0 && <>, of them {left.map(([, text]) => text).join(', ')}</>}
      {actions.broken > 0 && (
        <>
          {' '}
          (<a href="health.html">see Health</a>)
        </>
      )}
      . All rows are data files: <a href="data/actions/index.json">data/actions</a>, Parquet, sorted by time.
    </p>
  );
}
