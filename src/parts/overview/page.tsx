import { formatCount } from '../../../collector/base/format/number.ts';
import { plural } from '../../../collector/base/format/words.ts';
import type { SiteBook } from '../../data/book/types.ts';
import { runsWhereHref } from '../../data/links.ts';
import { statusesIn } from '../../data/overview/activity.ts';
import { pageAge } from '../../data/overview/age.ts';
import { calmText } from '../../data/overview/attention.ts';
import { type Overview, overview } from '../../data/overview/overview.ts';
import { scheduleText } from '../../data/overview/schedule.ts';
import { runsPageFacts } from '../../data/runs/list.ts';
import { actionTable } from '../actions/table.tsx';
import { agoPart, emptyPart, names, Panel, timePart } from '../basics.tsx';
import { calendarChart } from '../charts/calendar.tsx';
import { histogramChart } from '../charts/histogram.tsx';
import { slotsChart, slotsLegend } from '../charts/slots.tsx';
import { statusLegend } from '../charts/status-legend.tsx';
import { group, type Part, part } from '../part.ts';
import { runList } from '../runs/list.tsx';
import { newestRuns } from '../runs/table.tsx';
import { differencesPart } from '../values/differences.tsx';
import { agePart } from './age.tsx';
import { attentionList, runningList } from './attention.tsx';
import { stateList } from './state-list.tsx';
import { tilesPart } from './tiles.tsx';

/** What is new, what needs attention, and how it went. */
export function overviewPage(book: SiteBook): Part {
  const view = overview(book);
  return (
    <>
      {titleOf(book, view)}

      {view.empty ? (
        <Panel title="Begin">
          {emptyPart(
            'Record a first action, or the state of the system as it is now. Both become lines and files in snapshots/, and this page shows them after the next build.',
            'npx daybook action hello first=true\nnpx daybook periodic\nnpx daybook build --open',
          )}
        </Panel>
      ) : (
        contentPart(book, view)
      )}
    </>
  );
}

/** The state of the book in one sentence. */
function titleOf(book: SiteBook, { headline }: Overview): Part {
  const now = book.builtAtUs;
  return (
    <div class="page-title">
      <h1>{headline.sentence}</h1>
      {agePart(pageAge(book), headline.sentence)}
      <p class="lead">
        {headline.lastUs !== undefined && (
          <>
            Last recorded {!headline.ahead && <>{agoPart(headline.lastUs, now)}, </>}on{' '}
            {timePart(headline.lastUs, now)} UTC.{' '}
          </>
        )}
        {headline.facts.join(' ')}
      </p>
    </div>
  );
}

/** What changed last, and a little of what changed before. */
function changesPanel(book: SiteBook, { changes }: Overview): Part {
  const now = book.builtAtUs;
  const title = changes?.onlyReadings
    ? 'Only readings moved'
    : changes?.older
      ? 'What changed last'
      : 'What changed since the snapshot before';
  return (
    <Panel
      title={title}
      note={
        changes !== undefined && (
          <>
            <a href={changes.href ?? 'snapshots.html'}>{timePart(changes.snapshot.atUs, now)}</a> against{' '}
            {timePart(changes.before.atUs, now)}
          </>
        )
      }
    >
      {changes !== undefined ? (
        differencesPart(changes.rows, 8)
      ) : book.snapshots.length === 0 ? (
        emptyPart(
          'No snapshot has been taken yet. A snapshot keeps the state of the system; two of them show what changed.',
          'npx daybook periodic',
        )
      ) : (
        <p class="panel-text">Nothing has changed in the newest snapshots.</p>
      )}
      {changes !== undefined && changes.readings > 0 && (
        <p class="change-readings">
          <a href={changes.readingsHref}>{plural(changes.readings, 'reading')} moved</a>
          {changes.older && ' in the newest snapshot, nothing else'}
        </p>
      )}
      {changes?.earlier.map((step) => (
        <section class="changes-earlier">
          <h3>
            Earlier,{' '}
            {step.href === undefined ? (
              timePart(step.atUs, now)
            ) : (
              <a href={step.href}>{timePart(step.atUs, now)}</a>
            )}
          </h3>
          {differencesPart(step.rows, 4)}
        </section>
      ))}
    </Panel>
  );
}

