import { plainText } from '../../../collector/base/format/plain.ts';
import { formatTime } from '../../../collector/base/format/time.ts';
import type { JsonValue } from '../../data/browser.ts';
import type { DataFiles } from '../data-files.ts';
import { VersionStore } from '../versions/store.ts';
import { SnapshotStore } from './store.ts';

/** A state that can be compared with any other: a version or a periodic snapshot. */
export interface Comparable {
  kind: 'version' | 'snapshot';
  name: string;
  atUs: number | undefined;
  /** What a list offers it as. */
  label: string;
  /** Its place among those of its kind, the oldest first. */
  place: number;
  content(): Promise<JsonValue>;
}

/** All states of a book that can be compared. */
export interface Comparables {
  /** Oldest first. */
  versions: Comparable[];
  snapshots: Comparable[];
  /** The state that an address means: a name, a tag, or "latest". */
  find(wanted: string): Comparable | undefined;
  /** What an address says of a state. */
  addressOf(one: Comparable): string;
}

/** Opens the states in the given data files; a kind without files has none. */
export async function openComparables(files: {
  versions: DataFiles | undefined;
  snapshots: DataFiles | undefined;
}): Promise<Comparables> {
  const [versions, snapshots] = await Promise.all([
    files.versions === undefined
      ? { list: [], tags: new Map<string, string>() }
      : readVersions(files.versions),
    files.snapshots === undefined ? [] : readSnapshots(files.snapshots),
  ]);
  const byName = new Map([...versions.list, ...snapshots].map((one) => [one.name, one]));
  const versionNames = new Map(versions.list.map((one) => [one.name, one]));
  return {
    versions: versions.list,
    snapshots,
    find: (wanted) =>
      (wanted.startsWith(versionPrefix) ? versionNames.get(wanted.slice(versionPrefix.length)) : undefined) ??
      byName.get(wanted) ??
      (wanted === 'latest' ? versions.list.at(-1) : versionNames.get(versions.tags.get(wanted) ?? '')),
    addressOf: (one) => (byName.get(one.name) === one ? one.name : `${versionPrefix}${one.name}`),
  };
}

/** Stands before the name of a version where a snapshot has the same. */
const versionPrefix = 'version:';

async function readVersions(files: DataFiles): Promise<{ list: Comparable[]; tags: Map<string, string> }> {
  const store = await VersionStore.open(files);
  const tags = new Map<string, string>();
  for (const { version, tags: own } of store.views)
    for (const tag of own) if (!tags.has(tag)) tags.set(tag, version);
  const oldestFirst = [...store.views].reverse();
  const list = oldestFirst.map((view, place): Comparable => {
    const parts = [
      view.version,
      view.atUs === undefined ? '' : formatTime(view.atUs).slice(0, 16),
      view.tags.slice(0, 3).join(', '),
      view.problem === '' ? '' : 'cannot be read',
    ];
    return {
      kind: 'version',
      name: view.version,
      atUs: view.atUs,
      label: plainText(parts.filter(Boolean).join(' · ')),
      place,
      async content() {
        const details = await store.detailsOf(view.version);
        if (details?.content !== undefined) return details.content;
        const why = view.problem === '' ? 'its content is too large for this site' : view.problem;
        throw new Error(`${plainText(view.version)} cannot be shown: ${plainText(why)}`);
      },
    };
  });
  return { list, tags };
}

async function readSnapshots(files: DataFiles): Promise<Comparable[]> {
  const store = await SnapshotStore.open(files);
  const { ids, atUs, health } = store.index;
  return ids.map((id, place) => ({
    kind: 'snapshot',
    name: id,
    atUs: atUs[place],
    label: `${formatTime(atUs[place]!)}${health[place] === 'operational' ? '' : `, ${health[place]}`}`,
    place,
    content: () => store.content(place),
  }));
}
