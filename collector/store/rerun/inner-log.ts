import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeWorkFolder } from '../../base/work-folder.ts';
import type { ActionRecord } from '../../formats/actions/action.ts';
import { resolveDetails } from '../blobs.ts';
import { actionLogPath, snapshotsFolder } from '../layout.ts';
import { readActions } from '../log-reader.ts';

/** How long the log of a book is. */
export function lengthOfLog(root: string): number {
  return statSync(actionLogPath(root), { throwIfNoEntry: false })?.size ?? 0;
}

/** An action of a log, as it can be recorded in another one. */
export type InnerAction = Pick<
  ActionRecord,
  | 'type'
  | 'statusWord'
  | 'actionId'
  | 'run'
  | 'error'
  | 'source'
  | 'startedAtUs'
  | 'endedAtUs'
  | 'durationMs'
  | 'details'
>;

/** The actions that were appended to the log of a book behind its first bytes, with their details whole. */
export async function actionsBehind(root: string, length: number): Promise<InnerAction[]> {
  const log = actionLogPath(root);
  if (!existsSync(log) || lengthOfLog(root) <= length) return [];
  const folder = makeWorkFolder('log');
  try {
    mkdirSync(snapshotsFolder(folder), { recursive: true });
    writeFileSync(join(actionLogPath(folder)), readFileSync(log).subarray(length));
    const records: InnerAction[] = [];
    await readActions(
      folder,
      ({ type, statusWord, actionId, run, error, source, startedAtUs, endedAtUs, durationMs, details }) => {
        const whole = resolveDetails(root, details).details;
        const facts = { type, statusWord, actionId, run, error, source, startedAtUs, endedAtUs, durationMs };
        records.push({ ...facts, details: whole });
      },
      () => undefined,
    );
    return records;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
