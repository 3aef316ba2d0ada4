import { DaybookError, exitCodes } from '../../base/errors.ts';
import { plural } from '../../base/format/words.ts';
import { visibleText } from '../../base/terminal.ts';
import { settleBook } from '../../operations/health/settle-book.ts';
import { restoreBook } from '../../operations/sync/branch/restore.ts';
import type { SyncResult } from '../../operations/sync/result.ts';
import { syncBook } from '../../operations/sync/sync-book.ts';
import type { RunFiles } from '../../store/runs/find-run-files.ts';
import { bookRootOf, type CommandContext } from '../context.ts';
import { syncExitCode, syncSentence } from '../text/sync.ts';

/** `daybook sync`: commits the book's own files and pushes them; exit code 4 where a file of ours was left out. */
export async function run(context: CommandContext<'sync'>): Promise<number> {
  const { out, options } = context;
  const root = bookRootOf(context);
  const chosen = ways.filter((way) => options[way]);
  if (chosen.length > 1)
    throw new DaybookError(
      'usage',
      `Expected one of --${ways.join(', --')}, found --${chosen.join(' and --')}.`,
      {
        hint: 'Each is a command of its own.',
      },
    );
  if (options.restore) return restore(context, root);
  if (options.stats) return (await import('./sync-stats.ts')).showStats(context, root);
  out.progress('committing …');
  const found = await settleBook(root, (text) => out.note(visibleText(text)));
  const { remote, branch, message } = options;
  if (options.move) return move(context, root);
  if (options['per-writer']) return pushOwn(context, root, found);
  const push = !options['no-push'];
  const result = await syncBook(root, {
    remote,
    branch,
    message,
    push,
    found,
    onWait: (text) => out.note(text),
  });
  return told(context, result);
}

const ways = ['restore', 'move', 'per-writer', 'stats', 'no-push'] as const;

function told({ out, json, quiet }: CommandContext<'sync'>, result: SyncResult, more: object = {}): number {
  out.progress();
  for (const note of result.notes) out.note(visibleText(note));
  if (json) out.printJson({ ...result, ...more });
  else if (!quiet) out.print(syncSentence(result, out));
  return syncExitCode(result);
}

async function pushOwn(
  { out, json, quiet, options }: CommandContext<'sync'>,
  root: string,
  found: RunFiles,
): Promise<number> {
  const { pushShard } = await import('../../operations/sync/writers/shard.ts');
  const result = await pushShard(root, { ...options, found });
  out.progress();
  for (const note of result.notes) out.note(visibleText(note));
  if (json) out.printJson(result);
  else if (!quiet) {
    const { commit, files, ref, remote } = result;
    const pushed = `${out.palette.good('pushed')} ${plural(files, 'file')} to ${ref} at ${visibleText(remote)}; daybook collect puts it into the book`;
    out.print(commit === null ? 'nothing to push: all that was recorded here has been pushed' : pushed);
  }
  return exitCodes.done;
}

async function restore({ out, json, quiet, options }: CommandContext<'sync'>, root: string): Promise<number> {
  out.progress('fetching …');
  const { remote, branch } = options;
  const result = await restoreBook(root, { remote, branch });
  out.progress();
  if (result === undefined) {
    out.note('nothing to restore: the book lies on the branch that is checked out, and git pull brings it');
    if (json) out.printJson(null);
    return exitCodes.done;
  }
  for (const note of result.notes) out.note(visibleText(note));
  if (json) out.printJson(result);
  else if (!quiet) {
    const name = visibleText(result.remote === '' ? result.branch : `${result.remote}/${result.branch}`);
    const missing = `nothing to restore: there is no branch ${name} yet; daybook sync makes it`;
    const nothing = `nothing to restore: all of ${name} is here`;
    const what = `${out.palette.good('restored')} ${plural(result.received, 'file')} from ${name}`;
    out.print(result.commit === null ? missing : result.received === 0 ? nothing : what);
  }
  return syncExitCode(result);
}

async function move(context: CommandContext<'sync'>, root: string): Promise<number> {
  const { out, options } = context;
  const { moveBook } = await import('../../operations/sync/branch/move.ts');
  const { synced, untracked, written } = await moveBook(root, options);
  synced.notes = synced.notes.filter((note) => !note.includes('daybook sync --move'));
  const exitCode = told(context, synced, { written, untracked });
  if (untracked > 0)
    out.note(
      `snapshots/ (${plural(untracked, 'file')}) leaves the branch that is checked out with your next commit; the files stay here.`,
    );
  if (untracked + written.length > 0) {
    const { strong } = out.errorPalette;
    const add = written.length === 0 ? '' : `git add ${written.join(' ')} && `;
    out.note(`Commit it: ${strong(`${add}git commit -m "The book has a branch of its own"`)}`);
    out.note('In other clones: daybook sync before they pull that commit, daybook sync --restore after it.');
  }
  return exitCode;
}
