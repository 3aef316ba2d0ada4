import { relative } from 'node:path';
import { DaybookError, exitCodes } from '../../base/errors.ts';
import { plural } from '../../base/format/words.ts';
import { visibleText } from '../../base/terminal.ts';
import { restoreReceipt } from '../../operations/receipts/restore-receipt.ts';
import { bookRootOf, type CommandContext } from '../context.ts';

/** `daybook restore`: writes the code of a run into a folder. */
export async function run(context: CommandContext<'restore'>): Promise<number> {
  const { out } = context;
  const into = context.options.into;
  if (into === undefined) {
    throw new DaybookError('usage', 'Expected --into <folder>: where the code is to be written.', {
      hint: `For example: daybook restore ${context.arguments[0]} --into ../restored`,
    });
  }
  const restored = await restoreReceipt(bookRootOf(context), {
    run: context.arguments[0],
    into,
    from: context.cwd,
    force: context.options.force,
  });
  const isWhole = restored.every(({ why }) => why === undefined);
  if (context.json) out.printJson(restored);
  else {
    const { good, bad, warning, faint } = out.palette;
    for (const { name, folder, files, tree, why, missing } of restored) {
      const what = visibleText(name);
      if (folder === undefined) out.print(`${bad('not restored')} ${what}: ${visibleText(why ?? '')}`);
      else {
        const place = visibleText(relative(context.cwd, folder) || '.');
        out.print(
          `${good('restored')} ${what} ${plural(files, 'file')} to ${place} ${faint(`tree ${tree}`)}`,
        );
      }
      for (const each of missing)
        out.note(`${warning('left out')} ${visibleText(each.path)}: ${visibleText(each.why)}`);
    }
  }
  return isWhole ? exitCodes.done : exitCodes.failed;
}
