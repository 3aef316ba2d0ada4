import type { JsonValue } from '../../base/json/json.ts';
import { checksumOf, serializeContent } from '../../formats/versions/content.ts';
import { createDelta } from '../../formats/versions/delta.ts';
import { RefusedVersionError, VersionNotFoundError } from '../../formats/versions/errors.ts';
import { baseOf, byNewest, type VersionMetadata, withBase } from '../../formats/versions/version.ts';
import { unknownVersion } from '../../store/versions/find-version.ts';
import { readVersionContent } from '../../store/versions/read-version.ts';
import type { VersionContext } from './context.ts';
import { periodicIds } from './read.ts';

/** What became of versions that were to go. */
export interface Removal {
  removed: string[];
  /** Versions that were stored again, because what they led on from went. */
  rebased: string[];
  /** Versions that stay after all, because one that cannot be read depends on them. */
  kept: { version: string; reason: string }[];
}

/** Deletes one version; what depends on it is stored again first. @throws VersionNotFoundError, RefusedVersionError. */
export async function deleteVersion(context: VersionContext, version: string): Promise<Removal> {
  const { backend } = context;
  return backend.exclusive(async () => {
    const ghosts = await backend.listGhosts();
    if (ghosts.includes(version)) {
      await backend.remove(version);
      return { removed: [version], rebased: [], kept: [] };
    }
    const all = await backend.list(() => undefined);
    const name = all.find((each) => each.version === version)?.version ?? (await backend.findName(version));
    if (name === undefined || name.normalize('NFC') !== version.normalize('NFC')) {
      if (periodicIds(context).includes(version)) throw isPeriodic(version);
      throw await unknownVersion(backend, version);
    }
    return removeVersions(context, new Set([name]), 'refuse');
  });
}

function isPeriodic(id: string): VersionNotFoundError {
  return new VersionNotFoundError(`"${id}" is a periodic snapshot, not a version of the store.`, {
    hint: 'daybook store prune --periodic takes old snapshots away by rules; git rm takes a single one.',
  });
}

/** Deletes every version and what the list says of others. */
export async function clearVersions(context: VersionContext): Promise<string[]> {
  const { backend } = context;
  return backend.exclusive(async () => {
    const all = await backend.list(() => undefined);
    const { removed } = await removeVersions(context, new Set(all.map((each) => each.version)), 'keep');
    for (const ghost of await backend.listGhosts()) await backend.remove(ghost);
    await backend.settle();
    return removed;
  });
}

/**
 * Takes versions away, what depends on them first stored again: upon the nearest version below that stays, else whole.
 * Called within `exclusive`; at every instant each version that stays can be read.
 */
export async function removeVersions(
  context: VersionContext,
  wanted: ReadonlySet<string>,
  onUnreadable: 'refuse' | 'keep',
): Promise<Removal> {
  const { backend } = context;
  const all = new Map((await backend.list(() => undefined)).map((each) => [each.version, each]));
  const doomed = new Set([...wanted].filter((name) => all.has(name)));
  const values = await readDependants(context, all, doomed, onUnreadable);
  const kept = [...wanted].filter((name) => all.has(name) && !doomed.has(name));
  const rebased: string[] = [];
  const heads = new Map<string, { metadata: VersionMetadata; value: JsonValue }>();
  for (const metadata of dependantsOf(all, doomed)) {
    const value = values.get(metadata.version)!;
    const changed = await rebase(context, all, doomed, heads, metadata, value);
    all.set(changed.version, changed);
    rebased.push(changed.version);
  }
  await renewChains(context, all, doomed);
  const order = [...doomed].sort((a, b) => depthOf(all, b) - depthOf(all, a));
  for (const name of order) await backend.remove(name);
  const reason = 'a version that cannot be read depends on it';
  return { removed: order, rebased, kept: kept.map((version) => ({ version, reason })) };
}

/** Versions that stay and lead on from one that goes, the oldest first. */
function dependantsOf(
  all: ReadonlyMap<string, VersionMetadata>,
  doomed: ReadonlySet<string>,
): VersionMetadata[] {
  const found = [...all.values()].filter(
    (each) => !doomed.has(each.version) && doomed.has(baseOf(each) ?? ''),
  );
  return found.sort((a, b) => byNewest(b, a));
}

