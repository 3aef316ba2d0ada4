import { join } from 'node:path';
import type * as Collector from '../../../collector/read.ts';
import { type CodeChanges, type CommitChanges, codeKey } from './code-changes.ts';
import type { ReceiptRepository, RunsSummary } from './types.ts';

const maxRuns = 400;
/** Trees of one repository that are compared with one another; their number grows with the square of it. */
const maxTrees = 8;
const maxRepositories = 8;
const maxFiles = 200;

/**
 * Which files differ between the code of the newest runs: each pair of their newest trees, as far as the repository is
 * in the book and still has them. Runs that share their code cost nothing.
 */
export async function loadCodeChanges(
  root: string,
  codeDifference: typeof Collector.codeDifference,
  runs: RunsSummary,
): Promise<CodeChanges> {
  const known: CodeChanges = Object.create(null);
  const places = [...idsOf(runs, codeKey)].slice(0, maxRepositories);
  for (const [path, trees] of places) {
    const newest = [...trees].slice(0, maxTrees);
    for (const [at, after] of newest.entries()) {
      for (const before of newest.slice(at + 1)) {
        const { known: isKnown, files } = await codeDifference(join(root, path), before, after);
        if (!isKnown) continue;
        known[`${before} ${after}`] = {
          count: files.length,
          files: files.slice(0, maxFiles).map((file) => ({
            path: file.path,
            change: file.change,
            lines: file.addedLines === undefined ? '' : `+${file.addedLines} −${file.removedLines ?? 0}`,
          })),
        };
      }
    }
  }
  return known;
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
  for (const { slug } of runs.views.slice(0, maxRuns)) {
    for (const repository of Object.values(runs.detailsOf(slug)?.receipt?.repos ?? {})) {
      const path = repository.path ?? '.';
      const tree = pick(repository);
      if (tree === undefined || /^[/\\]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)|\0/.test(path)) continue;
      const trees = places.get(path) ?? new Set();
      places.set(path, trees.add(tree));
    }
  }
  return places;
}
