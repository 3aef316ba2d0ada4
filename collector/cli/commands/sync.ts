import { exitCodes } from '../../base/errors.ts';
import { plural } from '../../base/format/words.ts';
import { visibleText } from '../../base/terminal.ts';
import { settleBook } from '../../operations/health/settle-book.ts';
import type { SyncResult } from '../../operations/sync/result.ts';
import { syncBook } from '../../operations/sync/sync-book.ts';
import { bookRootOf, type CommandContext } from '../context.ts';
import type { Output } from '../output.ts';

/** `daybook sync`: commits the book's own files and pushes them; exit code 4 where a file of ours was left out. */
export async function run(context: CommandContext<'sync'>): Promise<number> {
  const { out } = context;
  const root = bookRootOf(context);
  out.progress('committing …');
  await settleBook(root, (text) => out.note(visibleText(text)));
  const result = await syncBook(root, {
    remote: context.options.remote,
    branch: context.options.branch,
    message: context.options.message,
    push: !context.options['no-push'],
    onWait: (text) => out.note(text),
  });
  out.progress();
  const exitCode = result.conflicts.length > 0 ? exitCodes.differences : exitCodes.done;
  for (const note of result.notes) out.note(visibleText(note));
  if (context.json) out.printJson(result);
  else if (!context.quiet) out.print(sentence(result, out));
  return exitCode;
}

function sentence(result: SyncResult, out: Output): string {
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
