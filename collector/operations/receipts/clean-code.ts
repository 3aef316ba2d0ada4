import { DaybookError, messageOf } from '../../base/errors.ts';
import { plural } from '../../base/format/words.ts';
import { showText } from '../../base/show.ts';
import type { DirtyRule } from '../../formats/config/config.ts';
import { type DirtyTree, dirtyTree } from '../../store/receipts/dirty-code.ts';

/**
 * Looks whether the work trees around some absolute folders are clean, before they are recorded: `refuse` throws for one that is not,
 * `warn` tells `warn` of it, `allow` does not look.
 * @throws DaybookError `dirty` with what is not committed; `git` where it cannot be told.
 */
export async function checkClean(
  root: string,
  folders: Iterable<string>,
  rule: DirtyRule,
  warn: (text: string) => void,
): Promise<void> {
  if (rule === 'allow') return;
  const seen = new Set<string>();
  for (const folder of folders) {
    try {
      const tree = await dirtyTree(folder, root);
      if (tree.files.length === 0 || seen.has(tree.top)) continue;
      seen.add(tree.top);
      throw dirtyError(tree);
    } catch (error) {
      if (rule === 'refuse' || !(error instanceof DaybookError)) throw error;
      warn(
        error.code === 'dirty'
          ? error.message.replace(
              /^Expected a clean work tree at (.*?), found/s,
              'The work tree at $1 is not clean:',
            )
          : `whether the work tree is clean cannot be told: ${messageOf(error)}`,
      );
    }
  }
}

const maxListed = 20;

function dirtyError({ top, files }: DirtyTree): DaybookError {
  const listed = files.slice(0, maxListed).map(({ path, how }) => `${showText(path, 200)} (${how})`);
  const rest = files.length - listed.length;
  const more = rest > 0 ? ` and ${rest} more` : '';
  const what = plural(files.length, 'file');
  return new DaybookError(
    'dirty',
    `Expected a clean work tree at ${top}, found ${what} that ${files.length === 1 ? 'is' : 'are'} not committed: ${listed.join(', ')}${more}.`,
    {
      where: top,
      hint: 'Commit them, or ignore in .gitignore what is no code; --warn-dirty goes on and says so.',
    },
  );
}
