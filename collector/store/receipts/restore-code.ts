import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DaybookError, messageOf } from '../../base/errors.ts';
import { saidBy } from '../../base/git.ts';
import type { JsonObject } from '../../base/json/json.ts';
import { jsonText } from '../../base/json/text.ts';
import { makeWorkFolder } from '../../base/work-folder.ts';
import { innerRepositories } from '../../formats/receipts/code.ts';
import type { ReceiptRepository } from '../../formats/receipts/record.ts';
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
const maxDepth = 10;

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
  const inner = innerRepositories(recorded);
  return writeTree(repository, { tree, patch: patchBytes(recorded.raw) }, into, {
    inner,
    prefix: '',
    depth: 0,
  });
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

/** A repository that objects are taken from: also one whose work tree is not checked out. */
type Source = Pick<CodeRepository, 'top' | 'common' | 'objects'> & { env?: Record<string, string> };

async function writeTree(
  repository: Source,
  { tree, patch }: { tree: string; patch: Buffer | undefined },
  into: string,
  at: Place,
): Promise<RestoredCode> {
  const folder = makeWorkFolder('restore');
  try {
    // Objects that a patch brings are wanted for the moment only.
    const env = {
      ...(repository.env && { ...repository.env, GIT_WORK_TREE: folder }),
      GIT_INDEX_FILE: join(folder, 'index'),
      GIT_OBJECT_DIRECTORY: folder,
      GIT_ALTERNATE_OBJECT_DIRECTORIES: jsonText(repository.objects),
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
      missing: await restoreModules(repository, modules, into, at),
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

/** Where in the outermost repository one is, and what the receipt says of those inside of it. */
interface Place {
  inner: ReadonlyMap<string, JsonObject>;
  prefix: string;
  depth: number;
}

async function restoreModules(
  outer: Source,
  lines: string[],
  into: string,
  at: Place,
): Promise<RestoredCode['missing']> {
  const missing: RestoredCode['missing'] = [];
  for (const line of lines) {
    const [, commit, path] = /^160000 ([0-9a-f]+) \d\t(.+)$/s.exec(line) ?? [];
    if (commit === undefined || path === undefined) continue;
    const place = { ...at, prefix: `${at.prefix}${path}/`, depth: at.depth + 1 };
    const recorded = at.inner.get(at.prefix + path);
    const lost = recorded?.['missing'];
    const why =
      typeof lost === 'string'
        ? `it was not recorded: ${lost}`
        : await restoreModule(outer, path, { commit, recorded }, join(into, path), place).catch(messageOf);
    if (typeof why === 'string') missing.push({ path, why: why.replace(/\.$/, '') });
    else missing.push(...why.missing.map((each) => ({ ...each, path: `${path}/${each.path}` })));
  }
  return missing;
}

async function restoreModule(
  outer: Source,
  path: string,
  { commit, recorded }: { commit: string; recorded: JsonObject | undefined },
  into: string,
  place: Place,
): Promise<RestoredCode> {
  if (place.depth > maxDepth) throw new DaybookError('git', `more than ${maxDepth} levels of submodules`);
  const source = await openModule(outer, path);
  const patch = recorded && patchBytes(recorded);
  // With a patch the commit that stands for it was never made.
  const from = patch === undefined ? commit : String(recorded?.['tree']);
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${from}^{tree}`];
  const found = await tryCodeGit(source.top, args, source.env && { env: source.env });
  if (!found.ok) throw new DaybookError('not-found', `the submodule does not have ${from}`);
  return writeTree(source, { tree: found.stdout.trim(), patch }, into, place);
}

/** The repository of a submodule: where it is checked out, or what git keeps of one that is not any more. */
async function openModule(outer: Source, path: string): Promise<Source> {
  const folder = join(outer.top, path);
  if (outer.env === undefined && existsSync(join(folder, '.git'))) return openCodeRepository(folder);
  const kept = join(outer.common, 'modules', path);
  if (!existsSync(join(kept, 'objects')))
    throw new DaybookError('not-found', 'the submodule is not checked out in the repository');
  const env = { GIT_DIR: kept, GIT_WORK_TREE: kept };
  return { top: kept, common: kept, objects: join(kept, 'objects'), env };
}
