import { formatDuration } from '../../../collector/base/format/duration.ts';
import { plural } from '../../../collector/base/format/words.ts';
import { runHref } from '../../data/links.ts';
import type { RunView } from '../../data/runs/types.ts';
import { runTitle, staleWord } from '../../data/runs/words.ts';
import { markPart, statusPart, timePart } from '../basics.tsx';
import { group, type Part, part } from '../part.ts';

/** A few runs that a reader should look at: what each is, why, and since when. */
export function runList({
  runs,
  more,
  moreHref,
  pageSlugs,
  nowUs,
}: {
  runs: RunView[];
  more: number;
  moreHref: string;
  pageSlugs: ReadonlySet<string>;
  nowUs: number;
}): Part {
  /** Why it is here; of a failed run at least what was said about it. */
  const reasonOf = (run: RunView) =>
    run.stale?.why ?? run.error ?? (run.status === 'failed' ? run.description : undefined);
  return (
    <ul class="rows">
      {runs.map((run) => (
        <li class="attention" data-run={run.slug}>
          {run.stale === undefined ? (
            statusPart(run.status, run.statusWord)
          ) : (
            <span class="status">
              {markPart('missed')}
              <span class="status-word">{staleWord}</span>
            </span>
          )}
          <div class="attention-what">
            <a class="quiet-link" href={runHref('', run.slug, pageSlugs.has(run.slug))} title={run.key}>
              <b>{runTitle(run)}</b>{' '}
              <span class="dim">
                {run.durationMs === undefined ? '' : `after ${formatDuration(run.durationMs)}`}
              </span>
            </a>
            {reasonOf(run) !== undefined && <p class="attention-detail mono">{reasonOf(run)}</p>}
          </div>
          <span class="attention-when">
            {run.stale !== undefined ? (
              <>since {timePart(run.stale.sinceUs, nowUs)}</>
            ) : (
              run.atUs !== undefined && timePart(run.atUs, nowUs)
            )}
          </span>
        </li>
      ))}
      {more > 0 && (
        <li class="attention">
          <a href={moreHref}>{plural(more, 'more', 'more')}</a>
        </li>
      )}
    </ul>
  );
}
