import { formatCount, formatNumber } from '../../../collector/base/format/number.ts';
import { plural, shorten } from '../../../collector/base/format/words.ts';
import { summaryText } from '../../data/actions/text.ts';
import type { LiveAction, LiveState } from '../../data/runs/live.ts';
import { statusPart, timePart } from '../basics.tsx';
import { type Part, part } from '../part.ts';
import { standPart } from '../runs/head.tsx';

/** What came since a page was made. */
export interface PageNews {
  /** Oldest first; there may have been more of them than were told. */
  actions: readonly LiveAction[];
  actionCount: number;
  runs: readonly LiveState[];
}

const mostRows = 8;
const mostValues = 4;

/** "3 new actions, 1 new run"; nothing where nothing is new. */
export function newsText({ actionCount, runs }: PageNews): string {
  return [
    actionCount > 0 ? plural(actionCount, 'new action') : '',
    runs.length > 0 ? plural(runs.length, 'new run') : '',
  ]
    .filter(Boolean)
    .join(', ');
}

/** The newest of it, newest first. */
export function newsList({ actions, actionCount, runs }: PageNews, nowUs: number): Part {
  const newestRuns = runs.slice(-mostRows).reverse();
  const newestActions = actions.slice(-mostRows).reverse();
  const more = runs.length + actionCount - newestRuns.length - newestActions.length;
  return (
    <ul class="rows">
      {newestRuns.map((run) => (
        <li class="attention">
          {standPart({ stale: undefined, ...run }) ?? <span />}
          <div class="attention-what">
            <b>{run.name}</b>
            {valuesText(run) !== '' && <p class="attention-detail mono">{valuesText(run)}</p>}
          </div>
          <span class="attention-when">
            {run.startedAtUs !== undefined && timePart(run.startedAtUs, nowUs)}
          </span>
        </li>
      ))}
      {newestActions.map(({ status, statusWord, type, run, details, atUs }) => (
        <li class="attention">
          {statusPart(status, statusWord)}
          <div class="attention-what">
            <b>{run ?? type}</b> <span class="dim">{details === undefined ? '' : summaryText(details)}</span>
          </div>
          <span class="attention-when">{timePart(atUs, nowUs)}</span>
        </li>
      ))}
      {more > 0 && <li class="attention dim">{plural(more, 'more', 'more')}</li>}
    </ul>
  );
}

/** "step 1,200, loss 0.021, acc 0.94". */
export function valuesText({ last }: Pick<LiveState, 'last'>): string {
  const values = Object.entries(last);
  if (values.length === 0) return '';
  const step = Math.max(...values.map(([, one]) => one.step));
  const told = values
    .slice(0, mostValues)
    .map(([name, { value }]) => `${shorten(name, 24)} ${formatNumber(value)}`);
  const at = Number.isInteger(step) ? formatCount(step) : formatNumber(step);
  return [`step ${at}`, ...told].join(', ');
}
