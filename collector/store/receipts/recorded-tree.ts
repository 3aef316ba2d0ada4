import { codeKeyOf } from '../../formats/receipt-code.ts';
import type { ReceiptRepository } from '../../formats/receipt-record.ts';
import { patchBytes } from './code-patch.ts';
import { tryCodeGit } from './code-repository.ts';
import type { WorkTree } from './work-tree.ts';

let made = 0;

/**
 * Makes the objects of a recorded work tree where the receipt has HEAD and a patch instead of a shadow commit; they go
 * where those of the open work tree are, not into the repository. Nothing happens where that cannot be done: then the
 * tree is unknown.
 */
export async function makeRecordedTree(tree: WorkTree, repository: ReceiptRepository): Promise<void> {
  const patch = patchBytes(repository.raw);
  if (patch === undefined || repository.tree === undefined || codeKeyOf(repository) === repository.tree)
    return;
  if (!/^[0-9a-f]{40,64}$/.test(repository.tree)) return;
  made += 1;
  const env = { ...tree.env, GIT_INDEX_FILE: `${tree.env['GIT_INDEX_FILE']}-${made}` };
  const read = await tryCodeGit(tree.top, ['read-tree', repository.tree], { env });
  if (!read.ok) return;
  const args = ['-c', 'core.whitespace=', 'apply', '--cached', '--binary', '--whitespace=nowarn', '-'];
  const applied = await tryCodeGit(tree.top, args, { env, input: patch });
  if (applied.ok) await tryCodeGit(tree.top, ['write-tree'], { env });
}
