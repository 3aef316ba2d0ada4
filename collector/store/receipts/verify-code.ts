import { isAbsolute, join } from 'node:path';
import { isInside } from '../../base/paths.ts';
import { codeKeyOf, recordedDirty } from '../../formats/receipt-code.ts';
import type { EntryVerdict, ReceiptContent, ReceiptRepository } from '../../formats/receipt-record.ts';
import type { CodeDifference } from './code-difference.ts';
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
  const verdict: Verdict =
    recorded === tree.tree
      ? { state: 'unchanged', why: reservation(repository), files: [] }
      : judge(await session.difference(tree, repository));
  return withSubmodules(verdict, repository, tree.dirtySubmodules);
}

/** A tree holds the commits of submodules only: what was or is changed inside of them is judged here. */
function withSubmodules(verdict: Verdict, repository: ReceiptRepository, dirty: readonly string[]): Verdict {
  if (verdict.state !== 'unchanged') return verdict;
  const recorded = recordedDirty(repository);
  const own = dirty.filter((path) => !recorded.includes(path));
  if (own.length > 0) {
    const files = own.slice(0, mostFiles).map((path) => ({ path, change: 'changed' as const }));
    return { state: 'changed', why: 'files inside of submodules are not as committed', files };
  }
  return recorded.length === 0 ? verdict : uncheckable('changes inside of submodules were not recorded');
}

/** What a matching tree does not cover. */
function reservation({ raw }: ReceiptRepository): string | undefined {
  const leftOut = raw['left_out'];
  return Array.isArray(leftOut) && leftOut.length > 0
    ? 'but repositories inside of it were not recorded'
    : undefined;
}

function judge(difference: CodeDifference): Verdict {
  const { known, files, leftOut } = difference;
  if (!known) {
    return uncheckable(difference.why ?? 'nothing of it is known here');
  }
  if (files.length === 0) {
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
