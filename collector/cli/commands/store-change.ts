import { DaybookError } from '../../base/errors.ts';
import { plural } from '../../base/format/words.ts';
import { visibleText } from '../../base/terminal.ts';
import type { CommandContext, World } from '../context.ts';
import { withStore } from '../store-options.ts';

/** `daybook store tag <version> <tag …>`. */
export async function run(context: CommandContext<'store tag'>): Promise<undefined> {
  const [version, ...tags] = context.arguments;
  const all = await withStore(context, (versions) => versions.tag(version, tags));
  return printTags(context, version, all);
}

/** `daybook store untag <version> <tag …>`. */
export async function runUntag(context: CommandContext<'store untag'>): Promise<undefined> {
  const [version, ...tags] = context.arguments;
  const all = await withStore(context, (versions) => versions.untag(version, tags));
  return printTags(context, version, all);
}

/** `daybook store delete <version …>`. */
export async function runDelete(context: CommandContext<'store delete'>): Promise<undefined> {
  const { out } = context;
  const result = await withStore(context, async (versions) => {
    const removed: string[] = [];
    const rebased: string[] = [];
    // All are looked for before the first goes: a misspelt name deletes nothing.
    if (context.arguments.length > 1) for (const name of context.arguments) await versions.find(name);
    for (const name of context.arguments) {
      const done = await versions.delete(name);
      removed.push(...done.removed);
      rebased.push(...done.rebased);
    }
    return { removed, rebased: rebased.filter((name) => !removed.includes(name)) };
  });
  if (context.json) return out.printJson(result);
  if (context.quiet) return undefined;
  for (const name of result.removed) out.print(`${out.palette.good('deleted')} ${visibleText(name)}`);
  if (result.rebased.length > 0)
    out.note(`${plural(result.rebased.length, 'version')} that led on from it stored again`);
  return undefined;
}

/** `daybook store clear --yes`. */
export async function runClear(context: CommandContext<'store clear'>): Promise<undefined> {
  const { out } = context;
  if (!context.options.yes)
    throw new DaybookError('usage', 'store clear deletes every version and needs --yes.', {
      hint: 'daybook store export --all --out versions.tar.gz keeps them first.',
    });
  const removed = await withStore(context, (versions) => versions.clear());
  if (context.json) return out.printJson({ removed });
  if (context.quiet) return undefined;
  return out.print(`${out.palette.good('deleted')} ${plural(removed.length, 'version')}`);
}

function printTags(context: World, version: string, tags: string[]): undefined {
  const { out } = context;
  if (context.json) return out.printJson({ version, tags });
  if (context.quiet) return undefined;
  const text = tags.length === 0 ? out.palette.faint('no tags') : tags.map(visibleText).join(', ');
  return out.print(`${visibleText(version)}: ${text}`);
}
