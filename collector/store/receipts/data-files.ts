import { type BigIntStats, lstatSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { DaybookError, reasonOf, systemCodeOf } from '../../base/errors.ts';
import { jsonText } from '../../base/json/text.ts';

/** How many numbers are known of each file: size, time of change of content and of the node (nanoseconds), inode. */
export const factsPerFile = 4;

/** Something below a data path that no digest covers. */
export interface SkippedEntry {
  path: string;
  /** A phrase, e.g. "a link that leads nowhere". */
  why: string;
}

/** The files that a data path stands for, in the order they were found. */
export interface DataFiles {
  kind: 'file' | 'folder' | 'glob';
  /** Absolute path that `paths` are relative to. */
  base: string;
  /** POSIX, relative to `base`. */
  paths: string[];
  /** `factsPerFile` numbers for each path. */
  facts: BigInt64Array;
  skipped: SkippedEntry[];
}

/**
 * Lists the files of an absolute path or glob with their sizes and times. Links to files count as the files they lead
 * to; links to folders, sockets, pipes and devices are skipped, as FlexLock does, and named in `skipped`. What lies in
 * `hidden` (our own cache) is left out.
 * @throws DaybookError `not-found` where nothing is there; `unreadable` where a folder cannot be listed.
 */
export async function listDataFiles(path: string, hidden: string): Promise<DataFiles> {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (stat === undefined) return globMagic.test(path) ? listGlob(path, hidden) : notFound(path);
  if (stat.isDirectory()) return listFolder(path, hidden);
  if (!stat.isFile()) {
    throw new DaybookError('unreadable', `Expected a file or folder at ${path}, found ${nodeKind(stat)}.`, {
      where: path,
      hint: 'Name the data itself.',
    });
  }
  const files = collect('file', dirname(path));
  files.add(path.slice(dirname(path).length).replace(/^[/\\]/, ''), stat);
  return files.done();
}

const globMagic = /[*?[\]{}!]/;

function notFound(path: string): never {
  throw new DaybookError('not-found', `Expected data at ${path}, found nothing there.`, {
    where: path,
    hint: 'Check the path; relative paths start at the folder the command runs in.',
  });
}

function collect(kind: DataFiles['kind'], base: string) {
  const paths: string[] = [];
  const skipped: SkippedEntry[] = [];
  let facts = new BigInt64Array(1024);
  return {
    add(path: string, stat: BigIntStats) {
      let at = paths.push(path) * factsPerFile - factsPerFile;
      if (at + factsPerFile > facts.length) {
        const grown = new BigInt64Array(facts.length * 4);
        grown.set(facts);
        facts = grown;
      }
      facts[at++] = stat.size;
      facts[at++] = stat.mtimeNs;
      facts[at++] = stat.ctimeNs;
      facts[at] = stat.ino;
    },
    skip: (path: string, why: string) => void skipped.push({ path, why }),
    done: (): DataFiles => ({
      kind,
      base,
      paths,
      facts: facts.slice(0, paths.length * factsPerFile),
      skipped,
    }),
  };
}

type Collector = ReturnType<typeof collect>;

function listFolder(folder: string, hidden: string): DataFiles {
  const files = collect('folder', folder);
  walk(folder, '', hidden, files);
  return files.done();
}

function walk(folder: string, prefix: string, hidden: string, files: Collector): void {
  for (const entry of entriesOf(folder)) {
    const path = prefix + entry.name;
    const absolute = folder + sep + entry.name;
    if (entry.isDirectory()) {
      if (absolute !== hidden) walk(absolute, `${path}/`, hidden, files);
    } else addEntry(path, absolute, files);
  }
}

function entriesOf(folder: string) {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    for (const { name } of entries) if (name.includes('\uFFFD')) refuseName(folder, name);
    return entries;
  } catch (error) {
    if (error instanceof DaybookError) throw error;
    throw new DaybookError('unreadable', `The folder ${folder} cannot be read: ${reasonOf(error)}.`, {
      where: folder,
      hint: 'Check who may read it; a digest that leaves it out would prove nothing.',
      cause: error,
    });
  }
}

/** Bytes that are no UTF-8 come as replacement characters, under which no file can be opened or named in a receipt. */
function refuseName(folder: string, name: string): void {
  if (lstatSync(join(folder, name), { throwIfNoEntry: false }) !== undefined) return;
  throw new DaybookError('unreadable', `A name in ${folder} is not UTF-8: ${jsonText(name)}.`, {
    where: folder,
    hint: 'Rename it; receipts name files as text.',
  });
}

/** Adds what is a file, or leads to one. */
function addEntry(path: string, absolute: string, files: Collector): void {
  try {
    let stat = lstatSync(absolute, { bigint: true });
    const isLink = stat.isSymbolicLink();
    if (isLink) stat = statSync(absolute, { bigint: true });
    if (stat.isFile()) files.add(path, stat);
    else files.skip(path, isLink && stat.isDirectory() ? 'a link to a folder' : nodeKind(stat));
  } catch (error) {
    const code = systemCodeOf(error);
    const isLink = lstatSync(absolute, { throwIfNoEntry: false })?.isSymbolicLink() === true;
    if (isLink && (code === 'ENOENT' || code === 'ELOOP' || code === 'ENOTDIR')) {
      files.skip(path, 'a link that leads nowhere');
      return;
    }
    throw new DaybookError('unreadable', `${absolute} cannot be looked at: ${reasonOf(error)}.`, {
      where: absolute,
      hint: 'Check who may read it, and that nothing changes the data in the meantime.',
      cause: error,
    });
  }
}

function nodeKind(stat: BigIntStats): string {
  if (stat.isDirectory()) return 'a folder';
  if (stat.isFIFO()) return 'a named pipe';
  return stat.isSocket() ? 'a socket' : 'a device';
}

/** Paths are relative to the deepest folder that stands before the first special character. */
async function listGlob(pattern: string, hidden: string): Promise<DataFiles> {
  const parts = pattern.split(sep);
  const special = parts.findIndex((part) => globMagic.test(part));
  const base = parts.slice(0, special).join(sep) || sep;
  const found = await namesOf(parts.slice(special).join('/'), base);
  const files = collect('glob', base);
  for (const path of found.sort()) {
    const absolute = join(base, path);
    const isFolder = lstatSync(absolute, { throwIfNoEntry: false })?.isDirectory() === true;
    if (isFolder || absolute.startsWith(hidden + sep)) continue;
    addEntry(path, absolute, files);
  }
  const listed = files.done();
  return listed.paths.length === 0 ? notFound(pattern) : listed;
}

async function namesOf(pattern: string, base: string): Promise<string[]> {
  const { default: glob } = await import('fast-glob');
  try {
    return await glob(pattern, { cwd: base, dot: true, onlyFiles: false, followSymbolicLinks: false });
  } catch (error) {
    throw new DaybookError('unreadable', `${base} cannot be searched for ${pattern}: ${reasonOf(error)}.`, {
      where: base,
      hint: 'Check who may read the folders below it.',
      cause: error,
    });
  }
}
