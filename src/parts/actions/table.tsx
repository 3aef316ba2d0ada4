import { formatDuration } from '../../../collector/base/format/duration.ts';
import type { ActionView } from '../../data/actions/types.ts';
import { jsonText } from '../../data/browser.ts';
import { actionHref } from '../../data/links.ts';
import { statusPart, timePart } from '../basics.tsx';
import { type Part, part } from '../part.ts';

/** A few actions as a quiet table; each leads to its place in the explorer. */
export function actionTable(actions: ActionView[], up: string): Part {
  return (
    <div class="table-frame">
      <table class="table action-table">
        <thead>
          <tr>
            <th scope="col">Time (UTC)</th>
            <th scope="col">Status</th>
            <th scope="col">Type</th>
            <th scope="col" class="wide-only">
              Summary
            </th>
            <th scope="col" class="number wide-only">
              Duration
            </th>
          </tr>
        </thead>
        <tbody>
          {actions.map((action) => (
            <tr>
              <td class="mono dim">{timePart(action.atUs)}</td>
              <td>{statusPart(action.status, action.statusWord)}</td>
              <td class="cell-type">
                <a class="quiet-link clip" href={actionHref(up, action.key)} title={action.type}>
                  {action.type}
                </a>
              </td>
              <td class="cell-summary wide-only">
                <span class="clip dim" title={action.summary}>
                  {action.summary}
                </span>
              </td>
              <td class="number dim wide-only">{formatDuration(action.durationMs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** One of the newest actions, whole, for readers without scripts. */
export function newestRow(action: ActionView): Part {
  const text = jsonText(action.details, 2);
  const details = text.length > 1500 ? `${text.slice(0, 1500).toWellFormed()}\n…` : text;
  return (
    <tr>
      <td class="mono dim">{timePart(action.atUs)}</td>
      <td>{statusPart(action.status, action.statusWord)}</td>
      <td class="cell-type">{action.type}</td>
      <td>
        <details>
          <summary>{action.summary || 'details'}</summary>
          {action.error !== undefined && <p>{action.error}</p>}
          <pre>{details}</pre>
          <p class="pale mono">
            {action.file}, line {action.line}
          </p>
        </details>
      </td>
      <td class="number dim">{formatDuration(action.durationMs)}</td>
    </tr>
  );
}
