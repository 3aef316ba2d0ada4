import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { DaybookError } from '../data/browser.ts';

/** Whether a folder holds a site that Daybook built. */
export function isBuiltSite(folder: string): boolean {
  return existsSync(join(folder, 'assets', 'daybook.js')) && existsSync(join(folder, 'index.html'));
}

/** Whether a file is a site that Daybook built: one HTML file, or one archive. */
export function isBuiltFile(path: string): boolean {
  if (!/\.(?:html?|zip)$/i.test(path)) return false;
  const head = headOf(path);
  return head.includes('<meta name="generator" content="Daybook ') || head.includes('daybook-site/');
}

/** The folder of a site is replaced as a whole: one that holds anything but an earlier site is left alone. */
export function refuseForeignFolder(out: string): void {
  if (!existsSync(out)) return;
  if (!statSync(out).isDirectory()) throw refused('a folder', out, 'a file');
  if (readdirSync(out).length === 0 || isBuiltSite(out)) return;
  throw refused('an empty folder or an earlier site', out, 'other files');
}

/** The same of a folder of several sites, which may be one that a build left unfinished. */
export function refuseForeignFleet(out: string): void {
  if (!existsSync(out)) return;
  if (!statSync(out).isDirectory()) throw refused('a folder', out, 'a file');
  if (isBuiltSite(out) || readdirSync(out).every((name) => isOfFleet(out, name))) return;
  throw refused('an empty folder or an earlier site', out, 'other files');
}

function isOfFleet(out: string, name: string): boolean {
  return name.startsWith('.') || name === 'assets' || isBuiltSite(join(out, name));
}

/** A file is replaced only where it is an earlier site. */
export function refuseForeignFile(out: string): void {
  if (!existsSync(out)) return;
  if (statSync(out).isDirectory()) throw refused('a file', out, 'a folder');
  if (statSync(out).size > 0 && !isBuiltFile(out))
    throw refused('no file or an earlier site', out, 'another file');
}

/** A site may lie inside the book, but never be the book, hold it, or lie where recordings are. */
export function refuseOverlap(root: string, out: string): void {
  const inside = relative(out, root);
  const holdsBook = inside === '' || (!inside.startsWith(`..${sep}`) && inside !== '..');
  const place = relative(root, out).split(sep)[0];
  if (!holdsBook && place !== 'snapshots' && place !== '.git' && place !== '.daybook') return;
  throw new DaybookError(
    'usage',
    `Expected a place of its own for the site, found ${out}, which holds the book or its recordings.`,
    { where: out, hint: 'Name another one with --out.' },
  );
}

function refused(expected: string, out: string, found: string): DaybookError {
  return new DaybookError('exists', `Expected ${expected} at ${out}, found ${found}.`, {
    where: out,
    hint: 'Move it away, or name another place with --out.',
  });
}

function headOf(path: string): string {
  const buffer = Buffer.alloc(4096);
  try {
    const descriptor = openSync(path, 'r');
    try {
      return buffer.subarray(0, readSync(descriptor, buffer, 0, buffer.length, 0)).toString('latin1');
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // What cannot be read is not known to be ours.
    return '';
  }
}
