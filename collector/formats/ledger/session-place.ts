import type { LedgerKey } from './record.ts';

/**
 * Where the original's sessions put the files of a run, POSIX and relative to the folder of the ledger. One folder serves
 * all identifiers of that relpath and uid; the names of their files begin with the identifier.
 */
export interface SessionPlace {
  /** "grid/lr-1e3/007": storage in a folder per run. */
  folder: string;
  /** "grid/lr-1e3/007_train": beginning of every file's path where storage is by prefix. */
  prefix: string;
  /** "train": beginning of the name of this run's files in `folder`. */
  namePrefix: string;
}

/** The places of a run; undefined where relpath or uid would lead out of the ledger's folder. */
export function sessionPlaceOf({ identifier, relpath, uid }: LedgerKey): SessionPlace | undefined {
  const parts = relpath === '' ? [] : relpath.split('/');
  const unsafe = (part: string) => part === '' || part === '.' || part === '..' || /[/\\\0]/.test(part);
  if (relpath.startsWith('/') || parts.some(unsafe) || unsafe(uid)) return undefined;
  const below = (name: string) => [...parts, name].join('/');
  return { folder: below(uid), prefix: below(`${uid}_${identifier}`), namePrefix: identifier };
}
