import { listNewestActions } from '../../operations/actions/newest.ts';
import { newestActions } from '../../store/newest-actions.ts';
import { bookRootOf, type CommandContext } from '../context.ts';
import { noteEmpty } from '../empty-book.ts';
import { parseCount } from '../options.ts';
import { actionsHead, formatActions } from '../text/action-rows.ts';

/** `daybook actions [n]`: the newest n actions, read from the end of the log. */
export async function run(context: CommandContext<'actions'>): Promise<undefined> {
  const { out } = context;
  const count = parseCount(context.arguments[0] ?? '10', 'the number of actions', { most: 1_000_000 });
  const root = bookRootOf(context);
  const records = context.options.lines
    ? (await newestActions(root, count)).records
    : (await listNewestActions(root, count)).map(({ record }) => record);
  if (context.json) return out.printJson(records.map(({ raw }) => raw));
  if (records.length === 0) return noteEmpty('actions', out);
  out.note(actionsHead(out));
  for (const line of formatActions(records, out)) out.print(line);
  return undefined;
}
