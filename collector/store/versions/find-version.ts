import { nearest } from '../../base/nearest.ts';
import { showText } from '../../base/show.ts';
import { VersionNotFoundError } from '../../formats/versions/errors.ts';
import { byNewest, type VersionMetadata } from '../../formats/versions/version.ts';
import type { VersionBackend } from './backend.ts';

/** The metadata of the version of this name, or a "not found" that says which near ones there are. */
export async function getMetadata(backend: VersionBackend, version: string): Promise<VersionMetadata> {
  const metadata = await findMetadata(backend, version);
  if (metadata !== undefined) return metadata;
  throw await unknownVersion(backend, version);
}

/** The metadata of the version of this name; accents count in whatever form they are written, case counts. */
export async function findMetadata(
  backend: VersionBackend,
  version: string,
): Promise<VersionMetadata | undefined> {
  const direct = await backend.readMetadata(version);
  if (direct !== undefined) return direct;
  const name = await backend.findName(version);
  const isSame = name !== undefined && name.normalize('NFC') === version.normalize('NFC');
  return isSame ? backend.readMetadata(name) : undefined;
}

/** The versions that have a tag, newest first; a "not found" that names near tags where there is none. */
export async function taggedVersions(backend: VersionBackend, tag: string): Promise<VersionMetadata[]> {
  const all = await backend.list(() => undefined);
  const wanted = tag.normalize('NFC').trim();
  const tagged = all.filter((each) => each.tags.some((one) => one.normalize('NFC') === wanted));
  if (tagged.length > 0) return tagged.sort(byNewest);
  const pinned = [...(await backend.readPins()).values()].flat();
  const tags = new Set([...all.flatMap((each) => each.tags), ...pinned]);
  const near = nearNames(tag, tags);
  const known = list([...tags].sort().slice(0, 8));
  throw new VersionNotFoundError(`No version has the tag "${showText(tag)}".`, {
    hint:
      near.length > 0
        ? `Near are ${list(near)}.`
        : tags.size > 0
          ? `Tags are ${known}${tags.size > 8 ? ', …' : ''}.`
          : 'No version has a tag yet.',
  });
}

/** The error for a name that no version has. `others` are further names that could have been meant. */
export async function unknownVersion(
  backend: VersionBackend,
  wanted: string,
  others: readonly string[] = [],
): Promise<VersionNotFoundError> {
  const all = await backend.list(() => undefined);
  const tags = new Set(all.flatMap((each) => each.tags));
  const pinned = [...(await backend.readPins()).values()].flat();
  const near = nearNames(wanted, [...all.map((each) => each.version), ...others]);
  const nearTags = near.length > 0 || tags.has(wanted) ? [] : nearNames(wanted, [...tags, ...pinned]);
  const hints = [
    ...(near.length > 0 ? [`Near are ${list(near)}.`] : []),
    ...(nearTags.length > 0 ? [`Near are the tags ${list(nearTags)}.`] : []),
    ...(tags.has(wanted) ? ['There is a tag of this name: use --tag.'] : []),
  ];
  const none =
    all.length === 0
      ? 'There are no versions yet: daybook store save <file> makes one.'
      : 'Run daybook store versions to see all.';
  return new VersionNotFoundError(`There is no version "${showText(wanted)}" in ${backend.place}.`, {
    hint: hints.length > 0 ? hints.join(' ') : none,
  });
}

/** Up to three names that were probably meant. */
function nearNames(wanted: string, candidates: Iterable<string>): string[] {
  const left = new Map([...candidates].map((name) => [name.toLowerCase(), name]));
  const found: string[] = [];
  while (found.length < 3) {
    const next = nearest(wanted.toLowerCase(), left.keys());
    if (next === undefined) break;
    found.push(left.get(next)!);
    left.delete(next);
  }
  return found;
}

function list(names: readonly string[]): string {
  return names.map((name) => `"${showText(name)}"`).join(', ');
}
