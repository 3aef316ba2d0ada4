import type { ActionRecord } from '../formats/actions/action.ts';
import type { Finding } from '../formats/findings/finding.ts';
import { isActionFile, listLogSegments, listSnapshotNames } from './layout.ts';
import { LogPass } from './log-pass.ts';
import type { LogTotals, LogVisitor } from './log-visitor.ts';
import type { HarmlessLine } from './torn-lines.ts';

export type { LogTotals } from './log-visitor.ts';

/**
 * Reads every action of a book in the order of its files, no matter who wrote them, in one streaming pass. Broken lines are
 * reported and counted and never stop the reading; lines that occur twice are visited once. Files with one action each
 * (action_*.json) are visited where the log does not have them. `onTorn` gets the lines that killed writers left and of
 * which nothing is missing.
 */
export async function readActions(
  root: string,
  visit: (record: ActionRecord) => void,
  report: (finding: Finding) => void,
  onTorn: (line: HarmlessLine) => void = () => undefined,
): Promise<LogTotals> {
  return readPlacedActions(root, { visit, report, onTorn });
}

/** The same reading, with the place of each record and what each file came to. */
export async function readPlacedActions(root: string, visitor: LogVisitor): Promise<LogTotals> {
  const names = listSnapshotNames(root);
  const pass = new LogPass(root, visitor);
  const segments = listLogSegments(root, names);
  for (const segment of segments) await pass.readSegment(segment);
  for (const name of names) if (isActionFile(name)) pass.readActionFile(name);
  await pass.finish(segments);
  return pass.totals;
}
