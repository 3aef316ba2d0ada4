import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runGit } from '../../../base/git.ts';
import type { BookConfig } from '../../../formats/config/config.ts';
import { findRunFiles, type RunFiles } from '../../../store/runs/find-run-files.ts';
import type { GitEntries } from '../book-files.ts';
import type { SyncPlace } from '../place.ts';
import type { WorkTree } from '../work-tree.ts';
import type { RunsWish } from './join-context.ts';
import { isSafePath, type RunFileKind, runFilesIn, runKindOf } from './run-paths.ts';

/** Files of runs in a work tree, and which of them the user's own branch has. */
export interface RunsHere {
  /** By path relative to the book. */
  here: Map<string, RunFileKind>;
  tracked: ReadonlySet<string>;
}

/** Finds them; `found` are those of a walk that was done already. */
export async function gatherRuns(
  place: Pick<WorkTree, 'top' | 'prefix'>,
  root: string,
  { runs: { exclude }, sync }: Pick<BookConfig, 'runs' | 'sync'>,
  found?: RunFiles,
): Promise<RunsHere> {
  const files = found ?? (await findRunFiles(root, { exclude }, () => undefined));
  const here = runFilesIn(files, exclude, (path) => existsSync(join(root, path)));
  const isAsked = here.size > 0 || typeof sync.runs !== 'string';
  return { here, tracked: isAsked ? await trackedRuns(place) : new Set() };
}

/** What is to be done with files of runs, by the settings; undefined where they are not taken along. */
export function wishFor(
  { here, tracked }: RunsHere,
  { sync: { runs } }: Pick<BookConfig, 'sync'>,
  how: Pick<RunsWish, 'publish' | 'bringBack' | 'past'>,
): RunsWish | undefined {
  if (typeof runs === 'string') return undefined;
  return { here, tracked, metricsBytes: runs.metricsBytes, ...how };
}

/** What people commit by themselves stays theirs. */
async function trackedRuns({ top, prefix }: Pick<WorkTree, 'top' | 'prefix'>): Promise<Set<string>> {
  const listed = await runGit(top, ['ls-files', '-z', '--', prefix === '' ? '.' : prefix]);
  const paths = listed.split('\0').map((path) => path.slice(prefix.length));
  return new Set(paths.filter((path) => runKindOf(path) !== undefined));
}

/** Files of runs in a commit, by path from the top of the work tree; none where there is no commit. */
export async function runEntriesOf(
  { top, prefix }: Pick<SyncPlace, 'top' | 'prefix'>,
  commit: string | undefined,
): Promise<GitEntries> {
  const entries: GitEntries = new Map();
  if (commit === undefined) return entries;
  const args = ['ls-tree', '-r', '-z', '--full-tree', commit, ...(prefix === '' ? [] : ['--', prefix])];
  for (const line of (await runGit(top, args)).split('\0')) {
    const [, mode, oid, path = ''] = /^(100\d{3}) blob ([0-9a-f]+)\t(.+)$/s.exec(line) ?? [];
    const name = path.slice(prefix.length);
    if (oid === undefined || runKindOf(name) === undefined || !isSafePath(name)) continue;
    entries.set(path, { mode: mode!, oid });
  }
  return entries;
}
