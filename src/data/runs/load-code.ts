import { join } from 'node:path';
import type * as Collector from '../../../collector/read.ts';
import { findShapes } from '../secret-shapes.ts';
import {
  type CodeChange,
  type CodeChanges,
  type CodePatchText,
  type CommitChanges,
  codeKey,
  repositoriesOf,
} from './code-changes.ts';
import type { ReceiptRepository, RunsSummary } from './types.ts';

const maxRuns = 400;
/** Trees of one repository that are compared with one another; their number grows with the square of it. */
const maxTrees = 8;
/** Beyond these each is compared with the next newer one alone, so far back. */
const maxSteps = 64;
const maxRepositories = 8;
const maxFiles = 200;
/** Characters of one patch, and of all together: they travel to whoever compares any two runs. */
const maxPatch = 48 * 1024;
const maxAllPatches = 1024 * 1024;
const noRoom: CodePatchText = { state: 'long', text: '' };

/**
 * Which files differ between the code of the newest runs: each pair of their newest trees, and older ones step by step, as far as the repository is
 * in the book and still has them. Runs that share their code cost nothing.
 */
export async function loadCodeChanges(
  root: string,
  codeDifference: typeof Collector.codeDifference,
  runs: RunsSummary,
  codePatch?: typeof Collector.codePatch,
): Promise<CodeChanges> {
  const known: CodeChanges = Object.create(null);
  let room = maxAllPatches;
  const places = [...idsOf(runs, codeKey)].slice(0, maxRepositories);
  for (const [path, trees] of places) {
    const newest = [...trees].slice(0, maxTrees);
    for (const [at, after] of newest.entries()) {
      for (const before of newest.slice(at + 1)) {
        const { known: isKnown, files } = await codeDifference(join(root, path), before, after);
        if (!isKnown) continue;
        const patch =
          codePatch === undefined || files.length === 0
            ? undefined
            : await patchText(
                () => codePatch(join(root, path), before, after, files, { maxBytes: maxPatch }),
                room,
              );
        room -= patch?.text.length ?? 0;
        known[`${before} ${after}`] = { ...(patch === undefined ? {} : { patch }), ...changeOf(files) };
      }
    }
    await followBack([...trees].slice(maxTrees - 1, maxSteps), async (before, after) => {
      const { known: isKnown, files } = await codeDifference(join(root, path), before, after);
      // Patches are for the newest alone.
      const patch = codePatch !== undefined && files.length > 0 && { patch: noRoom };
      if (isKnown) known[`${before} ${after}`] = { ...patch, ...changeOf(files) };
      return isKnown;
    });
  }
  return known;
}

/** From each tree to the one before it: in a sweep many differ in nothing but what was recorded meanwhile. */
async function followBack(
  trees: readonly string[],
  look: (before: string, after: string) => Promise<boolean>,
): Promise<void> {
  for (const [at, before] of trees.slice(1).entries()) if (!(await look(before, trees[at]!))) return;
}

function changeOf(files: Awaited<ReturnType<typeof Collector.codeDifference>>['files']): CodeChange {
  return {
    count: files.length,
    files: files.slice(0, maxFiles).map((file) => ({
      path: file.path,
      change: file.change,
      lines: file.addedLines === undefined ? '' : `+${file.addedLines} −${file.removedLines ?? 0}`,
    })),
  };
}

async function patchText(
  read: () => ReturnType<typeof Collector.codePatch>,
  room: number,
): Promise<CodePatchText | undefined> {
  if (room < maxPatch) return noRoom;
  const found = await read();
  if (found === undefined) return undefined;
  // Pages go to more people than code does.
  if (findShapes(found.text).length > 0) return { state: 'secret', text: '' };
  return { state: found.truncated ? 'cut' : 'whole', text: found.text };
}

/**
 * Which commits lie between the newest commits that runs were made from, as far as the repository is in the book and still
 * has them.
 */
export async function loadCommitChanges(
  root: string,
  commitsBetween: typeof Collector.commitsBetween,
  runs: RunsSummary,
): Promise<CommitChanges> {
  const known: CommitChanges = Object.create(null);
  const places = [...idsOf(runs, ({ head, commit }) => head ?? commit)].slice(0, maxRepositories);
  for (const [path, commits] of places) {
    const newest = [...commits].slice(0, maxTrees);
    for (const [at, after] of newest.entries()) {
      for (const before of newest.slice(at + 1)) {
        const found = await commitsBetween(join(root, path), before, after);
        if (found !== undefined) known[`${before} ${after}`] = found;
      }
    }
  }
  return known;
}

/**
 * What stands for the code of runs by the folder of their repository, that of the newest runs first; folders outside of
 * the book are left alone.
 */
function idsOf(
  runs: RunsSummary,
  pick: (repository: ReceiptRepository) => string | undefined,
): Map<string, Set<string>> {
  const places = new Map<string, Set<string>>();
  for (const { slug, more } of runs.views.slice(0, maxRuns)) {
    // Most runs were made from no code that is known; of those nothing is read.
    if (!runs.hasReceipt(slug) && !Object.hasOwn(more, 'commit')) continue;
    const details = runs.detailsOf(slug);
    for (const repository of details === undefined ? [] : Object.values(repositoriesOf(details))) {
      const path = repository.path ?? '.';
      const tree = pick(repository);
      if (tree === undefined || /^[/\\]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)|\0/.test(path)) continue;
      const trees = places.get(path) ?? new Set();
      places.set(path, trees.add(tree));
    }
  }
  return places;
}
