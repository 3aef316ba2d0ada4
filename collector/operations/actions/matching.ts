import { DaybookError } from '../../base/errors.ts';
import { showText } from '../../base/show.ts';
import type { ActionRecord } from '../../formats/actions/action.ts';
import { type DisplayStatus, displayStatuses, displayStatusOf } from '../../formats/actions/status.ts';
import { type IndexOptions, withLogIndex } from '../../store/log-index/open.ts';
import { newestMatching, type RecordChoice } from '../../store/log-index/select.ts';

/** The newest actions that fulfil all conditions, newest first. */
export function matchingActions(
  root: string,
  choice: RecordChoice,
  options: IndexOptions,
): Promise<ActionRecord[]> {
  return withLogIndex(root, options, (index) => newestMatching(index, choice));
}

/** The statuses that are shown for some words: "success" is completed. @throws DaybookError `usage` for a word that means none. */
export function statusesOf(words: readonly string[]): DisplayStatus[] {
  return words.map((word) => {
    const status = displayStatuses.find((each) => each === word) ?? displayStatusOf(word);
    if (status !== 'unknown' || word === 'unknown') return status;
    throw new DaybookError('usage', `Expected a status at --status, found "${showText(word)}".`, {
      hint: `Use one of ${displayStatuses.join(', ')}.`,
    });
  });
}
