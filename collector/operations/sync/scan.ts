import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kindOf } from './book-files.ts';
import { type ListedBook, listBook } from './list-files.ts';
import { storeFiles } from './objects.ts';
import { alteredFiles, type Obstacle, obstaclesOf } from './obstacles.ts';
import type { SyncPlace } from './place.ts';
import type { FileHere } from './plan-merge.ts';

/** A book as the work tree has it, its files stored as objects. */
export interface BookHere {
  files: Map<string, FileHere>;
  /** Files that are not published: what rules keep out, and the user's own .gitattributes. */
  kept: Set<string>;
  gone: ReadonlySet<string>;
  absent: ReadonlySet<string>;
  /** Why essential files are not published. */
  obstacles: Obstacle[];
}

/**
 * Reads only files that differ from the index: a book may hold many thousands. Logs are left to the merge, and what is not
 * `isWanted` is left alone.
 */
export async function scanBook(
  place: SyncPlace,
  isWanted: (path: string) => boolean = () => true,
): Promise<BookHere> {
  for (let tries = 1; ; tries++) {
    const listed = await listBook(place);
    try {
      return await readChanged(place, listed, isWanted);
    } catch (error) {
      // A file may have been pruned between the list and the reading.
      if (tries === 3) throw error;
    }
  }
}

async function readChanged(
  place: SyncPlace,
  listed: ListedBook,
  isWanted: (path: string) => boolean,
): Promise<BookHere> {
  const { absent, changed, filtered, ignored, index } = listed;
  const gone = place.ownIndex === undefined ? listed.gone : goneVersions(place, listed);
  const files = new Map<string, FileHere>(index);
  const kept = new Set([...ignored.keys(), ...filtered.keys()]);
  const altered = alteredFiles(place, listed);
  for (const [path, oid] of altered) {
    kept.add(path);
    files.set(path, { mode: index.get(path)!.mode, oid });
  }
  const toRead: string[] = [];
  for (const path of changed) {
    if (kept.has(path) || kindOf(place, path) === 'log') files.set(path, { mode: '100644', oid: undefined });
    else if (isWanted(path)) toRead.push(path);
  }
  const oids = await storeFiles(place, toRead);
  for (const [number, path] of toRead.entries()) files.set(path, { mode: '100644', oid: oids[number]! });
  const attributes = `${place.prefix}.gitattributes`;
  if (files.has(attributes) && !absent.has(attributes) && !isOfBook(join(place.top, attributes)))
    kept.add(attributes);
  return { files, kept, gone, absent, obstacles: obstaclesOf(place, listed, altered) };
}

/**
 * The files of a book on a branch of its own are git's for nobody: what cleans a work tree, or checks out an old commit, takes
 * them away without a word, and they come back. Only of a version is it known that it was deleted, by the list that is there.
 */
function goneVersions(place: SyncPlace, { gone, index }: ListedBook): Set<string> {
  const registry = `${place.prefix}snapshots/store/registry.json`;
  if (!index.has(registry) || gone.has(registry)) return new Set();
  return new Set([...gone].filter((path) => kindOf(place, path) === 'version'));
}

/** .gitattributes is the user's unless it speaks of nothing but the book's files. */
function isOfBook(path: string): boolean {
  const lines = readFileSync(path, 'utf8').split(/\r?\n/);
  return lines.every(
    (line) =>
      /^\s*(#|$)/.test(line) ||
      /^\s*((\*|\*\.journal|registry\.journal)\.jsonl|\*\.jsonl\.zst|\/?snapshots\/\S*|daybook\.yaml)\s/.test(
        line,
      ),
  );
}
