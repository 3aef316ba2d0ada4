import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { writeJsonTwin, writeTwin } from './publish-twin.ts';
import type { VersionDetails, VersionView } from './site-versions.ts';
import { type VersionChunk, versionChunkName, versionIndex } from './version-index.ts';

/** A file of contents is closed behind so many versions, or so many bytes. */
const mostInChunk = 50;
const mostChunkBytes = 1_000_000;

/** Takes the versions of a book oldest first and publishes them below versions/. */
export interface VersionPublisher {
  add(details: VersionDetails): void;
  /** Writes the index of all views, newest first; says in which file each version lies. */
  finish(views: readonly VersionView[]): [version: string, chunk: number][];
}

/** Publishes into `folder`: versions/index and versions/chunk-NNNN, with their script twins. */
export function publishVersions(folder: string): VersionPublisher {
  const home = join(folder, 'versions');
  mkdirSync(home, { recursive: true });
  const chunks = new Map<string, number>();
  let [number, count, bytes, descriptor] = [0, 0, 0, -1];
  const path = () => join(home, `${versionChunkName(number)}.json`);
  const close = () => {
    if (descriptor === -1) return;
    writeSync(descriptor, ']\n');
    closeSync(descriptor);
    writeTwin(home, 'versions/', versionChunkName(number), readFileSync(path()));
    [number, count, bytes, descriptor] = [number + 1, 0, 0, -1];
  };
  return {
    add(details) {
      const { version } = details.metadata;
      if (descriptor === -1) descriptor = openSync(path(), 'w');
      const text = JSON.stringify({ version, ...details });
      bytes += writeSync(descriptor, `${count === 0 ? '[' : ',\n'}${text}`);
      chunks.set(version, number);
      count += 1;
      if (count >= mostInChunk || bytes >= mostChunkBytes) close();
    },
    finish(views) {
      close();
      writeJsonTwin(
        home,
        'versions/',
        'index',
        versionIndex(views, (version) => chunks.get(version) ?? -1),
      );
      return [...chunks];
    },
  };
}

/** All that is published of one version; the file used last stays in memory. */
export function publishedVersions(
  folder: string,
  chunks: ReadonlyMap<string, number>,
): (version: string) => VersionDetails | undefined {
  const loaded: { chunk: number; entries: VersionChunk }[] = [];
  return (version) => {
    const chunk = chunks.get(version);
    if (chunk === undefined) return undefined;
    let found = loaded.find((one) => one.chunk === chunk);
    if (found === undefined) {
      const text = readFileSync(join(folder, 'versions', `${versionChunkName(chunk)}.json`), 'utf8');
      found = { chunk, entries: JSON.parse(text) as VersionChunk };
      loaded.unshift(found);
      loaded.length = Math.min(loaded.length, mostLoaded);
    }
    return found.entries.find((entry) => entry.version === version);
  };
}

const mostLoaded = 4;
