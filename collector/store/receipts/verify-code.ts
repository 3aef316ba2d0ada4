import { isAbsolute, join } from 'node:path';
import { isInside } from '../../base/paths.ts';
import { codeKeyOf, type UncoveredCode } from '../../formats/receipts/code.ts';
import type { EntryVerdict, ReceiptContent, ReceiptRepository } from '../../formats/receipts/record.ts';
import type { CodeDifference } from './code-difference.ts';
import type { CodeFile } from './code-parts.ts';
import { lineEndCause } from './line-ends.ts';
import { isUncovered, sayUncovered, uncoveredParts } from './uncovered-code.ts';
import type { VerifySession } from './verify-session.ts';

/** At most so many files are named. */
export const maxFiles = 200;

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
    if (tree.state === 'none') {
      const isNone = tree.why.endsWith('found none there or above it');
      return uncheckable(isNone ? `no git repository is around ${path}` : tree.why);
    }
    return uncheckable(tree.state === 'missing' ? `${path} is not on this machine` : tree.why);
  }
  const parts = uncoveredParts(repository, tree);
  const isSame = recorded === tree.tree;
  const difference = isSame ? undefined : await session.difference(tree, repository);
  return judge(difference, parts, tree.top);
}

/**
 * Of parts of which nothing is known no file counts; whatever else there is, they are not the same. Where files differ
 * and git has both sides, the work tree has moved on, and what was recorded can be brought back.
 */
async function judge(
  difference: CodeDifference | undefined,
  parts: readonly UncoveredCode[],
  top: string,
): Promise<Verdict> {
  if (difference?.known === false) return uncheckable(difference.why ?? 'nothing of it is known here');
  const leftOut = difference?.leftOut ?? 0;
  const files = (difference?.files ?? []).filter(({ path }) => !isUncovered(path, parts));
  const named = files.slice(0, maxFiles).map(({ path, change }) => ({ path, change }));
  const lost = difference?.lost.find((path) => files.some((file) => file.path === path));
  if (lost !== undefined)
    return { ...uncheckable(`${lost} differs, and what was recorded of it is not at hand`), files: named };
  if (parts.length > 0) return { ...uncheckable(sayUncovered(parts)), files: named };
  if (files.length > 0) return { state: 'moved', why: await sayFiles(files, top), files: named };
  const why =
    leftOut === 0 ? undefined : 'what differs are results of runs, or left out by include and exclude';
  return { state: 'unchanged', why, files: [] };
}

async function sayFiles(files: readonly CodeFile[], top: string): Promise<string> {
  const count = files.length === 1 ? '1 file differs' : `${files.length} files differ`;
  const turned = files.filter(({ lineEnds }) => lineEnds);
  if (turned.length === 0) return count;
  const share = turned.length === files.length ? '' : `${turned.length} of them `;
  return `${count}, ${share}only in line ends: ${await lineEndCause(join(top, turned[0]!.path))}`;
}
