import { daybookBuild } from '../../base/version.ts';
import type { ActionRecord } from '../../formats/actions/action.ts';
import { matchingActions, statusesOf } from '../../operations/actions/matching.ts';
import { listNewestActions } from '../../operations/actions/newest.ts';
import { newestActions } from '../../store/newest-actions.ts';
import { bookRootOf, type CommandContext } from '../context.ts';
import { noteElsewhere } from '../elsewhere.ts';
import { noteEmpty } from '../empty-book.ts';
import { parseCount } from '../options.ts';
import { parseSince } from '../since.ts';
import { actionsHead, formatActions } from '../text/action-rows.ts';

/** `daybook actions [n]`: the newest n actions, read from the end of the log, or those that fulfil conditions. */
export async function run(context: CommandContext<'actions'>): Promise<undefined> {
  const { out } = context;
  const count = parseCount(context.arguments[0] ?? '10', 'the number of actions', { most: 1_000_000 });
  const root = bookRootOf(context);
  const records = await recordsOf(root, count, context);
  if (context.json && records.length === 0) await noteElsewhere(root, out);
  if (context.json) return out.printJson(records.map(({ raw }) => raw));
  if (records.length === 0) {
    if (!isNarrowed(context.options)) return noteEmpty('actions', root, out);
    out.note('No action fulfils these conditions.');
    return undefined;
  }
  out.note(actionsHead(out));
  for (const line of formatActions(records, out)) out.print(line);
  return undefined;
}

async function recordsOf(
  root: string,
  limit: number,
  context: CommandContext<'actions'>,
): Promise<ActionRecord[]> {
  const { options, clock } = context;
  const { type: types, status, since, grep: text, lines } = options;
  if (isNarrowed(options)) {
    const sinceUs = parseSince(since, clock.nowUs());
    const choice = { limit, types, statuses: statusesOf(status), sinceUs, text, lines };
    return matchingActions(root, choice, { build: daybookBuild });
  }
  if (lines) return (await newestActions(root, limit)).records;
  return (await listNewestActions(root, limit)).map(({ record }) => record);
}

function isNarrowed({ type, status, since, grep }: CommandContext<'actions'>['options']): boolean {
  return type.length + status.length > 0 || since !== undefined || grep !== undefined;
}
