import { numberIn } from '../../../base/json/exact-number.ts';
import { isObject } from '../../../base/json/json.ts';
import type { ActionRecord } from '../../../formats/actions/action.ts';
import { isFinal } from '../../../formats/actions/status.ts';
import type { Evidence, RunSource } from '../../../runs/evidence.ts';
import { newestActions } from '../../newest-actions.ts';

/** So many of the newest lines of the log are looked at: reading runs must not take longer because the log grows. */
const lookedAt = 2000;

/**
 * The log of actions: how a command ended that `daybook exec --run` recorded for a run. It makes no run, and is believed
 * last; where the files of a run say that it failed and not why, it does.
 */
export const actionSource: RunSource = {
  name: 'action',
  joinsOnly: true,
  claims: (path) => path === 'snapshots/action_log.jsonl',
  claimsByPath: true,
  read: async (_path, { root, ends }) => ends ?? recordedEnds(root),
};

/** How the newest command of each run ended, as the log has it. */
export async function recordedEnds(root: string): Promise<Evidence[]> {
  const { records } = await newestActions(root, lookedAt);
  const newest = new Map<string, Evidence>();
  const runOfAction = new Map(records.map(({ actionId, run }) => [actionId, run]));
  for (const record of records) {
    const around = record.source?.action;
    // A command within the command that is the run is a step of it: its end is not the end of the run.
    if (around !== undefined && runOfAction.get(around) === record.run) continue;
    const evidence = actionEvidence(record);
    if (evidence !== undefined && !newest.has(evidence.names!)) newest.set(evidence.names!, evidence);
  }
  return [...newest.values()];
}

/** What the end of a command says of the run it was for; undefined for every other action. */
export function actionEvidence(action: ActionRecord): Evidence | undefined {
  const { run, status, statusWord, details, file, error, startedAtUs, endedAtUs, durationMs } = action;
  if (run === undefined || !isFinal(status) || !isEndOfCommand(details)) return undefined;
  const start = startedAtUs ?? action.atUs;
  const end = endedAtUs ?? action.atUs;
  return {
    source: 'action',
    file,
    folder: '',
    prefix: '',
    joinsOnly: true,
    names: run,
    says: {
      statusWord,
      history: [
        { atUs: start, word: 'executing', status: 'running' },
        { atUs: end, word: statusWord, status },
      ],
      span: { fromUs: start, durationMs: durationMs ?? (end - start) / 1000 },
      badEnd: error,
    },
  };
}

function isEndOfCommand(details: ActionRecord['details']): boolean {
  return (
    isObject(details) &&
    (numberIn(details['exit_code']) !== undefined || typeof details['signal'] === 'string')
  );
}
