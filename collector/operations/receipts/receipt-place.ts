import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DaybookError } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json.ts';
import { bookPath, isInside } from '../../base/paths.ts';
import { readReceipt } from '../../store/receipts/receipt-files.ts';

/**
 * Where a receipt shall stand: the folder or file that is named, else save_dir of its configuration.
 * @throws DaybookError `usage` where nothing says so, `unwritable` where a file is in the way.
 */
export function placeOfReceipt(
  { out, config }: { out?: string | undefined; config: JsonObject },
  from: string,
): string {
  const saveDir = config['save_dir'];
  const given = out ?? (typeof saveDir === 'string' && saveDir !== '' ? saveDir : undefined);
  if (given === undefined) {
    throw new DaybookError('usage', 'Expected a place for the run.lock: the configuration has no save_dir.', {
      hint: 'Name a folder or file with --out, or set save_dir.',
    });
  }
  const path = resolve(from, given);
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  const file =
    !isFolder && out !== undefined && /\.(?:lock|ya?ml)$/.test(path) ? path : join(path, 'run.lock');
  checkFolder(dirname(file), given);
  return file;
}

function checkFolder(folder: string, given: string): void {
  let there = folder;
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
  if (statSync(there, { throwIfNoEntry: false })?.isDirectory() !== false) return;
  throw new DaybookError(
    'unwritable',
    `Expected a folder for the run.lock at ${given}, found a file at ${there}.`,
    {
      where: there,
      hint: 'Name a folder, or a file that ends in .lock.',
    },
  );
}

/** What stands at the place of a receipt already. */
export interface Standing {
  digest: string;
  /** Where it is to be added to. */
  raw: JsonObject | undefined;
}

/** What stands at the place: nothing, a receipt to add to, or an earlier one of ours. Other files are not overwritten. */
export function readStanding(root: string, path: string, merge: boolean): Standing | undefined {
  if (!existsSync(path)) return undefined;
  const file = shownPlace(root, path);
  const { record, findings } = readReceipt(root, path);
  const broken = findings.find(({ severity }) => severity === 'error');
  if (record !== undefined && merge && broken === undefined)
    return { digest: record.digest, raw: record.raw };
  if (record?.generation === 'daybook' && !merge) return { digest: record.digest, raw: undefined };
  const found = record === undefined ? findings[0]?.found : merge ? broken?.found : 'a receipt of FlexLock';
  throw new DaybookError('exists', `${file} is there already and was not written by Daybook: ${found}.`, {
    where: file,
    hint:
      record === undefined || merge
        ? 'Move it away, or name another place with --out.'
        : 'Add to it with --merge, or name another place with --out.',
  });
}

/** A path relative to the book, or absolute outside of it. */
export function shownPlace(root: string, path: string): string {
  return isInside(root, path) ? bookPath(root, path) : path;
}
