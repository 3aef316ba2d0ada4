import { basename, dirname, extname, join, resolve } from 'node:path';
import { DaybookError } from '../../base/errors.ts';
import { bookPath, isInside } from '../../base/paths.ts';

/** The files of one ledger; absolute paths, and `file` relative to the book. */
export interface LedgerFiles {
  root: string;
  file: string;
  path: string;
  /** What was done since the ledger was last written whole. */
  journal: string;
  /** The original's lock. */
  lock: string;
}

/** The ledger a book has unless another one is named. */
export const defaultLedger = 'metadata.json';

/**
 * Where the files of a ledger lie; `file` is relative to the book or absolute.
 * @throws DaybookError `usage` for a place outside of the book, or one that is Daybook's or git's own.
 */
export function ledgerFiles(root: string, file: string = defaultLedger): LedgerFiles {
  const path = resolve(root, file);
  if (!isInside(root, path) || path === resolve(root)) {
    throw new DaybookError('usage', `Expected a ledger inside of the book, found ${file}.`, {
      where: file,
      hint: `Name a file below ${root}, or another book with --dir.`,
    });
  }
  if (!isFreePlace(bookPath(root, path))) {
    throw new DaybookError('usage', `Expected a ledger as a .json file of its own, found ${file}.`, {
      where: file,
      hint: 'For example: --ledger results/metadata.json',
    });
  }
  const stem = join(dirname(path), basename(path, extname(path)));
  return { root, file: bookPath(root, path), path, journal: `${stem}.journal.jsonl`, lock: `${stem}.lock` };
}

/** The journal and lock have the ledger's name with other endings, and what lies in these folders is spoken for. */
function isFreePlace(file: string): boolean {
  const folders = file.toLowerCase().split('/').slice(0, -1);
  if (folders.includes('.git') || folders.includes('.daybook')) return false;
  return /[^/]\.json$/i.test(file);
}
