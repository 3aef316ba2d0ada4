import { DaybookError } from '../../base/errors.ts';
import { showText } from '../../base/show.ts';
import { visibleText } from '../../base/terminal.ts';
import { logRun } from '../../operations/ledger/write-ledger.ts';
import type { CommandContext } from '../context.ts';
import { withLedger } from '../ledger-options.ts';

/** `daybook ledger log`: status and files of a run. */
export async function run(context: CommandContext<'ledger log'>): Promise<undefined> {
  const { out } = context;
  const [identifier, uid] = context.arguments;
  const request = {
    identifier,
    uid,
    relpath: context.options.relpath,
    status: context.options.status,
    files: context.options.file.map(parseFile),
    heartbeat: context.options.heartbeat,
    pid: context.options.pid,
  };
  const record = await withLedger(context, (writer) => logRun(writer, request));
  if (context.json) return out.printJson(record);
  if (!context.quiet)
    out.print(
      `${out.palette.good('logged')} ${visibleText(identifier)} ${visibleText(uid)} ${visibleText(String(record['status']))}`,
    );
  return undefined;
}

function parseFile(word: string): [string, string] {
  const at = word.indexOf('=');
  if (at > 0 && at < word.length - 1) return [word.slice(0, at), word.slice(at + 1)];
  throw new DaybookError('usage', `Expected a file as name=path, found "${showText(word, 60)}".`, {
    where: '--file',
    hint: 'For example: --file model=007/model.pt',
  });
}
