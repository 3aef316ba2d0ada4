import type { ActionRecord } from '../../formats/actions/action.ts';
import type { Finding } from '../../formats/findings/finding.ts';
import { newestActions } from '../../store/newest-actions.ts';

/** An action as a person thinks of it: its newest line, and how many lines it has among those that were read. */
export interface JoinedAction {
  record: ActionRecord;
  lines: number;
}

/**
 * The newest actions, newest first; what was wrong with the lines that were read is reported; lines that share an action id are one. Reads further back while joining
 * leaves fewer than wanted, up to eight times as many lines.
 */
export async function listNewestActions(
  root: string,
  count: number,
  report: (finding: Finding) => void = () => undefined,
): Promise<JoinedAction[]> {
  for (let lines = count + 1; ; lines *= 2) {
    const { records, findings } = await newestActions(root, lines);
    const joined = joinActions(records);
    if (joined.length < count && records.length >= lines && lines <= 8 * count) continue;
    for (const finding of findings) report(finding);
    return joined.slice(0, count);
  }
}

function joinActions(newestFirst: readonly ActionRecord[]): JoinedAction[] {
  const byId = new Map<string, JoinedAction>();
  const joined: JoinedAction[] = [];
  for (const record of newestFirst) {
    const known = record.actionId === undefined ? undefined : byId.get(record.actionId);
    if (known !== undefined) {
      known.lines += 1;
      continue;
    }
    const action = { record, lines: 1 };
    if (record.actionId !== undefined) byId.set(record.actionId, action);
    joined.push(action);
  }
  return joined;
}
