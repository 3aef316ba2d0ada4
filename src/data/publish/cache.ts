import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { GrowingSum } from '../../../collector/store/growing-sum.ts';
import { statIfAny } from '../book/stat-if-any.ts';
import { jsonText, parseJson, parsePlainJson } from '../browser.ts';
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

/** Files that something is made from, in their order, and what else it depends on. */
export interface Sources {
  files: string[];
  extra: string;
  /** The one of the files that grows, and how that is told. */
  growing?: GrowingFile | undefined;
  /** What it also depends on, and more of which changes nothing of what was made. */
  more?: readonly string[];
  /**
   * Where `make` knows by itself what it can take of what was made of other content: what all of that depends on, so that
   * another version's is left alone.
   */
  inParts?: string;
}

/** A file that is only appended to, as a rule. */
export interface GrowingFile {
  file: string;
  /** The checksums of its parts as it is now; undefined for what cannot be read. */
  sum(): GrowingSum | undefined;
  /** Whether it began as it was earlier. */
  isFrom(now: GrowingSum, earlier: GrowingSum): boolean;
}

/** What was made of sources of which one has grown since, or, in parts, of any others. */
export interface Earlier<Facts> {
  folder: string;
  facts: Facts;
}

/** What is kept of sources beside what was made from them. */
interface Made {
  extra: string;
  /** Stands for everything but what grows. */
  others: string;
  grown: GrowingSum;
  more: readonly string[];
}

/**
 * The result of `make` for exactly these sources: from the cache where their content is known, else made again in a
 * folder of its own that appears whole or not at all. Facts must be JSON; what is known is made again as well where
 * `isStillTrue` says that they are not. Where one of the sources is only appended to (`growing`), `make` gets what was made
 * when it was shorter and everything else as it is; and as `before` what was made last, whatever has changed since. `sums` are
 * the checksums of the files, by their paths.
 */
export async function cachedByContent<Facts>(
  cacheFolder: string,
  name: string,
  sources: Sources,
  make: (
    folder: string,
    earlier: Earlier<Facts> | undefined,
    sums: ReadonlyMap<string, string>,
    before: Earlier<Facts> | undefined,
  ) => Promise<Facts>,
  isStillTrue: (facts: Facts) => boolean = () => true,
): Promise<Cached<Facts>> {
  const home = join(cacheFolder, name);
  mkdirSync(home, { recursive: true });
  const { key, others, grown, sums } = contentKey(home, sources);
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
    const now = grown && { extra: sources.extra, others, grown, more: sources.more ?? [] };
    const before = now && madeBefore<Facts>(home, now);
    const isGrown = before !== undefined && hasOnlyGrown(before.made, now!, sources.growing!);
    const parts = sources.inParts === undefined ? undefined : anyEarlier<Facts>(home, sources.inParts);
    const facts = await make(join(fresh, 'files'), isGrown ? before : parts, sums, before);
    if (now !== undefined) writeFileSync(join(fresh, madeName), jsonText(now satisfies Made));
    if (sources.inParts !== undefined) writeFileSync(join(fresh, partsName), sources.inParts);
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

const madeName = 'made-of.json';
const partsName = 'parts-of.txt';

/** What was made last of other sources, where it is whole and nothing is gone that it depends on. */
function madeBefore<Facts>(home: string, now: Made): (Earlier<Facts> & { made: Made }) | undefined {
  const more = new Set(now.more);
  for (const name of readdirSync(home)) {
    if (!/^[0-9a-f]{32}$/.test(name)) continue;
    const folder = join(home, name);
    const made = readFacts<Made>(join(folder, madeName));
    if (made?.extra !== now.extra || !made.more?.every((each) => more.has(each)) || !isWhole(folder))
      continue;
    const facts = readFacts<Facts>(join(folder, 'facts.json'));
    if (facts !== undefined) return { folder: join(folder, 'files'), facts, made };
  }
  return undefined;
}

/** What was made last of whatever content, in the same way, where it is whole. */
function anyEarlier<Facts>(home: string, inParts: string): Earlier<Facts> | undefined {
  for (const name of readdirSync(home)) {
    const folder = join(home, name);
    if (!/^[0-9a-f]{32}$/.test(name) || textOf(join(folder, partsName)) !== inParts) continue;
    const facts = isWhole(folder) ? readFacts<Facts>(join(folder, 'facts.json')) : undefined;
    if (facts !== undefined) return { folder: join(folder, 'files'), facts };
  }
  return undefined;
}

/** Whether all that happened since is that one source grew. */
function hasOnlyGrown(made: Made, now: Made, growing: GrowingFile): boolean {
  return made.others === now.others && growing.isFrom(now.grown, made.grown);
}

function textOf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/**
 * Names and checksums of the sources as one text. Files whose size, times and place are as they were are not read again:
 * a change that leaves all of them alone does not happen by writing.
 */
function contentKey(
  home: string,
  { files, extra, growing, more = [] }: Sources,
): { key: string; others: string; grown: GrowingSum | undefined; sums: ReadonlyMap<string, string> } {
  const memo = join(home, 'seen.json');
  const before = readMemo(memo);
  const now: Memo = { files: new Map() };
  const others = [extra];
  const sums = new Map<string, string>();
  let grown: GrowingSum | undefined;
  for (const file of files) {
    const name = basename(file);
    // What is no file is a finding of the one who reads it; a pipe would be waited for without end.
    const stat = statIfAny(file);
    const look =
      stat?.isFile() === true ? `${stat.size} ${stat.mtimeNs} ${stat.ctimeNs} ${stat.ino}` : undefined;
    const known = before.files.get(file);
    const isSeen = look !== undefined && known?.[0] === look;
    if (file === growing?.file && look !== undefined) {
      grown = isSeen && before.grown !== undefined ? before.grown : growing.sum();
      now.grown = grown;
      now.files.set(file, isSeen ? known! : [look, '']);
      others.push(`\0${name}`);
      continue;
    }
    const sum = look === undefined ? '' : isSeen ? known![1] : (readSum(file) ?? '');
    if (look !== undefined) now.files.set(file, isSeen ? known! : [look, sum]);
    sums.set(file, sum);
    others.push(`\0${name}\0${sum}`);
  }
  if (!isSameMemo(before, now)) writeFileSync(memo, jsonText({ ...now, files: [...now.files] }));
  const without = createHash('sha256').update(others.join('')).digest('hex').slice(0, 32);
  const key = createHash('sha256')
    .update(without)
    .update(jsonText([grown ?? null, more]));
  return { key: key.digest('hex').slice(0, 32), others: without, grown, sums };
}

/** By path: how each source stood, and its checksum. */
interface Memo {
  files: Map<string, [look: string, sum: string]>;
  grown?: GrowingSum | undefined;
}

function readMemo(file: string): Memo {
  try {
    const { files, grown } = parsePlainJson(readFileSync(file, 'utf8')) as Memo;
    return { files: new Map(files), grown };
  } catch {
    return { files: new Map() };
  }
}

/** Of files that stand as they did the very entries were taken over. */
function isSameMemo(before: Memo, now: Memo): boolean {
  if (before.files.size !== now.files.size || before.grown !== now.grown) return false;
  for (const [file, seen] of now.files) if (before.files.get(file) !== seen) return false;
  return true;
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
