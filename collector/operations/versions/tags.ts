import { nearest } from '../../base/nearest.ts';
import { showText } from '../../base/show.ts';
import { VersionNotFoundError } from '../../formats/versions/errors.ts';
import { checkTag } from '../../formats/versions/name.ts';
import type { VersionMetadata } from '../../formats/versions/version.ts';
import { maskingOf } from '../../store/book-masking.ts';
import { findMetadata, unknownVersion } from '../../store/versions/find-version.ts';
import type { VersionContext } from './context.ts';
import { notOfBook } from './prune.ts';
import { findPeriodic, periodicIds } from './read.ts';

/** Adds tags to a version, the "latest" one, or a periodic snapshot; those it has already stay. Gives its tags back. */
export async function tagVersion(
  context: VersionContext,
  version: string,
  tags: readonly string[],
): Promise<string[]> {
  const added = tags.map(checkTag);
  return changeTags(context, version, (known) => [...new Set([...known, ...added])]);
}

/** Takes tags from a version or a periodic snapshot. @throws VersionNotFoundError for a tag it does not have. */
export async function untagVersion(
  context: VersionContext,
  version: string,
  tags: readonly string[],
): Promise<string[]> {
  const removed = new Set(tags.map((tag) => tag.normalize('NFC').trim()));
  return changeTags(context, version, (known) => {
    const forms = known.map((tag) => tag.normalize('NFC').trim());
    const missing = [...removed].find((tag) => !forms.includes(tag));
    if (missing !== undefined) throw notTagged(version, missing, known);
    return known.filter((_, index) => !removed.has(forms[index]!));
  });
}

/** Every tag with the number of versions and pinned snapshots that have it, by name. */
export async function listTags({ backend }: VersionContext): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const count = (tags: readonly string[]) => {
    for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  };
  for (const { tags } of await backend.list(() => undefined)) count(tags);
  for (const tags of (await backend.readPins()).values()) count(tags);
  return new Map([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function changeTags(
  context: VersionContext,
  version: string,
  change: (tags: string[]) => string[],
): Promise<string[]> {
  const { backend } = context;
  const { texts } = await maskingOf(context.root);
  return backend.exclusive(async () => {
    const named = await findMetadata(backend, version);
    const metadata = named ?? (version === 'latest' ? await backend.newest() : undefined);
    if (metadata !== undefined) {
      const tags = texts(change(metadata.tags));
      if (tags.join('\n') !== metadata.tags.join('\n')) await backend.writeMetadata({ ...metadata, tags });
      return tags;
    }
    const periodic = await findPeriodic(context, version);
    if (periodic === undefined) throw await unknownVersion(backend, version, periodicIds(context));
    if (!context.isOfBook) throw notOfBook();
    const tags = texts(change(periodic.metadata.tags));
    await backend.writePin(version, tags);
    return tags;
  });
}

function notTagged(version: string, tag: string, known: VersionMetadata['tags']): VersionNotFoundError {
  const near = nearest(tag, known);
  const all = known.map((each) => `"${showText(each)}"`).join(', ');
  return new VersionNotFoundError(`"${showText(version)}" does not have the tag "${showText(tag)}".`, {
    hint:
      near !== undefined
        ? `Did you mean "${showText(near)}"?`
        : all === ''
          ? 'It has no tags.'
          : `It has ${all}.`,
  });
}
