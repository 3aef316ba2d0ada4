import { isAbsolute, join, relative } from 'node:path';
import { saidBy, tryGit } from '../../base/git.ts';
import { headState } from '../../base/git-head.ts';
import { type GitTrouble, gitTrouble, gitTroubleOf, isInRepository } from '../../base/git-trouble.ts';
import { bookPath } from '../../base/paths.ts';
import type { Finding } from '../../formats/findings/finding.ts';
import type { Repair } from '../../store/quarantine.ts';
import { findSyncLeftovers, removeSyncLeftovers } from './leftovers.ts';
import { type Obstacle, obstaclesHere } from './obstacles.ts';
import { findWorkTree, type WorkTree } from './work-tree.ts';

/**
 * What git will not let be published of a book, and what killed syncs left in its folder; nothing outside of a work tree.
 * Writes nothing.
 */
export async function examineGit(root: string): Promise<Finding[]> {
  const refused: Finding[] = [];
  const tree = await workTreeOf(root, (finding) => refused.push(finding));
  if (tree === undefined) return refused;
  const damage = await damageOf(root);
  // What the rules of git would do is only known where it answers.
  const obstacles = await obstaclesHere(tree).catch((error) => {
    if (damage.length > 0) return [];
    throw error;
  });
  const { files, refs } = await findSyncLeftovers(tree);
  return [
    ...damage.map(refusal),
    ...obstacles.map((obstacle) => unpublished(root, tree, obstacle)),
    ...[...files.map((file) => bookPath(root, file)), ...refs].map(leftover),
  ];
}

/** Takes away what killed syncs left in git's folder and no living process holds. */
export async function repairGit(root: string): Promise<Repair[]> {
  const tree = await workTreeOf(root);
  if (tree === undefined) return [];
  const leftovers = await findSyncLeftovers(tree);
  await removeSyncLeftovers(tree, leftovers);
  const repairs = [...leftovers.files.map((file) => bookPath(root, file)), ...leftovers.refs];
  return repairs.map((file) => ({
    file,
    did: 'removed what a killed sync had left; it holds no record',
    original: null,
  }));
}

/** Undefined also where git is not installed or refuses: the book is whole without it. */
async function workTreeOf(
  root: string,
  report: (finding: Finding) => void = () => {},
): Promise<WorkTree | undefined> {
  if (!isInRepository(root)) return undefined;
  try {
    const { tree, said } = await findWorkTree(root);
    if (tree === undefined) report(refusal(gitTrouble(said, root)));
    return tree;
  } catch (error) {
    report(refusal(gitTroubleOf(error, root)));
    return undefined;
  }
}

/** What git stumbles over in what every snapshot asks it: HEAD, and what is not committed. */
async function damageOf(root: string): Promise<GitTrouble[]> {
  const head = await headState(root);
  if (head.kind === 'broken') return [gitTrouble(head.said, root)];
  const status = await tryGit(root, ['--no-optional-locks', 'status', '--porcelain', '--untracked-files=no']);
  return status.ok ? [] : [gitTrouble(saidBy(status), root)];
}

/** There is a repository, and git does not open all of it: snapshots, receipts and sync lack it. */
function refusal({ found, remedy }: GitTrouble): Finding {
  const expected = 'a repository that git opens';
  return { code: 'git-refuses', severity: 'warning', file: '.git', expected, found, hint: remedy };
}

function unpublished(
  root: string,
  { top }: WorkTree,
  { rule, does, file, line, paths, remedy }: Obstacle,
): Finding {
  const shown = paths.map((path) => relative(root, join(top, path)) || path);
  const more = shown.length > 1 ? ` and ${shown.length - 1} more` : '';
  const place = file === undefined ? shown[0]! : isAbsolute(file) ? file : relative(root, join(top, file));
  return {
    code: 'unpublished',
    severity: 'warning',
    file: place,
    ...(line === undefined ? {} : { line }),
    expected: 'every file of the book can be committed',
    found: `${rule} ${does} ${shown[0]}${more}`,
    hint: remedy,
  };
}

function leftover(file: string): Finding {
  return {
    code: 'leftover',
    severity: 'note',
    file,
    expected: 'no unfinished files',
    found: 'what a sync left that was killed; it holds no record',
    hint: 'The next `daybook sync`, or `daybook doctor --repair`, takes it away.',
  };
}