/** The content of all that must be stored again; a version whose dependant cannot be read must not go. */
async function readDependants(
  { backend }: VersionContext,
  all: ReadonlyMap<string, VersionMetadata>,
  doomed: Set<string>,
  onUnreadable: 'refuse' | 'keep',
): Promise<Map<string, JsonValue>> {
  const values = new Map<string, JsonValue>();
  for (let again = true; again; ) {
    again = false;
    for (const metadata of dependantsOf(all, doomed)) {
      if (values.has(metadata.version)) continue;
      const content = await readVersionContent(backend, metadata);
      if (content.ok) values.set(metadata.version, content.data);
      else if (onUnreadable === 'keep') {
        // What the unreadable one needs stays, all the way down.
        for (let name = baseOf(metadata); name !== undefined && all.has(name); name = baseOf(all.get(name)!))
          if (!doomed.delete(name)) break;
        again = true;
      } else {
        throw new RefusedVersionError(
          'unreadable',
          `"${baseOf(metadata)}" cannot be deleted: "${metadata.version}" depends on it and cannot be read (${content.problem.found}).`,
          {
            where: content.problem.file,
            hint: `Delete "${metadata.version}" first, or mend it. ${content.problem.hint}`,
          },
        );
      }
    }
  }
  return values;
}

async function rebase(
  { backend, strategy }: VersionContext,
  all: ReadonlyMap<string, VersionMetadata>,
  doomed: ReadonlySet<string>,
  heads: Map<string, { metadata: VersionMetadata; value: JsonValue }>,
  metadata: VersionMetadata,
  value: JsonValue,
): Promise<VersionMetadata> {
  const whole = serializeContent(value);
  const { ancestor, root } = wayDown(all, doomed, metadata);
  const below = ancestor ?? heads.get(root)?.metadata;
  const start = ancestor === undefined ? heads.get(root)?.value : await contentOf(backend, ancestor);
  const text =
    below === undefined || start === undefined || strategy === 'full' ? undefined : createDelta(start, value);
  const isDelta = text !== undefined && Buffer.byteLength(text) * 2 <= whole.length;
  const bytes = isDelta ? Buffer.from(text) : whole;
  const chain = isDelta ? chainIn(all, below!) : undefined;
  // The original's checksum is of its own text, which is not the one that is written now.
  const changed = { ...withBase(metadata, chain), stored_bytes: bytes.length, checksum: checksumOf(value) };
  if (changed.checksum !== metadata.checksum)
    await backend.writeMetadata({ ...metadata, checksum: changed.checksum });
  await backend.replaceContent(changed, { form: isDelta ? 'delta' : 'full', bytes }, whole);
  // Of several that lose the same root the first becomes whole and the others lead on from it.
  if (!isDelta && ancestor === undefined && !heads.has(root)) heads.set(root, { metadata: changed, value });
  return changed;
}

async function contentOf(
  backend: VersionContext['backend'],
  metadata: VersionMetadata,
): Promise<JsonValue | undefined> {
  const content = await readVersionContent(backend, metadata);
  return content.ok ? content.data : undefined;
}

/** The nearest version below that stays, and the last name on the way down. */
function wayDown(
  all: ReadonlyMap<string, VersionMetadata>,
  doomed: ReadonlySet<string>,
  metadata: VersionMetadata,
): { ancestor: VersionMetadata | undefined; root: string } {
  let root = metadata.version;
  const seen = new Set<string>();
  for (let next = baseOf(metadata); next !== undefined && !seen.has(next); ) {
    seen.add(next);
    root = next;
    const below = all.get(next);
    if (below === undefined) break;
    if (!doomed.has(next)) return { ancestor: below, root };
    next = baseOf(below);
  }
  return { ancestor: undefined, root };
}

/** The names from the root to a version, by the metadata known here. */
function chainIn(all: ReadonlyMap<string, VersionMetadata>, metadata: VersionMetadata): string[] {
  const names = [metadata.version];
  for (let base = baseOf(metadata); base !== undefined && !names.includes(base); ) {
    names.unshift(base);
    const below = all.get(base);
    base = below === undefined ? undefined : baseOf(below);
  }
  return names;
}

/** What stands above something that was stored again has another way down now. */
async function renewChains(
  { backend }: VersionContext,
  all: Map<string, VersionMetadata>,
  doomed: ReadonlySet<string>,
): Promise<void> {
  for (const metadata of all.values()) {
    if (doomed.has(metadata.version) || metadata.chain === undefined) continue;
    const chain = chainIn(all, metadata).slice(0, -1);
    if (chain.join('\n') === metadata.chain.join('\n')) continue;
    const renewed = { ...metadata, chain };
    await backend.writeMetadata(renewed);
    all.set(metadata.version, renewed);
  }
}

function depthOf(all: ReadonlyMap<string, VersionMetadata>, name: string): number {
  return chainIn(all, all.get(name)!).length;
}
