import { formatCount } from '../../../collector/base/format/number.ts';
import { plural } from '../../../collector/base/format/words.ts';
import type { MarkName } from '../../charts/status-shape.ts';
import { trendLine } from '../../charts/trend-line.ts';
import type { SiteBook } from '../../data/book/types.ts';
import { actionHref, commitHref, runHref, snapshotHref } from '../../data/links.ts';
import type { TrendSince, TrendsSummary, TrendVerdict, TrendView } from '../../data/trends/types.ts';
import { emptyPart, linkPart, markedPart, names, Panel, pathPart, timePart, titlePart } from '../basics.tsx';
import { group, type Inside, type Part, part } from '../part.ts';

const marks: Record<TrendVerdict, MarkName> = {
  worse: 'failed',
  changed: 'finding',
  better: 'completed',
  'no change': 'pending',
  'not enough data': 'unknown',
};

/** The series of a book as small charts, those that became worse first. */
export function trendsPage(book: SiteBook): Part {
  const { trends } = book;
  const few = trends.counts['not enough data'];
  return (
    <>
      {titlePart('Trends', leadOf(trends))}
      {trends.views.length === 0 ? (
        <Panel title="Begin">
          {emptyPart(
            few === 0
              ? 'Metrics of runs, durations of actions and numbers of snapshots become charts here that say whether they became better or worse, as soon as ten of one kind were recorded.'
              : `${plural(few, 'series has', 'series have')} fewer than the ten points that tell a change from chance; as soon as one has them, its chart and what became of it stand here.`,
            'npx daybook trend',
          )}
        </Panel>
      ) : (
        <div class="trends">
          {trends.views.map((view, at) => (
            <section
              class={names('panel', 'trend', `trend-${marks[view.verdict]}`)}
              aria-labelledby={`trend-${at}`}
            >
              {trendPart(view, book, `trend-${at}`)}
            </section>
          ))}
        </div>
      )}
    </>
  );
}

function leadOf({ counts, views, notJudged }: TrendsSummary): Inside {
  if (views.length === 0) return 'No series is long enough yet to tell a change from chance.';
  const told = (['worse', 'changed', 'better', 'no change', 'not enough data'] as const).flatMap((word) =>
    counts[word] === 0 ? [] : [`${formatCount(counts[word])} ${word}`],
  );
  const hidden =
    counts.worse + counts.changed + counts.better + counts['no change'] - views.length + notJudged;
  const rest = hidden > 0 ? ` ${views.length} are shown, the worst first; daybook trend lists all.` : '';
  return `Of each series the newest values of one environment: ${told.join(', ')}.${rest}`;
}

const size = { width: 320, height: 84 };

function trendPart(view: TrendView, book: SiteBook, id: string): Part {
  const { key, verdict, level, change, since, reason, environment, times } = view;
  const line = trendLine(view, size, book.trends.releases);
  return (
    <>
      <h2 class="trend-name" id={id}>
        {pathPart(key)}
      </h2>
      <p class="trend-verdict">
        {markedPart(marks[verdict], verdict)}{' '}
        <span class="trend-level">
          {level}
          {change !== undefined && ` (${change})`}
        </span>
      </p>
      <div class="trend-chart">
        <svg
          class="plot"
          viewBox={`0 0 ${size.width} ${size.height}`}
          role="img"
          aria-label={`${plural(times.length, 'value')} from ${view.least} to ${view.most}: ${verdict}`}
        >
          {line.releases.map(({ x, names: released }) => (
            <g class="trend-release">
              <title>{released.join(', ')}</title>
              <line x1={x} x2={x} y1="0" y2={size.height} />
              <path d={`M${x - 3.5} 0h7l-3.5 6z`} />
            </g>
          ))}
          {line.steps.map(({ x }) => (
            <line class="trend-step" x1={x} x2={x} y1="0" y2={size.height} />
          ))}
          <path class="trend-line" d={line.path} />
          {line.levels.map(({ x1, x2, y }) => (
            <line class="trend-mean" x1={x1} x2={x2} y1={y} y2={y} />
          ))}
        </svg>
        <p class="trend-axis">
          {timePart(times[0]!, book.builtAtUs)} <span>{`${view.least} … ${view.most}`}</span>{' '}
          {timePart(times.at(-1)!, book.builtAtUs)}
        </p>
      </div>
      {since !== undefined && sincePart(since, view, book)}
      <p class="trend-reason">
        {reason} {environment === '' ? 'No environment is recorded.' : `Measured with ${environment}.`}
      </p>
      {releasesText(line.releases.flatMap(({ names: released }) => released))}
    </>
  );
}

function sincePart(since: TrendSince, view: TrendView, book: SiteBook): Part {
  const { atUs, id, commit, subject, author } = since;
  return (
    <p class="trend-since">
      Since {timePart(atUs)}, {linkPart(hrefOf(since, view, book), pathPart(id))}
      {commit !== undefined && (
        <>
          , commit{' '}
          {linkPart(commitHref(book.repository, commit), <span class="mono">{commit.slice(0, 7)}</span>)}
        </>
      )}
      {subject !== undefined && <> “{subject}”</>}
      {author !== undefined && <> by {author}</>}
    </p>
  );
}

function hrefOf(
  { id, slug }: TrendSince,
  { kind }: TrendView,
  { runs, pageIds }: SiteBook,
): string | undefined {
  if (kind === 'actions') return actionHref('', id);
  if (kind === 'fields') return pageIds.includes(id) ? snapshotHref('', id) : undefined;
  return slug && runHref('', slug, runs.pageSlugs.includes(slug));
}

const mostReleases = 5;

function releasesText(released: readonly string[]): Inside {
  if (released.length === 0) return undefined;
  const more = released.length > mostReleases ? ` and ${released.length - mostReleases} before` : '';
  return (
    <p class="trend-reason">
      Released meanwhile: {released.slice(-mostReleases).join(', ')}
      {more}.
    </p>
  );
}
