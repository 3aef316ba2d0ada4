import { saidBy, tryGit } from '../../base/git.ts';

/** The work tree a book lies in. */
export interface WorkTree {
  /** Top folder of the work tree. */
  top: string;
  gitFolder: string;
  /** The book's folder inside the work tree: "" or "path/to/book/". */
  prefix: string;
}

/** The work tree around a folder; undefined where there is none, with what git said. */
export async function findWorkTree(root: string): Promise<{ tree?: WorkTree; said: string }> {
  const folders = await tryGit(root, ['rev-parse', '--show-toplevel', '--absolute-git-dir', '--show-prefix']);
  if (!folders.ok) return { said: saidBy(folders) };
  const [top = '', gitFolder = '', prefix = ''] = folders.stdout.split('\n');
  return { tree: { top, gitFolder, prefix }, said: '' };
}
