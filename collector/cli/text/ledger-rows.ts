import { formatDuration } from '../../base/format/duration.ts';
import { formatTime } from '../../base/format/time.ts';
import { visibleText } from '../../base/terminal.ts';
import type { LedgerRun } from '../../formats/ledger/record.ts';
import { stalenessOf } from '../../store/ledger/staleness.ts';
import type { Output } from '../output.ts';
import { formatColumns } from './columns.ts';
import { formatStatus, paintStatus } from './values.ts';

/** Runs of a ledger as lines of a table. */
export function formatLedgerRuns(runs: readonly LedgerRun[], out: Output): string[] {
  const rows = runs.map((run) => {
    const stale = stalenessOf(run);
    return [
      formatTime(run.history[0]?.atUs),
      visibleText(run.identifier),
      visibleText(run.relpath),
      visibleText(run.uid),
      formatStatus(run.status),
      formatDuration(durationOf(run)),
      stale === undefined ? '' : visibleText(stale.why),
    ];
  });
  return formatColumns(
    rows,
    [
      { paint: out.palette.faint },
      {},
      { flexible: true },
      { right: true },
      { paint: (text, row) => paintStatus(runs[row]!.status, out.palette)(text) },
      { right: true },
      { paint: out.palette.warning },
    ],
    out.width,
  );
}

/** From the first "running" to the end of the history, where the run is over. */
export function durationOf({ history, status }: LedgerRun): number | undefined {
  if (status === 'running' || status === 'pending') return undefined;
  const started = history.find((change) => change.status === 'running')?.atUs;
  const ended = history.at(-1)?.atUs;
  return started === undefined || ended === undefined ? undefined : Math.max(0, (ended - started) / 1000);
}
