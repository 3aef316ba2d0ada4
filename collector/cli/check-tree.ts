import { resolve } from 'node:path';
import { DaybookError } from '../base/errors.ts';
import type { DirtyRule } from '../formats/config/config.ts';
import { bookRootOf, type With } from './context.ts';
import type { treeOptions } from './tables/receipts.ts';
import { warn } from './warn.ts';

/** The rule that the options state; undefined where they state none. @throws DaybookError `usage` for both. */
export function dirtyRuleOf({ options }: With<typeof treeOptions>): DirtyRule | undefined {
  const [refuse, warns] = [options['require-clean'], options['warn-dirty']];
  if (refuse && warns)
    throw new DaybookError('usage', '--require-clean refuses what --warn-dirty lets pass.', {
      hint: 'Leave one of them out.',
    });
  return refuse ? 'refuse' : warns ? 'warn' : undefined;
}

/** Looks at the work trees that a command is about to record: those around the folders, else the one it is started in. */
export async function checkTree(
  context: With<typeof treeOptions>,
  { root, folders, rule }: { root?: string; folders?: Iterable<string>; rule?: DirtyRule } = {},
): Promise<void> {
  const asked = dirtyRuleOf(context);
  const named = [...(folders ?? [])].map((path) => resolve(context.cwd, path));
  const wanted = asked ?? (named.length > 0 ? rule : undefined) ?? 'allow';
  if (wanted === 'allow') return;
  const { checkClean } = await import('../operations/receipts/clean-code.ts');
  await checkClean(root ?? rootOr(context), named.length > 0 ? named : [context.cwd], wanted, (text) =>
    warn(context, text),
  );
}

/** Where there is no book, there is nothing of it in the work tree. */
function rootOr(context: With<typeof treeOptions>): string {
  try {
    return bookRootOf(context);
  } catch (error) {
    if (error instanceof DaybookError && error.code === 'no-book') return context.cwd;
    throw error;
  }
}
