import { displayStatuses } from '../../formats/actions/status.ts';
import { blockRecords } from '../../store/log-index/columns.ts';
import type { LogIndex } from '../../store/log-index/log-index.ts';
import { isLargeLog, withLogIndex } from '../../store/log-index/open.ts';
import type { FillOptions } from './fill-options.ts';
import type { Row, TakeRow } from './rows.ts';
import { columnsOf } from './views.ts';

/** What the index of a log has of every action. */
const indexed = ['time', 'type', 'status'];
const [timeAt, typeAt, statusAt] = indexed.map((name) =>
  columnsOf('actions').findIndex(([column]) => column === name),
) as [number, number, number];

/** Whether all that is asked of actions stands in the index of the log, so that no line has to be read. */
export function isIndexed({ root, build, needs }: FillOptions): boolean {
  const needed = needs?.get('actions');
  if (build === undefined || needed === undefined) return false;
  return needed.every((column) => indexed.includes(column)) && isLargeLog(root);
}

/** The rows of all actions with what the index has of them; of lines of one action the newest, of equal times the later one. */
export function indexedRows(
  { root, build, signal }: FillOptions,
  isSince: (atUs: number) => boolean,
  take: TakeRow,
): Promise<void> {
  return withLogIndex(root, { build }, (index) => {
    const newest = newestLines(index, isSince);
    const types = index.state.types.map(([type]) => type);
    const row: Row = [];
    for (const block of index.blocks.keys()) {
      signal?.throwIfAborted();
      const [at, type, status] = (['at', 'type', 'status'] as const).map((name) => index.column(block, name));
      const action = index.column(block, 'action');
      for (let line = 0; line < action.length; line++) {
        if (!isSince(at![line]!)) continue;
        if (action[line] !== 0 && newest.get(action[line]!)!.place !== block * blockRecords + line) continue;
        row[timeAt] = at![line]!;
        row[typeAt] = types[type![line]!]!;
        row[statusAt] = displayStatuses[status![line]!]!;
        take(row);
      }
    }
  });
}

/** Of every action with an id the place of its newest line. */
function newestLines(
  index: LogIndex,
  isSince: (atUs: number) => boolean,
): Map<number, { atUs: number; place: number }> {
  const newest = new Map<number, { atUs: number; place: number }>();
  for (const [block, { named }] of index.blocks.entries()) {
    if (named === 0) continue;
    const [at, action] = [index.column(block, 'at'), index.column(block, 'action')];
    for (let line = 0; line < at.length; line++) {
      if (action[line] === 0 || !isSince(at[line]!)) continue;
      const known = newest.get(action[line]!);
      const place = block * blockRecords + line;
      if (known === undefined) newest.set(action[line]!, { atUs: at[line]!, place });
      else if (at[line]! >= known.atUs) Object.assign(known, { atUs: at[line]!, place });
    }
  }
  return newest;
}
