import type { Finding } from '../formats/findings/finding.ts';
import { isActionFile, listLogSegments, listSnapshotNames } from './layout.ts';
import { LogPass } from './log-pass.ts';
import type { LogPlace, LogTotals, LogVisitor } from './log-visitor.ts';
import type { HarmlessLine } from './torn-lines.ts';

/** Reading on: `from` is where an earlier reading ended, and its files are as they were but for what the last one got. */
export interface GoingOn {
  from?: LogPlace | undefined;
  /** Gets where this reading ended; undefined where what comes later may say something else of what was read. */
  onPlace?(place: LogPlace | undefined): void;
}

export type { LogPlace, LogTotals, RecordPlace } from './log-visitor.ts';

/**
 * Reads every action of a book in the order of its files, no matter who wrote them, in one streaming pass. Broken lines are
 * reported and counted and never stop the reading; lines that occur twice are visited once. Files with one action each
 * (action_*.json) are visited where the log does not have them. `onTorn` gets the lines that killed writers left and of
 * which nothing is missing.
 */
export async function readActions(
  root: string,
  visit: LogVisitor['visit'],
  report: (finding: Finding) => void,
  onTorn: (line: HarmlessLine) => void = () => undefined,
  goingOn?: GoingOn,
): Promise<LogTotals> {
  return readPlacedActions(root, { visit, report, onTorn }, goingOn);
}

/** The same reading, with the place of each record and what each file came to. */
export async function readPlacedActions(
  root: string,
  visitor: LogVisitor,
  { from, onPlace }: GoingOn = {},
): Promise<LogTotals> {
  const names = listSnapshotNames(root);
  const pass = new LogPass(root, visitor, from);
  const segments = listLogSegments(root, names);
  if (from !== undefined) pass.skipSegments(segments.slice(0, -1));
  for (const segment of from === undefined ? segments : segments.slice(-1)) await pass.readSegment(segment);
  for (const name of names) if (isActionFile(name)) pass.readActionFile(name);
  onPlace?.(pass.place());
  await pass.finish(segments);
  return pass.totals;
}
