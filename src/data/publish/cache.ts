import { createHash } from 'node:crypto';
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { statIfAny } from '../book/stat-if-any.ts';
import { jsonText, parseJson } from '../browser.ts';

/** A folder of published files and what is known about them, made once for each content of the sources. */
export interface Cached<Facts> {
  /** The folder with the files to publish. */
  folder: string;
  facts: Facts;
  /** False where nothing had to be made. */
  made: boolean;
}

/**
 * The result of `make` for exactly these sources: from the cache where their content is known, else made again in a
 * folder of its own that appears whole or not at all. Facts must be JSON; what is known is made again as well where
 * `isStillTrue` says that they are not.
 */
export async function cachedByContent<Facts>(
  cacheFolder: string,
  name: string,
  sources: { files: string[]; extra: string },
  make: (folder: string) => Promise<Facts>,
  isStillTrue: (facts: Facts) => boolean = () => true,
): Promise<Cached<Facts>> {
  const home = join(cacheFolder, name);
  mkdirSync(home, { recursive: true });
  const key = contentKey(home, sources.files, sources.extra);
  const folder = join(home, key);
  const factsFile = join(folder, 'facts.json');
  const files = join(folder, 'files');
  if (existsSync(factsFile)) {
    const facts = readFacts<Facts>(factsFile);
    if (facts !== undefined && isStillTrue(facts)) return { folder: files, facts, made: false };
  }
  dropAbandoned(home);
  const fresh = join(home, `new-${process.pid}`);
  mkdirSync(join(fresh, 'files'), { recursive: true });
  try {
    const facts = await make(join(fresh, 'files'));
    writeFileSync(join(fresh, 'facts.json'), jsonText(facts));
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
    dropOthers(home, key);
    return { folder: files, facts, made: true };
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    throw error;
  }
}

/** Copies published files into a site; the copy is independent of the cache. */
export function copyPublished(from: string, to: string): void {
  cpSync(from, to, { recursive: true, force: true });
}

/**
 * SHA-256 over names and bytes of the sources. Files whose size, times and inode are as they were are not read again:
 * a change that leaves all of them alone does not happen by writing.
 */
function contentKey(home: string, files: string[], extra: string): string {
  const looks = createHash('sha256').update(extra);
  for (const file of files) {
    const stat = statIfAny(file);
    const { size, mtimeNs, ctimeNs, ino } = stat ?? {};
    looks.update(`\0${file}\0${size}\0${mtimeNs}\0${ctimeNs}\0${ino}`);
  }
  const look = looks.digest('hex');
  const memo = join(home, 'seen.json');
  const seen = readFacts<{ look: string; key: string }>(memo);
  if (seen?.look === look && /^[0-9a-f]{32}$/.test(seen.key)) return seen.key;
  const content = createHash('sha256').update(extra);
  const buffer = Buffer.allocUnsafe(1 << 20);
  for (const file of files) {
    content.update(`\0${file.split(/[\\/]/).pop()}\0`);
    // What is no file is a finding of the one who reads it; a pipe would be waited for without end.
    if (statIfAny(file)?.isFile() !== true) continue;
    const descriptor = openIfAllowed(file);
    if (descriptor === undefined) continue;
    try {
      for (let got = readSync(descriptor, buffer); got > 0; got = readSync(descriptor, buffer)) {
        content.update(buffer.subarray(0, got));
      }
    } finally {
      closeSync(descriptor);
    }
  }
  const key = content.digest('hex').slice(0, 32);
  writeFileSync(memo, jsonText({ look, key }));
  return key;
}

function openIfAllowed(file: string): number | undefined {
  try {
    return openSync(file, 'r');
  } catch {
    return undefined;
  }
}

function readFacts<Facts>(file: string): Facts | undefined {
  try {
    return parseJson(readFileSync(file, 'utf8')) as Facts;
  } catch {
    return undefined;
  }
}

/** Removes what builds that were killed have left: a temporary database can be as large as the log. */
function dropAbandoned(home: string): void {
  for (const name of readdirSync(home)) {
    const maker = /^new-(\d+)$/.exec(name)?.[1];
    if (maker !== undefined && (Number(maker) === process.pid || !isRunning(Number(maker))))
      rmSync(join(home, name), { recursive: true, force: true });
  }
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function dropOthers(home: string, key: string): void {
  for (const name of readdirSync(home)) {
    if (/^[0-9a-f]{32}$/.test(name) && name !== key)
      rmSync(join(home, name), { recursive: true, force: true });
  }
}
