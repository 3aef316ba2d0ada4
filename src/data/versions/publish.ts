import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parseJson } from '../browser.ts';
import { writeJsonTwin, writePackedTwin } from '../publish/twin.ts';
import { type VersionChunk, versionChunkName, versionIndex } from './index.ts';
import type { VersionDetails, VersionView } from './types.ts';

/** A file of contents is closed behind so many versions, or so many bytes. */
const maxInChunk = 50;
const maxChunkBytes = 1_000_000;

/** Takes the versions of a book oldest first and publishes them below versions/. */
export interface VersionPublisher {
  /** `contentBytes` is the size of the content as JSON. */
  add(details: VersionDetails, contentBytes: number): void;
  /** Writes the index of all views, newest first; says in which file each version lies. */
  finish(views: readonly VersionView[]): [version: string, chunk: number][];
}

/** Publishes into `folder`: versions/index and versions/chunk-NNNN, compressed, with their script twins. */
export function publishVersions(folder: string): VersionPublisher {
  const home = join(folder, 'versions');
  const chunks = new Map<string, number>();
  let [number, bytes] = [0, 0];
  let entries: VersionChunk = [];
  const close = () => {
    if (entries.length === 0) return;
    writePackedTwin(home, 'versions/', versionChunkName(number), entries);
    [number, bytes, entries] = [number + 1, 0, []];
  };
  return {
    add(details, contentBytes) {
      const { version } = details.metadata;
      entries.push({ version, ...details });
      chunks.set(version, number);
      bytes += contentBytes;
      if (entries.length >= maxInChunk || bytes >= maxChunkBytes) close();
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
      const bytes = readFileSync(join(folder, 'versions', `${versionChunkName(chunk)}.json.gz`));
      found = { chunk, entries: parseJson(gunzipSync(bytes).toString()) as unknown as VersionChunk };
      loaded.unshift(found);
      loaded.length = Math.min(loaded.length, maxLoaded);
    }
    return found.entries.find((entry) => entry.version === version);
  };
}

const maxLoaded = 4;
