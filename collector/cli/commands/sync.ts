import { visibleText } from '../../base/terminal.ts';
import { foldLedgers } from '../../operations/ledger/fold-ledgers.ts';
import { syncBook } from '../../operations/sync.ts';
import { foldVersions } from '../../operations/versions/fold-versions.ts';
import { bookRootOf, type CommandContext, optionText } from '../context.ts';
import { plural } from '../format-values.ts';

/** `daybook sync`: commits the book's own files and pushes them. */
export async function run(context: CommandContext): Promise<undefined> {
  const { out } = context;
  const root = bookRootOf(context);
  out.progress('committing …');
  await foldLedgers(root, (text) => out.note(visibleText(text)));
  await foldVersions(root, (text) => out.note(visibleText(text)));
  const result = await syncBook(root, {
    remote: optionText(context, 'remote'),
    branch: optionText(context, 'branch'),
    message: optionText(context, 'message'),
    push: !context.options.has('no-push'),
  });
  out.progress();
  for (const note of result.notes) out.note(visibleText(note));
  if (context.json) return out.printJson(result);
  if (context.quiet) return undefined;
  const { good, faint } = out.palette;
  const { attempts, branch, commit, files, pushed, remote } = result;
  const target = visibleText(remote === null ? branch : `${remote}/${branch}`);
  if (commit === null && !pushed) return out.print(`nothing to sync: ${target} has everything`);
  const what = commit === null ? 'no new files' : `${plural(files, 'file')} ${faint(commit.slice(0, 10))}`;
  const tries = attempts > 1 ? faint(` (${attempts} attempts)`) : '';
  return out.print(`${good(pushed ? 'pushed' : 'committed')} ${what} to ${target}${tries}`);
}
