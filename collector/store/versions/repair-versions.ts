import { copyFileSync, existsSync, lstatSync, mkdirSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { bookPath } from '../../base/paths.ts';
import { temporaryPrefix } from '../../base/temporary-name.ts';
import {
  baseOf,
  serializeVersionMetadata,
  type VersionMetadata,
  withBase,
} from '../../formats/versions/version.ts';
import { findLeftovers } from './audit-versions.ts';
import type { VersionBackend } from './backend.ts';
import { openFileBackend } from './file-backend.ts';
import { placeFile } from './place-file.ts';
import { readMetadataFile } from './read-index.ts';
import { isDeltaSound, readVersionContent } from './read-version.ts';
import {
  contentPath,
  isVersionStore,
  metadataPath,
  type VersionPaths,
  versionPaths,
  versionsFolder,
} from './version-files.ts';

/** One thing that was mended. */
export interface VersionRepair {
  file: string;
  did: string;
  /** Where the original lies now, relative to the book; null where no byte of it was touched. */
  original: string | null;
}

/** Younger ones may belong to a program that does not keep to the lock, as the original. */
const leftoverAgeMs = 10_000;

/**
 * Mends what can be mended in a book's store without losing a byte: moves leftovers to `quarantine`, writes metadata
 * again that registry.json still has, writes registry.json again. Nobody else writes in the meantime.
 */
export async function repairVersions(root: string, quarantine: string): Promise<VersionRepair[]> {
  const folder = versionsFolder(root);
  if (!isVersionStore(folder)) return [];
  const paths = versionPaths(folder);
  const backend = openFileBackend(folder, { shownAs: 'snapshots/store' });
  const keep = keeperOf(root, quarantine);
  try {
    return await backend.exclusive(async () => [
      ...(await rewriteMetadata(root, paths, backend, keep)),
      ...(await finishRebasing(root, paths, backend)),
      ...(await moveLeftovers(root, paths, backend, keep)),
      ...(await rewriteRegistry(root, paths, backend, keep)),
    ]);
  } finally {
    await backend.close();
  }
}

interface Keeper {
  copy(path: string): string;
  move(path: string): string;
}

function keeperOf(root: string, quarantine: string): Keeper {
  const placeOf = (path: string) => {
    mkdirSync(quarantine, { recursive: true });
    for (let number = 1; ; number++) {
      const place = join(quarantine, number === 1 ? basename(path) : `${number}-${basename(path)}`);
      if (!existsSync(place)) return place;
    }
  };
  const kept = (act: (path: string, place: string) => void) => (path: string) => {
    const place = placeOf(path);
    act(path, place);
    return bookPath(root, place);
  };
  return { copy: kept(copyFileSync), move: kept(renameSync) };
}

/** Metadata that was lost or damaged and that registry.json has: the list knows it, the file does not. */
async function rewriteMetadata(
  root: string,
  paths: VersionPaths,
  backend: VersionBackend,
  keep: Keeper,
): Promise<VersionRepair[]> {
  const repairs: VersionRepair[] = [];
  for (const metadata of await backend.list(() => undefined)) {
    const path = metadataPath(paths, metadata.version);
    if (isWhole(paths, metadata)) continue;
    const original = existsSync(path) ? keep.move(path) : null;
    placeFile(path, serializeVersionMetadata(metadata), true);
    repairs.push({ file: bookPath(root, path), did: 'wrote it again from registry.json', original });
  }
  return repairs;
}

function isWhole(paths: VersionPaths, metadata: VersionMetadata): boolean {
  try {
    return readMetadataFile(paths, '', metadata.version) !== undefined;
  } catch {
    return false;
  }
}

/**
 * A writer that died while it stored a version upon another base left the whole content beside a delta that may fit
 * neither: then the whole content is the version.
 */
async function finishRebasing(
  root: string,
  paths: VersionPaths,
  backend: VersionBackend,
): Promise<VersionRepair[]> {
  const repairs: VersionRepair[] = [];
  for (const metadata of await backend.list(() => undefined)) {
    const { version } = metadata;
    const whole = contentPath(paths, version, 'full');
    const isBetween = baseOf(metadata) !== undefined && existsSync(whole);
    if (!isBetween || (await backend.findPythonDelta(version)) !== undefined) continue;
    if (await isDeltaSound(backend, metadata)) continue;
    const content = await readVersionContent(backend, metadata);
    if (!content.ok) continue;
    await backend.writeMetadata({ ...withBase(metadata, undefined), stored_bytes: lstatSync(whole).size });
    const file = bookPath(root, metadataPath(paths, version));
    repairs.push({ file, did: 'finished storing the version whole', original: null });
  }
  return repairs;
}

async function moveLeftovers(
  root: string,
  paths: VersionPaths,
  backend: VersionBackend,
  keep: Keeper,
): Promise<VersionRepair[]> {
  const repairs: VersionRepair[] = [];
  for (const { file, found } of findLeftovers(paths, await backend.list(() => undefined))) {
    const path = join(paths.folder, file);
    const isOurs = basename(path).startsWith(temporaryPrefix);
    if (!isOurs && Date.now() - lstatSync(path).mtimeMs < leftoverAgeMs) continue;
    repairs.push({ file: bookPath(root, path), did: `moved it away: ${found}`, original: keep.move(path) });
  }
  return repairs;
}

async function rewriteRegistry(
  root: string,
  paths: VersionPaths,
  backend: VersionBackend,
  keep: Keeper,
): Promise<VersionRepair[]> {
  let isDamaged = false;
  await backend.list((finding) => {
    if (finding.code === 'damaged-registry' || finding.code === 'missing-version') isDamaged = true;
  });
  if (!isDamaged) return [];
  const original = existsSync(paths.registry) ? keep.copy(paths.registry) : null;
  for (const ghost of await backend.listGhosts()) await backend.remove(ghost);
  await backend.settle();
  return [{ file: bookPath(root, paths.registry), did: 'wrote it again from metadata/', original }];
}
