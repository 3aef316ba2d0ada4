import { existsSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { DaybookError } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json/json.ts';
import { bookPath, isInside } from '../../base/paths.ts';

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

/**
 * The places of a receipt, best first: the wanted one, then those of the next names: results/a_2/run.lock,
 * results/a_3/run.lock …; of a file with a name of its own a_2.lock. A folder that holds the whole book has no
 * neighbour in it: there it is run_2/run.lock. Taken ones are left out, so the first is free for the moment.
 */
export function* placesOfReceipt(root: string, wanted: string): Generator<string, never> {
  if (!isTaken(wanted)) yield wanted;
  for (let number = 2; ; number++) {
    const place = numbered(root, wanted, number);
    if (!isTaken(place) && !isUsed(place)) yield place;
  }
}

function numbered(root: string, wanted: string, number: number): string {
  const [folder, name] = [dirname(wanted), basename(wanted)];
  if (name !== 'run.lock') {
    const ending = extname(name);
    return join(folder, `${basename(name, ending)}_${number}${ending}`);
  }
  return isInside(folder, root) ? join(folder, `run_${number}`, name) : join(`${folder}_${number}`, name);
}

function isTaken(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
}

/** A folder that holds anything belongs to someone else: the receipt would be taken for that one's. */
function isUsed(path: string): boolean {
  if (basename(path) !== 'run.lock') return false;
  try {
    return readdirSync(dirname(path)).length > 0;
  } catch {
    return existsSync(dirname(path));
  }
}

/** A path relative to the book, or absolute outside of it. */
export function shownPlace(root: string, path: string): string {
  return isInside(root, path) ? bookPath(root, path) : path;
}
