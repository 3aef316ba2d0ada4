import { isObject } from '../../base/json/json.ts';
import { parseLenientJson } from '../../base/json/lenient.ts';
import { VersionError } from '../../formats/versions/errors.ts';
import { parseVersionMetadata, type VersionMetadata, withBase } from '../../formats/versions/version.ts';
import type { BookVersions } from '../versions/book-versions.ts';
import type { VersionContext } from '../versions/context.ts';
import { type GitEntries, kindOf, type OtherSide } from './book-files.ts';
import type { SyncPlace } from './place.ts';
import type { BookHere } from './scan.ts';

/** What became of versions that both sides have and both changed. */
export interface SettledVersions {
  /** Versions of ours that took another name, by the file of their metadata. */
  renamed: { from: string; to: string }[];
  /** Files of ours that now hold what both sides said. */
  joined: Set<string>;
  isChanged: boolean;
}

/**
 * Settles, in the store of the work tree, what no merge of files could: of two versions with one name ours takes the next
 * free one, and what led on from it is stored again; of one version with other tags on each side, all tags stay.
 */
export async function settleVersions(
  place: SyncPlace,
  root: string,
  here: BookHere,
  other: OtherSide,
): Promise<SettledVersions> {
  const settled: SettledVersions = { renamed: [], joined: new Set(), isChanged: false };
  const clashes = [...other.theirs].filter(([path, { oid }]) => isClash(place, here, other, path, oid));
  if (clashes.length === 0) return settled;
  const blobs = await place.objects.blobs(clashes.map(([, { oid }]) => oid));
  // Much code that is hardly ever needed.
  const { openVersionContext, versionsOf } = await import('../versions/book-versions.ts');
  const store = openVersionContext(root);
  const versions = versionsOf(store);
  try {
    for (const [number, [path]] of clashes.entries()) {
      const [, folder, name = ''] = fileOf(place, path) ?? [];
      const parsed = parseLenientJson(blobs[number]!.toString('utf8'));
      if (!parsed.ok) continue;
      try {
        if (folder === 'periodic') await joinPins(store, settled, path, name, parsed.value);
        else {
          const their = parseVersionMetadata(parsed.value, name);
          if (their !== undefined)
            await settleVersion(versions, store, settled, { place, here, other, path, name, their });
        }
      } catch (error) {
        // A version that cannot be read keeps its name: the clash is told as a conflict.
        if (!(error instanceof VersionError)) throw error;
      }
    }
  } finally {
    await versions.close();
  }
  return settled;
}

function isClash(place: SyncPlace, here: BookHere, { bases }: OtherSide, path: string, oid: string): boolean {
  const own = here.files.get(path)?.oid;
  if (own === undefined || own === oid || fileOf(place, path) === null) return false;
  return !bases.some((base) => base.get(path)?.oid === own || base.get(path)?.oid === oid);
}

function fileOf(place: SyncPlace, path: string): RegExpExecArray | null {
  if (kindOf(place, path) !== 'version') return null;
  return /^snapshots\/store\/(metadata|periodic)\/([^/]+)\.json$/.exec(path.slice(place.prefix.length));
}

interface Clash {
  place: SyncPlace;
  here: BookHere;
  other: OtherSide;
  path: string;
  name: string;
  their: VersionMetadata;
}

async function settleVersion(
  versions: BookVersions,
  store: VersionContext,
  settled: SettledVersions,
  clash: Clash,
): Promise<void> {
  const { here, name, other, path, place, their } = clash;
  const own = await versions.find(name);
  const folder = `${place.prefix}snapshots/store/`;
  if (own.checksum !== null && own.checksum === their.checksum) {
    const tags = [...new Set([...their.tags, ...own.tags])];
    const { backend } = store;
    if (tags.join('\n') !== own.tags.join('\n'))
      await backend.exclusive(() => backend.writeMetadata({ ...own, tags }));
    settled.isChanged = true;
    for (const file of [path, `${folder}data/${name}.data`, `${folder}data/${name}.patch.json`])
      settled.joined.add(file);
    return;
  }
  const { data } = await versions.get(name);
  const to = freeVersion(folder, here, other.theirs, name);
  await versions.save(data, {
    version: to,
    tags: own.tags,
    description: own.description,
    userInfo: withBase(own, undefined).user_info,
    createdAt: own.created_at,
  });
  await versions.delete(name);
  settled.renamed.push({ from: path, to: `${folder}metadata/${to}.json` });
  settled.isChanged = true;
}

function freeVersion(store: string, here: BookHere, theirs: GitEntries, name: string): string {
  const stem = name.slice(0, 100);
  for (let number = 2; ; number++) {
    const file = `${store}metadata/${stem}-${number}.json`;
    if (!here.files.has(file) && !theirs.has(file)) return `${stem}-${number}`;
  }
}

async function joinPins(
  { backend }: VersionContext,
  settled: SettledVersions,
  path: string,
  id: string,
  their: unknown,
): Promise<void> {
  const tags = isObject(their) && Array.isArray(their['tags']) ? their['tags'] : [];
  const theirTags = tags.filter((tag) => typeof tag === 'string');
  await backend.exclusive(async () => {
    const own = (await backend.readPins()).get(id) ?? [];
    const both = [...new Set([...theirTags, ...own])];
    if (both.join('\n') !== own.join('\n')) await backend.writePin(id, both);
  });
  settled.joined.add(path);
  settled.isChanged = true;
}
