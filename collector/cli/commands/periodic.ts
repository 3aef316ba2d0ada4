import { visibleText } from '../../base/terminal.ts';
import { takePeriodic } from '../../operations/snapshots/take.ts';
import { checkTree } from '../check-tree.ts';
import { bookRootOf, type CommandContext } from '../context.ts';
import { formatStatus, paintStatus } from '../text/values.ts';

/** `daybook periodic`: takes a snapshot with all probes. */
export async function run(context: CommandContext<'periodic'>): Promise<undefined> {
  const { out } = context;
  const root = bookRootOf(context);
  await checkTree(context, { root });
  out.progress('probing …');
  const { id, file, snapshot } = await takePeriodic({ root });
  out.progress();
  if (context.json) return out.printJson(snapshot);
  if (context.quiet) return undefined;
  const { faint, good } = out.palette;
  const health = String(snapshot.system_state.health ?? 'unknown');
  out.print(
    `${good('taken')} ${id} ${paintStatus(health, out.palette)(formatStatus(health))} ${faint(file)}`,
  );
  const reasons = snapshot.system_state['health_reasons'];
  for (const reason of Array.isArray(reasons) ? reasons : [])
    out.print(`  ${faint('because')} ${visibleText(String(reason))}`);
  return undefined;
}