/** The newest state; where it did not change, that is said beside it. */
function newestStatePanel({ builtAtUs, snapshots }: SiteBook, { changes, newest, state }: Overview): Part {
  const unchanged =
    snapshots.length === 1 ? '; the next one shows what changed' : '; nothing changed in the ones before';
  return (
    <Panel
      title="Newest state"
      note={
        <>
          <a href="snapshots.html">snapshot</a> of {timePart(newest!.atUs, builtAtUs)}
          {changes === undefined && unchanged}
        </>
      }
    >
      {stateList(state)}
    </Panel>
  );
}

/** What failed or is missing, and what is running. */
function attentionPart(book: SiteBook, view: Overview): Part {
  const { runs, builtAtUs: now } = book;
  const attention = view.attention.slice(0, 6);
  return (
    <div class={runsFirst(book) ? 'overview-apart' : 'stack'}>
      <Panel
        title="Needs attention"
        note={
          view.attention.length > attention.length && (
            <>
              {attention.length} of {view.attention.length}
            </>
          )
        }
      >
        {attention.length > 0 ? attentionList(attention, now) : <p class="panel-text">{calmText(book)}</p>}
      </Panel>
      {isRunning(book, view) && (
        <Panel title="Running now">
          {view.running.length > 0 &&
            runningList({
              actions: view.running.slice(0, 6),
              more: view.running.length - 6,
              nowUs: now,
            })}
          {runs.running.length > 0 &&
            runList({
              runs: runs.running.slice(0, 6),
              more: runs.byStatus.running - runs.staleTotal - Math.min(6, runs.running.length),
              moreHref: runsWhereHref('', 'status = running AND NOT stale'),
              pageSlugs: new Set(runs.pageSlugs),
              nowUs: now,
            })}
        </Panel>
      )}
    </div>
  );
}

/** A book of runs alone has no state that could change: its runs are what there is to see. */
function runsFirst({ runs, snapshots }: SiteBook): boolean {
  return runs.total > 0 && snapshots.length === 0;
}

function isRunning({ runs }: SiteBook, { running }: Overview): boolean {
  return running.length + runs.running.length > 0;
}

/** Figures first, then how it went, then what changed. */
function contentPart(book: SiteBook, view: Overview): Part {
  const runs = runsPageFacts(book);
  const { builtAtUs: now, coverage } = book;
  return (
    <div class="grid">
      {tilesPart([...view.tiles, ...view.runTiles])}

      {runsFirst(book) && newestRuns(runs, book.runs.total)}

      {view.activity !== undefined && (
        <Panel
          title={view.activity.title}
          note={view.activity.note}
          legend={statusLegend(statusesIn(view.activity.bins))}
        >
          {histogramChart({
            bins: view.activity.bins,
            silences: view.activity.silences,
            label: `${view.activity.title}, ${view.activity.note}`,
          })}
        </Panel>
      )}

      <div class={names('grid', (!runsFirst(book) || isRunning(book, view)) && 'pair')}>
        {!runsFirst(book) &&
          (view.changes === undefined && view.newest !== undefined && view.state.length > 0
            ? newestStatePanel(book, view)
            : changesPanel(book, view))}
        {attentionPart(book, view)}
      </div>

      {coverage !== undefined && coverage.slots.length > 0 && (
        <Panel
          title="Schedule of snapshots"
          note={`expected ${scheduleText(coverage.expected)}`}
          legend={slotsLegend()}
        >
          {slotsChart(coverage, book.pageIds)}
        </Panel>
      )}

      {view.changes !== undefined &&
        view.newest !== undefined &&
        view.state.length > 0 &&
        newestStatePanel(book, view)}

      {view.calendar !== undefined && (
        <Panel title="Every day of a year" note="stronger: more actions; underlined: something failed">
          {calendarChart(view.calendar, view.activity?.bins.at(-1)?.fromUs ?? now)}
        </Panel>
      )}

      {book.runs.total > 0 && !runsFirst(book) && newestRuns(runs, book.runs.total)}

      {book.actions.newest.length > 0 && (
        <Panel
          title="Newest actions"
          flush
          note={<a href="actions.html">all {formatCount(book.actions.total)}</a>}
        >
          {actionTable(book.actions.newest.slice(0, 8), '')}
        </Panel>
      )}
    </div>
  );
}
