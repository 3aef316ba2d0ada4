import { type Dirent, existsSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { sha256Hex } from '../../base/hash.ts';
import type { RunSource } from '../../runs/evidence.ts';
import { type FileFacts, quickFactsOf } from '../file-facts.ts';
import { factsOfSource, sourceNamed } from './source-files.ts';

/** How the system describes a file or folder, and what of it counts, where that was made out. */
type Seen = [path: string, facts: string, sign?: string];

/** All that a reading of runs has looked at on the disk, but for the log. */
export interface SeenOfRuns {
  /** Folders in which files of runs were looked for; the sign tells what was found there. */
  folders: Seen[];
  /** Folders in which artifacts were looked for; the sign tells all that is in them. */
  places: Seen[];
  files: Seen[];
  links: Seen[];
  /** What a source claims and reads more of than one file; the sign is the name of the source. */
  claimed: Seen[];
}

const mostLinks = 500;

/** Takes down what a reading of runs looks at, before it does. Where anything has just been changed, nothing is to be kept of it. */
export class RunLook {
  readonly seen: SeenOfRuns = { folders: [], places: [], files: [], links: [], claimed: [] };
  #isAtRest = true;
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /** Whether a later change of any of it can be told. */
  get isAtRest(): boolean {
    return this.#isAtRest && this.seen.links.length <= mostLinks;
  }

  /** Says that a folder is about to be looked into; call what it gives with what was found there. */
  folder(path: string): (sign: string) => void {
    const facts = this.#note(folderFactsOf(join(this.#root, path)));
    return (sign) => this.seen.folders.push([path, facts, sha256Hex(sign).slice(0, 16)]);
  }

  place(path: string): (entries: readonly Dirent[] | undefined) => void {
    const facts = this.#note(folderFactsOf(join(this.#root, path)));
    return (entries) => this.seen.places.push([path, facts, signOf(entries)]);
  }

  file(path: string): void {
    this.seen.files.push([path, this.#note(quickFactsOf(join(this.#root, path)))]);
  }

  claimed(source: RunSource, path: string): void {
    this.seen.claimed.push([path, this.#note(factsOfSource(this.#root, source, path)), source.name]);
  }

  link(path: string): void {
    if (this.seen.links.length <= mostLinks)
      this.seen.links.push([path, linkFactsOf(join(this.#root, path))]);
  }

  #note(facts: FileFacts | undefined): string {
    if (facts?.isAtRest === false) this.#isAtRest = false;
    return facts?.text ?? none;
  }
}

/** How it can be told again what of a folder counts. */
export interface SignsOfFolders {
  folder(path: string): string;
  place(path: string): readonly Dirent[] | undefined;
}

/**
 * Whether all that was looked at is as it was. Folders that changed are looked into again: what came or went there may have
 * nothing to do with runs.
 */
export function isAsSeen(root: string, seen: SeenOfRuns, signs: SignsOfFolders): boolean {
  const known = new Map<string, string>();
  const folderFacts = (path: string) => {
    let facts = known.get(path);
    if (facts === undefined) {
      facts = folderFactsOf(join(root, path))?.text ?? none;
      known.set(path, facts);
    }
    return facts;
  };
  return (
    seen.files.every(([path, facts]) => (quickFactsOf(join(root, path))?.text ?? none) === facts) &&
    seen.folders.every(
      ([path, facts, sign]) =>
        folderFacts(path) === facts || sha256Hex(signs.folder(path)).slice(0, 16) === sign,
    ) &&
    seen.places.every(
      ([path, facts, sign]) => folderFacts(path) === facts || signOf(signs.place(path)) === sign,
    ) &&
    seen.links.every(([path, facts]) => linkFactsOf(join(root, path)) === facts) &&
    seen.claimed.every(([path, facts, name]) => {
      const source = sourceNamed(name!);
      return source !== undefined && (factsOfSource(root, source, path)?.text ?? none) === facts;
    })
  );
}

const none = '-';

function signOf(entries: readonly Dirent[] | undefined): string {
  if (entries === undefined) return none;
  // The cache itself comes with the first reading.
  const others = entries.filter(({ name }) => name !== '.daybook');
  const names = others.map(
    (entry) => `${entry.name}${entry.isDirectory() ? '/' : entry.isFile() ? '' : '?'}`,
  );
  return sha256Hex(names.sort().join('\n')).slice(0, 16);
}

const restMs = 2500;

/** A folder changes where names come or go; what lies in its files is theirs. */
function folderFactsOf(path: string): FileFacts | undefined {
  const nowMs = Date.now();
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined || !stat.isDirectory()) return undefined;
  const { dev, ino, mtimeMs, ctimeMs } = stat;
  const isAtRest = Math.max(mtimeMs, ctimeMs) <= nowMs - restMs;
  return { text: `${dev} ${ino} ${mtimeMs} ${ctimeMs}`, size: 0, isAtRest };
}

/** Where a link leads, and whether to a folder. */
function linkFactsOf(path: string): string {
  try {
    return `${realpathSync(path)}${existsSync(`${path}/.`) ? '/' : ''}`;
  } catch {
    return none;
  }
}
