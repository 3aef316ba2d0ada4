import { formatCount } from '../../../collector/base/format/number.ts';
import { cellClass, filledColumns, type RunRow, type RunsPage } from '../../data/runs/list.ts';
import type { TableColumn } from '../../data/runs/table-columns.ts';
import { receiptMark, runTitle, staleWord } from '../../data/runs/words.ts';
import { markPart, Panel, statusPart } from '../basics.tsx';
import { type Part, part } from '../part.ts';

/** Runs as a printed table: what differs between them, numbers at the end of their cells. */
export function runTable(rows: RunRow[], columns: TableColumn[], caption?: string): Part {
  return (
    <table class="table run-table">
      {caption !== undefined && <caption>{caption}</caption>}
      <thead>
        <tr>
          <th scope="col">Run</th>
          {columns.map((column) => (
            <th
              scope="col"
              class={cellClass(column)}
              title={
                column.group === 'fixed'
                  ? undefined
                  : `${column.group === 'param' ? 'parameter' : 'metric'} ${column.label}`
              }
            >
              {column.label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ run, href, cells }) => (
          <tr data-run={run.slug}>
            <th scope="row" class="run-name">
              <a href={href} title={run.key}>
                {runTitle(run)}
              </a>
            </th>
            {cells
              .filter(({ column }) => columns.includes(column))
              .map(({ column, text }) => (
                <td
                  class={cellClass(column)}
                  data-metric={column.group === 'metric' ? column.name : undefined}
                >
                  {column.id === 'status' ? (
                    run.stale === undefined ? (
                      statusPart(run.status, run.statusWord)
                    ) : (
                      <span class="status" title={run.stale.why}>
                        {markPart('missed')}
                        <span class="status-word">{staleWord}</span>
                      </span>
                    )
                  ) : column.id === 'receipt' && run.verdict !== undefined ? (
                    <span class="status">
                      {markPart(receiptMark(run.verdict) ?? 'unknown')}
                      <span class="status-word">{run.verdict}</span>
                    </span>
                  ) : (
                    <span class="clip" title={text.length > 16 ? text : undefined}>
                      {text}
                    </span>
                  )}
                </td>
              ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The newest runs of a book with what is recorded of them, and the way to all. */
export function newestRuns(page: RunsPage, total: number): Part {
  const rows = page.rows.slice(0, 8);
  return (
    <Panel title="Newest runs" flush note={<a href="runs.html">all {formatCount(total)}</a>}>
      <div class="table-frame">{runTable(rows, filledColumns(page.columns, rows))}</div>
    </Panel>
  );
}
