import { globPattern } from '../../../base/glob-pattern.ts';
import { lastPartOf } from '../../../runs/key.ts';
import { besideTrackerName } from '../../../store/experiments/read-experiment.ts';
import type { RunFiles } from '../../../store/runs/find-run-files.ts';

/**
 * What a file of a run is to a merge: of a `ledger` the runs are joined, of `metrics` the lines; a `receipt` and an `experiment` are
 * one run's, and two that differ both stay.
 */
export type RunFileKind = 'ledger' | 'metrics' | 'receipt' | 'experiment';

/** What kind of file of a run a path is, by its name; undefined for any other. */
export function runKindOf(path: string): RunFileKind | undefined {
  const name = lastPartOf(path);
  if (name === 'metadata.json') return 'ledger';
  if (/^(?:.+_)?(?:system\.)?metrics\.jsonl$/.test(name)) return 'metrics';
  if (/^(?:.+_)?run\.lock$/.test(name)) return 'receipt';
  return name === besideTrackerName || /^(?:.+_)?experiment_tracker\.json$/.test(name)
    ? 'experiment'
    : undefined;
}

/** Whether a path of a commit may be written below a book: it came from elsewhere, and names are all that is known of it. */
export function isSafePath(path: string): boolean {
  const parts = path.split('/');
  return (
    !/[\\\0\n\r]/.test(path) &&
    !path.startsWith('snapshots/') &&
    parts.every((part) => part !== '' && part !== '.' && part !== '..' && !/^\.(git|daybook)$/i.test(part))
  );
}

/** Files of runs that were found, by path relative to the book; what `exclude` names is left out. */
export function runFilesIn(
  { bySource }: RunFiles,
  exclude: readonly string[],
  isThere: (path: string) => boolean,
): Map<string, RunFileKind> {
  const patterns = exclude.map(globPattern);
  const isExcluded = (path: string) => {
    if (patterns.length === 0) return false;
    for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1))
      if (patterns.some((pattern) => pattern.test(path.slice(0, end)))) return true;
    return false;
  };
  const files = new Map<string, RunFileKind>();
  const take = (path: string) => {
    const kind = runKindOf(path);
    if (kind !== undefined && isSafePath(path) && !isExcluded(path)) files.set(path, kind);
  };
  for (const [source, paths] of Object.entries(bySource)) {
    if (source === 'action' || source === 'log') continue;
    for (const path of paths) {
      take(path);
      if (source !== 'experiment') continue;
      const beside = path.replace(/[^/]*$/, besideTrackerName);
      if (isThere(beside)) take(beside);
    }
  }
  return files;
}

/** Where the other of two files of one name is kept, as a run of its own that every reader finds. */
export function besidePath(path: string, oid: string): string {
  const at = path.lastIndexOf('/') + 1;
  return `${path.slice(0, at)}other-${oid.slice(0, 8)}/${path.slice(at)}`;
}

/** The path that a file kept so has the name of, and the beginning of its id; undefined for any other. */
export function besideOf(path: string): { path: string; oid: string } | undefined {
  const [, folder, oid, name] = /^((?:.*\/)?)other-([0-9a-f]{8})\/([^/]+)$/s.exec(path) ?? [];
  return oid === undefined ? undefined : { path: `${folder}${name}`, oid };
}
