import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { statIfAny } from '../book/stat-if-any.ts';
import { jsonText, parseJson } from '../browser.ts';
import { readSum } from './file-sums.ts';
import { isWhole, writeManifest } from './manifest.ts';

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
  if (existsSync(factsFile) && isWhole(folder)) {
    const facts = readFacts<Facts>(factsFile);
    if (facts !== undefined && isStillTrue(facts)) return { folder: files, facts, made: false };
  }
  dropAbandoned(home);
  const fresh = join(home, `new-${process.pid}`);
  mkdirSync(join(fresh, 'files'), { recursive: true });
  try {
    const facts = await make(join(fresh, 'files'));
    writeFileSync(join(fresh, 'facts.json'), jsonText(facts));
    writeManifest(fresh);
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
    dropOthers(home, key);
    return { folder: files, facts, made: true };
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Names and checksums of the sources as one text. Files whose size, times and place are as they were are not read again:
 * a change that leaves all of them alone does not happen by writing.
 */
function contentKey(home: string, files: string[], extra: string): string {
  const memo = join(home, 'seen.json');
  const seen = new Map(Object.entries(readFacts<{ files: Seen }>(memo)?.files ?? {}));
  const now: Seen = Object.create(null);
  const content = createHash('sha256').update(extra);
  let hasChanged = false;
  for (const file of files) {
    const name = file.split(/[\\/]/).pop() ?? file;
    // What is no file is a finding of the one who reads it; a pipe would be waited for without end.
    const stat = statIfAny(file);
    const look =
      stat?.isFile() === true ? `${stat.size} ${stat.mtimeNs} ${stat.ctimeNs} ${stat.ino}` : undefined;
    const known = seen.get(file);
    const sum = look === undefined ? '' : known?.[0] === look ? known[1] : (readSum(file) ?? '');
    hasChanged ||= look !== undefined && known?.[0] !== look;
    if (look !== undefined) now[file] = [look, sum];
    content.update(`\0${name}\0${sum}`);
  }
  if (hasChanged || seen.size !== Object.keys(now).length) writeFileSync(memo, jsonText({ files: now }));
  return content.digest('hex').slice(0, 32);
}

/** By path: how a source stood, and its checksum. */
type Seen = Record<string, [look: string, sum: string]>;

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
