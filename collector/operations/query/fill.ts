import { readActions } from '../../store/log-reader.ts';
import { readAllPeriodic } from '../../store/periodic-store.ts';
import { readRollups } from '../../store/segments/read-rollups.ts';
import { readBookRuns } from '../runs/find.ts';
import type { QueryDatabase } from './database.ts';
import type { FillOptions } from './fill-options.ts';
import { indexedRows, isIndexed } from './indexed-rows.ts';
import { actionRow, fieldRows, rollupRows, runRows, snapshotRow, type TakeRow } from './rows.ts';
import type { ViewName } from './views.ts';

const ignore = () => undefined;

/** Makes some views of a book; what cannot be read is left out, as `daybook doctor` says. */
export async function fillViews(
  database: QueryDatabase,
  names: readonly ViewName[],
  options: FillOptions,
): Promise<void> {
  const { root, sinceUs = Number.NEGATIVE_INFINITY, signal, build, needs } = options;
  const isSince = (atUs: number | undefined) =>
    sinceUs === Number.NEGATIVE_INFINITY || (atUs ?? Number.NaN) >= sinceUs;
  for (const name of names) {
    const needed = needs?.get(name);
    const isNeeded = (column: string) => needed === undefined || needed.includes(column);
    if (name === 'actions' && isIndexed(options)) {
      const take = (add: TakeRow) => indexedRows(options, isSince, add);
      await database.addView(name, take, { needed, asIs: true });
      continue;
    }
    const fill = async (take: TakeRow) => {
      if (name === 'actions') {
        await readActions(
          root,
          (record) => {
            signal?.throwIfAborted();
            if (isSince(record.atUs)) take(actionRow(record, isNeeded));
          },
          ignore,
        );
      } else if (name === 'rollups') {
        for (const rollup of readRollups(root).rollups) if (isSince(rollup.fromUs)) rollupRows(rollup, take);
      } else if (name === 'snapshots' || name === 'fields') {
        readAllPeriodic(
          root,
          (record) => {
            signal?.throwIfAborted();
            if (!isSince(record.atUs)) return;
            if (name === 'snapshots') take(snapshotRow(record, isNeeded));
            else fieldRows(record, take);
          },
          ignore,
        );
      } else {
        for (const run of await readBookRuns(root, ignore, build)) {
          signal?.throwIfAborted();
          // Points have times of their own.
          if (name === 'metrics')
            await runRows.metrics(root, run, (row) => isSince(row[3] as number) && take(row));
          else if (isSince(run.atUs)) await runRows[name](root, run, take);
        }
      }
    };
    await database.addView(name, fill, { needed });
  }
}
