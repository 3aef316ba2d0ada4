import { resolve } from 'node:path';
import { saidBy, tryGit } from '../../base/git.ts';

/** The work tree a book lies in. */
export interface WorkTree {
  /** Top folder of the work tree. */
  top: string;
  gitFolder: string;
  /** The folder that all work trees of the repository share. */
  commonFolder: string;
  /** The book's folder inside the work tree: "" or "path/to/book/". */
  prefix: string;
  /** Whether the repository holds only part of its history, as clones of CI do. */
  isShallow: boolean;
  /**
   * The index of a book that lies on a branch of its own: it remembers what that branch has, and the user's index is not
   * asked. Undefined where the book lies on the branch that is checked out.
   */
  ownIndex?: string | undefined;
}

/** The work tree around a folder; undefined where there is none, with what git said. */
export async function findWorkTree(root: string): Promise<{ tree?: WorkTree; said: string }> {
  const asked = ['--show-toplevel', '--absolute-git-dir', '--git-common-dir'];
  const found = await tryGit(root, ['rev-parse', ...asked, '--is-shallow-repository', '--show-prefix']);
  if (!found.ok) return { said: saidBy(found) };
  const [top = '', gitFolder = '', common = '', shallow, prefix = ''] = found.stdout.split('\n');
  const tree = { top, gitFolder, commonFolder: resolve(root, common), prefix, isShallow: shallow === 'true' };
  return { tree, said: '' };
}

/** What git has to be told so that it asks the index of the book. */
export function indexOf({ ownIndex }: Pick<WorkTree, 'ownIndex'>): Record<string, string> {
  return ownIndex === undefined ? {} : { GIT_INDEX_FILE: ownIndex };
}
