import { exitCodes } from '../../base/errors.ts';
import { plural } from '../../base/format/words.ts';
import { visibleText } from '../../base/terminal.ts';
import type { SyncResult } from '../../operations/sync/result.ts';
import type { Output } from '../output.ts';

/** What a sync came to, as one line. */
export function syncSentence(result: SyncResult, out: Output): string {
  const { good, faint } = out.palette;
  const { attempts, branch, commit, conflicts, files, isEmpty, pushed, received, remote } = result;
  const target = visibleText(remote === null ? branch : `${remote}/${branch}`);
  const taken = received > 0 ? `${plural(received, 'file')} taken in from ${target}` : '';
  if (commit === null) {
    if (conflicts.length > 0) return `nothing to sync beside ${plural(conflicts.length, 'file')} in conflict`;
    if (isEmpty) return 'nothing to sync: nothing has been recorded here yet';
    return taken === '' ? `nothing to sync: ${target} has everything` : `${taken}; nothing to push`;
  }
  const what = `${plural(files, 'file')} ${faint(commit.slice(0, 10))}`;
  const tries = attempts > 1 ? faint(` (${attempts} attempts)`) : '';
  return `${good(pushed ? 'pushed' : 'committed')} ${what} to ${target}${taken === '' ? '' : `, ${taken}`}${tries}`;
}

/** Whether a file of ours was left out. */
export function syncExitCode({ conflicts }: Pick<SyncResult, 'conflicts'>): number {
  return conflicts.length > 0 ? exitCodes.differences : exitCodes.done;
}
