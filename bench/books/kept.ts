import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { progress } from '../report.ts';
import { bookSizes, makeBook } from './make.ts';

/** Where is kept what takes long to make or to fetch; DAYBOOK_BENCH_CACHE names another place. */
export const cacheFolder = process.env['DAYBOOK_BENCH_CACHE'] ?? join(tmpdir(), 'daybook-bench');

/**
 * A book of a size, only to be read: made once and kept. DAYBOOK_BENCH_BOOKS names a folder that has books already, each
 * by the name of its size.
 */
export function keptBook(size: keyof typeof bookSizes): string {
  const given = process.env['DAYBOOK_BENCH_BOOKS'];
  if (given !== undefined && existsSync(join(given, size))) return join(given, size);
  return made(size, (folder) => makeBook(folder, bookSizes[size]));
}

/** A folder that `make` fills, kept until what makes books is changed. */
export function made(name: string, make: (folder: string) => void): string {
  const folder = join(cacheFolder, 'books', `${name}-${madeBy()}`);
  if (existsSync(folder)) return folder;
  progress(`making book ${name}`);
  const unfinished = `${folder}.${process.pid}`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  make(unfinished);
  renameSync(unfinished, folder);
  return folder;
}

/** A copy to work in: files are links where the disk has them, but those named here, which will be written to, are not. */
export function copyOf(book: string, folder: string, written: readonly string[]): string {
  rmSync(folder, { recursive: true, force: true });
  if (spawnSync('cp', ['-al', book, folder]).status !== 0) {
    rmSync(folder, { recursive: true, force: true });
    cpSync(book, folder, { recursive: true, preserveTimestamps: true });
  }
  // What a command or a build left in the book would be shared as well, and written to.
  for (const name of ['.daybook', 'dashboard']) rmSync(join(folder, name), { recursive: true, force: true });
  for (const name of written) {
    const file = join(folder, name);
    rmSync(file);
    copyFileSync(join(book, name), file);
  }
  return folder;
}

function madeBy(): string {
  const sources = globSync(['books/*.ts', 'sample-*.ts'], { cwd: join(import.meta.dirname, '..') }).sort();
  const hash = createHash('sha256');
  for (const name of sources) hash.update(readFileSync(join(import.meta.dirname, '..', name)));
  return hash.digest('hex').slice(0, 8);
}
