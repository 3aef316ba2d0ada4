import { isAbsolute, join } from 'node:path';
import { isInside } from '../../base/paths.ts';
import { codeKeyOf, type UncoveredCode } from '../../formats/receipt-code.ts';
import type { EntryVerdict, ReceiptContent, ReceiptRepository } from '../../formats/receipt-record.ts';
import type { CodeDifference } from './code-difference.ts';
import { isUncovered, sayUncovered, uncoveredParts } from './uncovered-code.ts';
import type { VerifySession } from './verify-session.ts';

/** At most so many files are named. */
export const mostFiles = 200;

/** Whether the code of each repository is still what was recorded: its tree against that of the work tree. */
export async function verifyCode(content: ReceiptContent, session: VerifySession): Promise<EntryVerdict[]> {
  const entries: EntryVerdict[] = [];
  for (const [name, repository] of Object.entries(content.repos))
    entries.push({ part: 'code', name, ...(await verifyRepository(repository, session)) });
  return entries;
}

type Verdict = Omit<EntryVerdict, 'part' | 'name'>;

const uncheckable = (why: string): Verdict => ({ state: 'uncheckable', why, files: [] });

async function verifyRepository(repository: ReceiptRepository, session: VerifySession): Promise<Verdict> {
  const recorded = codeKeyOf(repository);
  if (recorded === undefined) return uncheckable('the receipt names neither tree nor commit');
  const path = repository.path ?? '.';
  const folder = isAbsolute(path) ? path : join(session.root, path);
  const isOutside = !isInside(session.root, folder);
  if (isOutside && session.isBounded)
    return uncheckable(`${path} lies outside of the book; run daybook verify`);
  const tree = await session.workTree(folder);
  if (!('tree' in tree)) {
    if (tree.state === 'missing' && !isOutside)
      return { state: 'missing', why: `there is no folder at ${path}`, files: [] };
    if (tree.state === 'none') return uncheckable(`no git repository is around ${path}`);
    return uncheckable(tree.state === 'missing' ? `${path} is not on this machine` : tree.why);
  }
  const parts = uncoveredParts(repository, tree);
  const isSame = recorded === tree.tree;
  const difference = isSame ? undefined : await session.difference(tree, repository);
  return judge(difference, parts);
}

/** Of parts of which nothing is known no file counts; whatever else there is, they are not the same. */
function judge(difference: CodeDifference | undefined, parts: readonly UncoveredCode[]): Verdict {
  if (difference?.known === false) return uncheckable(difference.why ?? 'nothing of it is known here');
  const leftOut = difference?.leftOut ?? 0;
  const files = (difference?.files ?? []).filter(({ path }) => !isUncovered(path, parts));
  if (files.length === 0) {
    if (parts.length > 0) return uncheckable(sayUncovered(parts));
    const why =
      leftOut === 0 ? undefined : 'what differs are results of runs, or left out by include and exclude';
    return { state: 'unchanged', why, files: [] };
  }
  const count = files.length === 1 ? '1 file differs' : `${files.length} files differ`;
  return {
    state: 'changed',
    why: count,
    files: files.slice(0, mostFiles).map(({ path, change }) => ({ path, change })),
  };
}
