import { jsonText } from '../../base/json/text.ts';
import { checksumOf } from '../../formats/versions/content.ts';
import { VersionNotFoundError } from '../../formats/versions/errors.ts';
import {
  byNewest,
  entriesIn,
  parseVersionMetadata,
  storeTime,
  type VersionMetadata,
} from '../../formats/versions/version.ts';
import { listPeriodic, readPeriodic } from '../../store/periodic-store.ts';
import { findMetadata, taggedVersions, unknownVersion } from '../../store/versions/find-version.ts';
import { problemError, type ReadVersion, readVersionContent } from '../../store/versions/read-version.ts';
import type { ListOptions } from '../list-options.ts';
import type { VersionContext } from './context.ts';

/** How a version is read. */
export interface ReadOptions {
  /** Give the content even where it is not what its checksum says. */
  unverified?: boolean;
}

/**
 * One version with its content; periodic snapshots of the book are versions, too.
 * @throws VersionNotFoundError naming near versions; RefusedVersionError `unreadable` where it is damaged.
 */
export async function getVersion(
  context: VersionContext,
  version: string,
  options: ReadOptions = {},
): Promise<ReadVersion> {
  const metadata = await findMetadata(context.backend, version);
  if (metadata !== undefined) return withContent(context, metadata, options);
  const periodic = await findPeriodic(context, version);
  if (periodic !== undefined) return periodic;
  throw await unknownVersion(context.backend, version, periodicIds(context));
}

/** The version with the latest time of creation. @throws VersionNotFoundError where there is none. */
export async function latestVersion(
  context: VersionContext,
  options: ReadOptions = {},
): Promise<ReadVersion> {
  const newest = await context.backend.newest();
  if (newest !== undefined) return withContent(context, newest, options);
  throw new VersionNotFoundError(`There are no versions in ${context.backend.place}.`, {
    hint: 'Save the first one: daybook store save <file>.',
  });
}

/** The newest version with a tag. @throws VersionNotFoundError naming near tags. */
export async function versionByTag(
  context: VersionContext,
  tag: string,
  options: ReadOptions = {},
): Promise<ReadVersion> {
  return (await versionsByTag(context, tag, options, 1))[0]!;
}

/** Every version with a tag, newest first, periodic snapshots included. @throws VersionNotFoundError naming near tags. */
export async function versionsByTag(
  context: VersionContext,
  tag: string,
  options: ReadOptions = {},
  most = Number.POSITIVE_INFINITY,
): Promise<ReadVersion[]> {
  const found: ReadVersion[] = [];
  for (const metadata of (await listTagged(context, tag)).slice(0, most)) {
    const periodic = await findPeriodic(context, metadata.version);
    found.push(periodic ?? (await withContent(context, metadata, options)));
  }
  return found;
}

/** Which versions a list has. */
export interface VersionChoice extends ListOptions {
  tag?: string | undefined;
}

/** The metadata of versions, newest first. @throws VersionNotFoundError naming near tags. */
export async function listVersions(
  context: VersionContext,
  { tag, limit, report = () => undefined }: VersionChoice = {},
): Promise<VersionMetadata[]> {
  const all = (await context.backend.list(report)).sort(byNewest);
  return (tag === undefined ? all : await listTagged(context, tag)).slice(0, limit);
}

/**
 * The metadata of what has a tag, newest first, periodic snapshots included. A pinned snapshot that is gone is left out,
 * as is one that cannot be read: doctor tells.
 * @throws VersionNotFoundError naming near tags.
 */
async function listTagged(context: VersionContext, tag: string): Promise<VersionMetadata[]> {
  const pinned: VersionMetadata[] = [];
  for (const id of await pinnedWith(context, tag)) {
    const read = await findPeriodic(context, id).catch(() => undefined);
    if (read !== undefined) pinned.push(read.metadata);
  }
  const tagged = await taggedVersions(context.backend, tag).catch((error: unknown) => {
    if (pinned.length > 0 && error instanceof VersionNotFoundError) return [];
    throw error;
  });
  return [...tagged, ...pinned].sort(byNewest);
}

/** A version by whatever people call it: its name, a periodic snapshot, "latest", or a tag. */
export async function resolveVersion(context: VersionContext, name: string): Promise<ReadVersion> {
  const metadata = await findMetadata(context.backend, name);
  if (metadata !== undefined) return withContent(context, metadata, {});
  const periodic = await findPeriodic(context, name);
  if (periodic !== undefined) return periodic;
  if (name === 'latest') return latestVersion(context);
  try {
    return await versionByTag(context, name);
  } catch (error) {
    if (!(error instanceof VersionNotFoundError)) throw error;
    throw await unknownVersion(context.backend, name, periodicIds(context));
  }
}

async function withContent(
  { backend }: VersionContext,
  metadata: VersionMetadata,
  options: ReadOptions,
): Promise<ReadVersion> {
  const content = await readVersionContent(backend, metadata, options);
  if (!content.ok) throw problemError(metadata.version, content.problem);
  return { data: content.data, metadata };
}

/** The ids of the book's periodic snapshots, oldest first. */
export function periodicIds({ root }: VersionContext): string[] {
  return root === undefined ? [] : listPeriodic(root).map((each) => each.id);
}

/** A periodic snapshot as a version; undefined where there is none of this id. */
export async function findPeriodic(context: VersionContext, id: string): Promise<ReadVersion | undefined> {
  if (context.root === undefined || !id.startsWith('periodic_')) return undefined;
  const { record, finding } = readPeriodic(context.root, id);
  if (finding !== undefined && record === undefined) throw problemError(id, finding);
  if (record === undefined) return undefined;
  const data = record.content;
  const tags = (await context.backend.readPins()).get(id) ?? [];
  const metadata = {
    created_at: storeTime(record.atUs),
    tags,
    checksum: checksumOf(data),
    size_bytes: Buffer.byteLength(jsonText(data)),
    entry_count: entriesIn(data),
    stored_bytes: record.bytes,
  };
  return { data, metadata: parseVersionMetadata(metadata, id)! };
}

async function pinnedWith(context: VersionContext, tag: string): Promise<string[]> {
  if (context.root === undefined) return [];
  const wanted = tag.normalize('NFC').trim();
  const pins = [...(await context.backend.readPins())];
  return pins.filter(([, tags]) => tags.includes(wanted)).map(([id]) => id);
}
