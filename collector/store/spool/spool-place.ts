import { lstatSync, mkdirSync, readdirSync, realpathSync, type Stats } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { systemCodeOf } from '../../base/errors.ts';
import { sha256Hex } from '../../base/hash.ts';

/** The folders of this user that exist and may hold spools; none in the usual case, which costs a few looks. */
function spoolHomes(): string[] {
  return candidates().filter((path) => isPrivate(lstatSync(path, { throwIfNoEntry: false })));
}

/** The folders in which records of a book may wait, of those that exist. */
export function spoolFolders(root: string): string[] {
  // A digest costs a tenth of the start of a process: none is made where nothing waits for a book called so.
  const start = shownName(spoolKeyOf(root));
  const homes = spoolHomes().filter((home) => readdirSync(home).some((name) => name.startsWith(start)));
  if (homes.length === 0) return [];
  const name = spoolNameOf(root);
  return homes
    .map((home) => join(home, name))
    .filter((path) => isPrivate(lstatSync(path, { throwIfNoEntry: false })));
}

/**
 * A folder for records of a book that could not be written, made where it is missing. Everyone may write to the
 * system's temporary folder: what stands there under our name counts only if it is a folder of this user that nobody
 * else may enter; otherwise the next name is tried.
 * @throws what the system says where there is no place at all.
 */
export function makeSpoolFolder(root: string, refused: ReadonlySet<string> = new Set()): string {
  const name = spoolNameOf(root);
  let failure: unknown;
  for (const home of candidates()) {
    const folder = join(home, name);
    if (refused.has(folder)) continue;
    try {
      if (makePrivate(home) && makePrivate(folder)) return folder;
    } catch (error) {
      failure ??= error;
    }
  }
  throw failure ?? new Error('no private folder for a spool could be made');
}

/** The path a spool is bound to: the same book has one, however it was named. */
export function spoolKeyOf(root: string): string {
  try {
    return realpathSync(root);
  } catch {
    return resolve(root);
  }
}

/** DAYBOOK_SPOOL names the only place; otherwise those that systems have for what need not last. */
function candidates(): string[] {
  const given = process.env['DAYBOOK_SPOOL'];
  if (given !== undefined && given !== '') return [resolve(given)];
  const uid = process.getuid?.();
  const name = uid === undefined ? 'daybook-spool' : `daybook-spool-${uid}`;
  const places = [tmpdir(), process.env['XDG_RUNTIME_DIR'], '/tmp', '/dev/shm'];
  return [...new Set(places.filter((place) => place !== undefined && place !== ''))].flatMap((place) =>
    ['', '-2', '-3'].map((suffix) => join(place!, name + suffix)),
  );
}

function spoolNameOf(root: string): string {
  const key = spoolKeyOf(root);
  return `${shownName(key)}${sha256Hex(key).slice(0, 24)}`;
}

/** What the name of a spool begins with. */
function shownName(key: string): string {
  const shown = basename(key).replaceAll(/[^A-Za-z0-9._-]/g, '_');
  return `${shown.slice(0, 40)}-`;
}

/** Makes a folder that only this user may enter; false where something else stands there. */
function makePrivate(path: string): boolean {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (systemCodeOf(error) !== 'EEXIST') throw error;
  }
  return isPrivate(lstatSync(path, { throwIfNoEntry: false }));
}

function isPrivate(stat: Stats | undefined): boolean {
  if (stat === undefined || !stat.isDirectory()) return false;
  const uid = process.getuid?.();
  return uid === undefined || (stat.uid === uid && (stat.mode & 0o077) === 0);
}
