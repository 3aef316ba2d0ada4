import { formatCount } from '../../../collector/base/format/number.ts';
import { plural } from '../../../collector/base/format/words.ts';
import type { SiteBook } from '../../data/book/types.ts';
import { pageAge } from '../../data/overview/age.ts';
import { scheduleText } from '../../data/overview/schedule.ts';
import { hrefOf, type SnapshotsView, snapshotsView } from '../../data/snapshots/list.ts';
import { timeTravelView } from '../../data/snapshots/time-travel.ts';
import { emptyPart, markPart, Panel } from '../basics.tsx';
import { slotsChart, slotsLegend } from '../charts/slots.tsx';
import { agePart } from '../overview/age.tsx';
import { group, type Part, part } from '../part.ts';
import { fieldTable, snapshotTable } from './tables.tsx';
import { stripHeights } from './time-travel.tsx';
import { timeTravelPanel } from './travel-panel.tsx';

/** The state over time, all snapshots, and every field that is followed. */
export function snapshotsPage(book: SiteBook): Part {
  const view = snapshotsView(book);
  const travel = timeTravelView(book, view.points, view.gaps, stripHeights);
  return (
    <>
      <div class="page-title">
        <h1>Snapshots</h1>
        {agePart(pageAge(book))}
        {view.trouble !== undefined && (
          <p class="recorder">
            {markPart('missed')} {view.trouble}
          </p>
        )}
        <p class="lead">{view.lead}</p>
      </div>
      {book.snapshots.length === 0 ? (
        <Panel title="Begin">
          {emptyPart(
            'A periodic snapshot keeps the state of the system at one instant: load, disk, git, workflows, and whatever your own probes read. Take one now; a schedule in daybook.yaml or a workflow takes the next ones.',
            'npx daybook periodic',
          )}
        </Panel>
      ) : (
        <div class="grid">
          {travel !== undefined &&
            timeTravelPanel({
              view: travel,
              total: book.snapshots.length,
              href: hrefOf(travel.newest.id, travel.previous?.id, new Set(book.pageIds)),
              nowUs: book.builtAtUs,
              isScheduled: book.coverage !== undefined,
            })}
          {book.coverage !== undefined && book.coverage.slots.length > 0 && (
            <Panel
              title="Schedule"
              note={`expected ${scheduleText(book.coverage.expected)}`}
              legend={slotsLegend()}
            >
              {slotsChart(book.coverage, book.pageIds)}
            </Panel>
          )}
          <Panel
            title="Taken"
            flush
            note={
              <>
                {view.older > 0 &&
                  `newest ${formatCount(view.rows.filter(({ kind }) => kind === 'snapshot').length)} of ${formatCount(book.snapshots.length)} · `}
                {book.snapshots.length > 1 && <a href="compare.html">compare any two</a>}
              </>
            }
          >
            {snapshotTable(view.rows)}
          </Panel>
          {view.fields.length > 0 && (
            <Panel
              title="Fields"
              id="fields"
              note={`${view.fields.length + view.still.length} followed over all snapshots; what changed last comes first`}
              flush
            >
              {fieldsPart(view, book.builtAtUs)}
            </Panel>
          )}
        </div>
      )}
    </>
  );
}

/** What changed at some time first; what never did stands folded. */
function fieldsPart({ fields, still }: SnapshotsView, nowUs: number): Part {
  return (
    <daybook-field-history data-base="data/fields/">
      {fields.length + still.length > 12 && (
        <p class="field-filter">
          <label for="field-filter">Filter</label>
          <input
            id="field-filter"
            type="search"
            data-filter
            placeholder="name or value"
            autocomplete="off"
            spellcheck="false"
          />
          <span class="pale" data-filtered role="status"></span>
        </p>
      )}
      {fieldTable(fields, nowUs)}
      {still.length > 0 && (
        <details class="fold fields-still">
          <summary>{plural(still.length, 'field')} that never changed</summary>
          {fieldTable(still, nowUs)}
        </details>
      )}
    </daybook-field-history>
  );
}
