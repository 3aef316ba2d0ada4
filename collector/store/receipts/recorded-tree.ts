import type { JsonObject } from '../../base/json/json.ts';
import { codeKeyOf, innerRepositories, innerTree } from '../../formats/receipts/code.ts';
import type { ReceiptRepository } from '../../formats/receipts/record.ts';
import type { InnerTrees } from './code-parts.ts';
import { patchBytes } from './code-patch.ts';
import { tryCodeGit } from './code-repository.ts';
import type { WorkTree } from './work-tree.ts';

let made = 0;

/**
 * Makes the objects of a recorded work tree where the receipt has HEAD and a patch instead of a shadow commit, and those
 * of repositories inside of it; they go where those of the open work tree are, not into the repositories. Nothing happens
 * where that cannot be done: then the tree is unknown.
 */
export async function makeRecordedTree(tree: WorkTree, repository: ReceiptRepository): Promise<void> {
  if (codeKeyOf(repository) !== repository.tree) await makeTree(tree.top, tree.env, repository.raw);
  for (const [path, entry] of innerRepositories(repository)) {
    const inner = tree.inner.get(path);
    if (inner !== undefined && innerTree(entry) !== entry['tree'])
      await makeTree(inner.folder, inner.env, entry);
  }
}

async function makeTree(top: string, outer: Record<string, string>, raw: JsonObject): Promise<void> {
  const patch = patchBytes(raw);
  const { tree } = raw;
  if (patch === undefined || typeof tree !== 'string' || !/^[0-9a-f]{40,64}$/.test(tree)) return;
  made += 1;
  const env = { ...outer, GIT_INDEX_FILE: `${outer['GIT_INDEX_FILE']}-${made}` };
  const read = await tryCodeGit(top, ['read-tree', tree], { env });
  if (!read.ok) return;
  const args = ['-c', 'core.whitespace=', 'apply', '--cached', '--binary', '--whitespace=nowarn', '-'];
  const applied = await tryCodeGit(top, args, { env, input: patch });
  if (applied.ok) await tryCodeGit(top, ['write-tree'], { env });
}

/** The trees of the repositories inside of a recorded one, by path. */
export function recordedInner(repository: ReceiptRepository): Map<string, string> {
  const trees = new Map<string, string>();
  for (const [path, entry] of innerRepositories(repository)) {
    const tree = innerTree(entry);
    if (tree !== undefined) trees.set(path, tree);
  }
  return trees;
}

/** What a comparison of a recorded repository with its work tree needs to know of those inside. */
export function innerTreesOf(recorded: ReceiptRepository, { inner }: WorkTree): InnerTrees {
  return {
    before: recordedInner(recorded),
    after: new Map([...inner].map(([path, { tree }]) => [path, tree])),
    env: (path) => inner.get(path)?.env,
  };
}
