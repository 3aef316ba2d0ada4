import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DaybookError, messageOf } from '../../base/errors.ts';
import { saidBy } from '../../base/git.ts';
import type { ReceiptRepository } from '../../formats/receipt-record.ts';
import { patchBytes } from './code-patch.ts';
import { type CodeRepository, openCodeRepository, runCodeGit, tryCodeGit } from './code-repository.ts';

/** Code as it was brought back. */
export interface RestoredCode {
  /** Of what was written, with the patch where there is one. */
  tree: string;
  files: number;
  /** Submodules that could not be brought back, with the reason. */
  missing: { path: string; why: string }[];
}

/** Submodules of submodules are followed so deep. */
const maxDepth = 5;

/**
 * Writes the work tree that a receipt recorded into a folder: its tree, or HEAD and the patch. The repository it comes
 * from stays as it is.
 * @throws DaybookError `git` or `not-found` with why it cannot be brought back.
 */
export async function restoreCode(
  recorded: ReceiptRepository,
  repositoryFolder: string,
  into: string,
): Promise<RestoredCode> {
  const repository = await openCodeRepository(repositoryFolder);
  const tree = await findTree(repository, recorded);
  return writeTree(repository, tree, patchBytes(recorded.raw), into, 0);
}

async function findTree(
  { top }: CodeRepository,
  { tree, commit, remote, raw }: ReceiptRepository,
): Promise<string> {
  if (typeof raw['patch_missing'] === 'string') {
    throw new DaybookError(
      'not-found',
      `The changes on top of HEAD were not recorded: ${raw['patch_missing']}.`,
    );
  }
  for (const id of [tree, commit]) {
    if (id === undefined || !/^[0-9a-f]{7,64}$/.test(id)) continue;
    const { ok, stdout } = await tryCodeGit(top, [
      'rev-parse',
      '--verify',
      '--quiet',
      '--end-of-options',
      `${id}^{tree}`,
    ]);
    if (ok) return stdout.trim();
  }
  const named = commit ?? tree ?? 'a commit';
  throw new DaybookError('not-found', `The repository at ${top} does not have ${named}.`, {
    where: top,
    hint:
      remote === undefined
        ? 'Fetch it from where the run took place, refs/daybook/* included.'
        : `Try: git fetch ${remote} 'refs/daybook/*:refs/daybook/*'`,
  });
}

async function writeTree(
  repository: CodeRepository,
  tree: string,
  patch: Buffer | undefined,
  into: string,
  depth: number,
): Promise<RestoredCode> {
  const folder = mkdtempSync(join(tmpdir(), 'daybook-restore-'));
  try {
    // Objects that a patch brings are wanted for the moment only.
    const env = {
      GIT_INDEX_FILE: join(folder, 'index'),
      GIT_OBJECT_DIRECTORY: folder,
      GIT_ALTERNATE_OBJECT_DIRECTORIES: JSON.stringify(repository.objects),
    };
    const { top } = repository;
    await runCodeGit(top, ['read-tree', tree], { env });
    if (patch !== undefined) await applyPatch(top, patch, env);
    mkdirSync(into, { recursive: true });
    await runCodeGit(top, ['checkout-index', '--all', '--force', `--prefix=${resolve(into)}/`], { env });
    const staged = (await runCodeGit(top, ['ls-files', '--stage', '-z'], { env }))
      .split('\0')
      .filter(Boolean);
    const modules = staged.filter((line) => line.startsWith('160000 '));
    return {
      tree: patch === undefined ? tree : (await runCodeGit(top, ['write-tree'], { env })).trim(),
      files: staged.length - modules.length,
      missing: await restoreModules(top, modules, into, depth),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function applyPatch(top: string, patch: Buffer, env: Record<string, string>): Promise<void> {
  const args = ['-c', 'core.whitespace=', 'apply', '--cached', '--binary', '--whitespace=nowarn', '-'];
  const result = await tryCodeGit(top, args, { env, input: patch });
  if (!result.ok)
    throw new DaybookError('git', `The recorded patch does not apply: ${saidBy(result)}`, { where: top });
}

async function restoreModules(
  top: string,
  lines: string[],
  into: string,
  depth: number,
): Promise<RestoredCode['missing']> {
  const missing: RestoredCode['missing'] = [];
  for (const line of lines) {
    const [, commit, path] = /^160000 ([0-9a-f]+) \d\t(.+)$/s.exec(line) ?? [];
    if (commit === undefined || path === undefined) continue;
    const why = await restoreModule(join(top, path), commit, join(into, path), depth + 1).catch(messageOf);
    if (typeof why === 'string') missing.push({ path, why });
    else missing.push(...why.missing.map((each) => ({ ...each, path: `${path}/${each.path}` })));
  }
  return missing;
}

async function restoreModule(
  folder: string,
  commit: string,
  into: string,
  depth: number,
): Promise<RestoredCode> {
  if (depth > maxDepth) throw new DaybookError('git', `more than ${maxDepth} levels of submodules`);
  const repository = await openCodeRepository(folder);
  const found = await tryCodeGit(folder, ['rev-parse', '--verify', '--quiet', `${commit}^{tree}`]);
  const isOwn = resolve(repository.top) === resolve(folder);
  if (!isOwn) throw new DaybookError('not-found', 'the submodule is not checked out in the repository');
  if (!found.ok) throw new DaybookError('not-found', `the submodule does not have commit ${commit}`);
  return writeTree(repository, found.stdout.trim(), undefined, into, depth);
}
