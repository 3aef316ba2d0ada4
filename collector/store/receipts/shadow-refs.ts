import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DaybookError } from '../../base/errors.ts';
import { saidBy } from '../../base/git.ts';
import { type CodeRepository, runCodeGit, tryCodeGit } from './code-repository.ts';

/** A ref that keeps the code of a run. */
export interface ShadowRef {
  ref: string;
  commit: string;
  /** When it was written, milliseconds since 1970; 0 where git has packed it away with others. */
  writtenAtMs: number;
}

/** The refs of shadow commits of a repository, ours and FlexLock's. */
export async function listShadowRefs({ top, common }: CodeRepository): Promise<ShadowRef[]> {
  const args = [
    'for-each-ref',
    '--format=%(refname) %(objectname)',
    'refs/daybook/runs/',
    'refs/flexlock/runs/',
  ];
  const text = await runCodeGit(top, args);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [ref, commit] = line.split(' ') as [string, string];
      return {
        ref,
        commit,
        writtenAtMs: statSync(join(common, ref), { throwIfNoEntry: false })?.mtimeMs ?? 0,
      };
    });
}

/** Removes refs, all or none, each only where it still is what it was. @throws DaybookError `git`. */
export async function removeShadowRefs({ top }: CodeRepository, refs: readonly ShadowRef[]): Promise<void> {
  if (refs.length === 0) return;
  const input = refs.map(({ ref, commit }) => `delete ${ref} ${commit}\n`).join('');
  await runCodeGit(top, ['update-ref', '--stdin'], { input });
}

/**
 * Everything that looks like the id of a commit in files that may be receipts: on all branches and in all work trees of the
 * repository, tracked or not, damaged or not. Too many rather than too few: what is named here is kept.
 */
export async function commitsNamed({ top }: CodeRepository): Promise<Set<string>> {
  const heads = await runCodeGit(top, [
    'for-each-ref',
    '--format=%(objectname)',
    'refs/heads',
    'refs/remotes',
    'refs/tags',
  ]);
  const revisions = [...new Set(heads.split('\n').filter((line) => line !== ''))];
  const commits = new Set<string>();
  for (let at = 0; at < revisions.length; at += revisionsAtOnce) {
    await collect(top, revisions.slice(at, at + revisionsAtOnce), commits);
  }
  const trees = await runCodeGit(top, ['worktree', 'list', '--porcelain']);
  for (const [, folder] of trees.matchAll(/^worktree (.+)$/gm)) {
    if (existsSync(folder!)) await collect(folder!, ['--untracked', '--no-exclude-standard'], commits);
  }
  return commits;
}

const revisionsAtOnce = 100;

/** `lock --out` takes these endings. */
const receiptFiles = ['*.lock', '*.yaml', '*.yml'];

async function collect(folder: string, where: readonly string[], commits: Set<string>): Promise<void> {
  const args = ['grep', '-h', '-o', '-a', '-E', '-e', '[0-9a-f]{40,64}', ...where, '--', ...receiptFiles];
  const result = await tryCodeGit(folder, args);
  // Without output and complaint nothing was found.
  if (!result.ok && result.stderr.trim() !== '') {
    throw new DaybookError('git', `Cannot tell which code is named: ${saidBy(result)}`, { where: folder });
  }
  for (const line of result.stdout.split('\n')) if (line !== '') commits.add(line);
}
