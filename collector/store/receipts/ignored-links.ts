import { isAbsolute, join } from 'node:path';
import { codeKeyOf, ignoresInner } from '../../formats/receipts/code.ts';
import type { ReceiptContent, ReceiptRepository } from '../../formats/receipts/record.ts';
import { objectId, tryLiteral } from './code-parts.ts';
import { openCodeRepository } from './code-repository.ts';

/**
 * Paths of the submodules in the trees that two receipts name where one of them says nothing of what was changed inside
 * of submodules, by the name of the repository. A tree that is not at hand tells of none.
 */
export async function ignoredLinks(
  root: string,
  before: ReceiptContent,
  after: ReceiptContent,
): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  for (const [name, old] of Object.entries(before.repos)) {
    const now = Object.hasOwn(after.repos, name) ? after.repos[name] : undefined;
    if (now === undefined) continue;
    const links = new Set<string>();
    for (const each of [old, now])
      if (ignoresInner(each)) for (const path of await linksIn(root, each)) links.add(path);
    if (links.size > 0) found.set(name, [...links]);
  }
  return found;
}

async function linksIn(root: string, repository: ReceiptRepository): Promise<string[]> {
  const id = codeKeyOf(repository);
  const path = repository.path ?? '.';
  if (id === undefined || !objectId.test(id)) return [];
  const opened = await openCodeRepository(isAbsolute(path) ? path : join(root, path)).catch(() => undefined);
  if (opened === undefined) return [];
  const listed = await tryLiteral(opened.top, ['ls-tree', '-r', '-z', '--full-tree', id]);
  if (!listed.ok) return [];
  return listed.stdout
    .split('\0')
    .flatMap((line) => /^160000 commit [0-9a-f]+\t(.+)$/s.exec(line)?.[1] ?? []);
}
