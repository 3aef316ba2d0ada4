import { plural } from '../../base/format/words.ts';
import { visibleText } from '../../base/terminal.ts';
import { settleBook } from '../../operations/health/settle-book.ts';
import { collectShards } from '../../operations/sync/writers/collect.ts';
import { bookRootOf, type CommandContext } from '../context.ts';
import { syncExitCode, syncSentence } from '../text/sync.ts';

/** `daybook collect`: what writers pushed to refs of their own, into the book. */
export async function run(context: CommandContext<'collect'>): Promise<number> {
  const { out, options } = context;
  const root = bookRootOf(context);
  out.progress('collecting …');
  await settleBook(root, (text) => out.note(visibleText(text)));
  const { remote, branch, message } = options;
  const result = await collectShards(root, { remote, branch, message, onWait: (text) => out.note(text) });
  out.progress();
  const { found, sealed, synced } = result;
  for (const note of synced.notes) out.note(visibleText(note));
  if (sealed < found)
    out.note(
      `${plural(found - sealed, 'shard')} grew meanwhile, or could not be taken in whole, and will be looked at the next time.`,
    );
  if (context.json) out.printJson(result);
  else if (!context.quiet) {
    const what = found === 0 ? 'no shards of writers' : `${plural(found, 'shard')}, ${sealed} sealed`;
    out.print(`${what}; ${syncSentence(synced, out)}`);
  }
  return syncExitCode(synced);
}
