import { tryCodeGit } from './code-repository.ts';

/**
 * Submodules with changes of their own, untracked files included: a tree holds only their commits. `env` names the
 * index that holds everything else.
 */
export async function dirtySubmodules(top: string, env: Record<string, string>): Promise<string[]> {
  // Untracked files of submodules are told only where those of the repository are looked for, too.
  const args = ['status', '--porcelain=v2', '-z', '--ignore-submodules=none', '--untracked-files=normal'];
  const { ok, stdout } = await tryCodeGit(top, args, { env });
  if (!ok) return [];
  return stdout
    .split('\0')
    .map((entry) => /^1 \S+ S\S*[MU]\S* \S+ \S+ \S+ \S+ \S+ (.+)$/s.exec(entry)?.[1])
    .filter((path) => path !== undefined);
}
