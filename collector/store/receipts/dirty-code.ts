import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DaybookError } from '../../base/errors.ts';
import { saidBy } from '../../base/git.ts';
import { bookPath, isInside } from '../../base/paths.ts';
import { lastPartOf } from '../../runs/key.ts';
import { besideTrackerName } from '../experiments/read-experiment.ts';
import { runSources } from '../runs/sources/index.ts';
import { openCodeRepository, tryCodeGit } from './code-repository.ts';

/** A file that is not as the checked-out commit has it. */
export interface DirtyFile {
  /** Relative to the top of the repository. */
  path: string;
  how: 'changed' | 'new' | 'removed' | 'in conflict';
}

/** What is dirty in a work tree. */
export interface DirtyTree {
  top: string;
  files: DirtyFile[];
}

/**
 * What of the work tree around a folder is not committed: changed, staged, removed and untracked files, ignored ones left
 * out, and submodules that are not as they are committed. What Daybook writes itself does not count: recording a run must not
 * make the next one dirty. Nothing is written, the index of the user included.
 * @throws DaybookError `git` or `not-found` where there is no repository, or git cannot tell.
 */
export async function dirtyTree(folder: string, root: string): Promise<DirtyTree> {
  const { top } = await openCodeRepository(folder);
  const args = [
    'status',
    '--porcelain=v1',
    '-z',
    '--untracked-files=all',
    '--ignore-submodules=none',
    '--no-renames',
  ];
  const result = await tryCodeGit(top, ['--no-optional-locks', ...args]);
  if (!result.ok)
    throw new DaybookError('git', `git could not tell what has changed: ${saidBy(result)}`, { where: top });
  const files = entriesOf(result.stdout).filter(({ path }) => !isRecording(join(top, path), root));
  return { top, files };
}

function entriesOf(text: string): DirtyFile[] {
  const fields = text.split('\0').filter((field) => field !== '');
  return fields.map((field) => ({ path: field.slice(3), how: howOf(field.slice(0, 2)) }));
}

function howOf(state: string): DirtyFile['how'] {
  if (/U|AA|DD/.test(state)) return 'in conflict';
  if (state === '??' || state.startsWith('A')) return 'new';
  return state.includes('D') ? 'removed' : 'changed';
}

const besideRuns = [besideTrackerName, 'metadata.journal.jsonl', 'metadata.lock'];

function isRecording(path: string, root: string): boolean {
  if (!isInside(root, path)) return false;
  const within = bookPath(root, path);
  if (/^(?:snapshots|\.daybook)\//.test(within)) return true;
  const name = lastPartOf(within);
  if (besideRuns.includes(name)) return true;
  // Others call files so, too: that of a ledger has its lock or its journal beside it.
  if (name === 'metadata.json')
    return ['metadata.lock', 'metadata.journal.jsonl'].some((beside) =>
      existsSync(join(dirname(path), beside)),
    );
  return runSources.some(({ claims }) => claims(within));
}
