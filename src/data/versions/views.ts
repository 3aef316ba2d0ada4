import { shorten } from '../../../collector/base/format/words.ts';
import type { VersionContent } from '../../../collector/store/versions/read-version.ts';
import type { StoreFile } from '../../../collector/store/versions/version-reader.ts';
import { oneLine } from '../actions/text.ts';
import { differences, type JsonValue, jsonText, parseTime } from '../browser.ts';
import { problemText } from './problem.ts';
import type { VersionPublisher } from './publish.ts';
import type { VersionReads } from './reads.ts';
import { versionSlug } from './slug.ts';
import type { Finding, VersionMetadata, VersionState, VersionView } from './types.ts';

/** Contents above this size are not published: no page would show them. */
const maxOneBytes = 8_000_000;
/** So much is read and published of all versions, the newest first. */
const maxAllBytes = 200_000_000;
/** Larger contents are not compared at build time. */
const maxComparedBytes = 1_000_000;
const maxDescriptionChars = 240;
/** Contents that are kept to be compared with those behind them. */
const maxKept = 16;

/**
 * Reads every version once, oldest first, hands it to the publisher, and says what lists show of it, newest first. What
 * is wrong with one is reported and holds up none of the others.
 */
export async function readVersionViews(
  reads: VersionReads,
  given: {
    files: readonly StoreFile[];
    pages: number;
    publisher: VersionPublisher;
    report: (finding: Finding) => void;
  },
): Promise<VersionView[]> {
  const newestFirst = await reads.list();
  const stored = storedBytes(given.files);
  const readable = withinBudget(newestFirst);
  const byName = new Map(newestFirst.map((metadata) => [metadata.version, metadata]));
  const contents = recentContents(maxKept);
  const views: VersionView[] = [];
  let previous: string | undefined;
  for (const [number, metadata] of [...newestFirst.entries()].reverse()) {
    const { version } = metadata;
    const base = reads.baseOf(metadata);
    const before = base !== undefined && byName.has(base) ? base : previous;
    const read = readable.has(version) ? await reads.read(metadata) : undefined;
    if (read?.ok === false) given.report(read.problem);
    const bytes = read?.ok === true ? Buffer.byteLength(jsonText(read.data)) : 0;
    const isShown = read?.ok === true && bytes <= maxOneBytes;
    const shown = isShown ? { content: read.data } : {};
    const problem = read?.ok === false ? { problem: read.problem } : {};
    given.publisher.add({ metadata, ...shown, ...problem }, isShown ? bytes : 0);
    const onDisk = stored.get(version) ?? 0;
    views.push({
      version,
      slug: number < given.pages ? versionSlug(version) : undefined,
      atUs: parseTime(metadata.created_at)?.us,
      tags: metadata.tags,
      description: shorten(oneLine(metadata.description.trim()), maxDescriptionChars),
      base,
      fullBytes: base === undefined ? onDisk : bytes || metadata.size_bytes || onDisk,
      storedBytes: onDisk,
      state: stateOf(metadata, read),
      problem: read?.ok === false ? problemText(read.problem) : '',
      before,
      changes: undefined,
    });
    if (read?.ok === true) previous = version;
    if (read?.ok !== true || bytes > maxComparedBytes) continue;
    contents.set(version, read.data);
    const earlier = before === undefined || !readable.has(before) ? undefined : byName.get(before);
    const known =
      contents.get(before) ?? (earlier === undefined ? undefined : contentOf(await reads.read(earlier)));
    views.at(-1)!.changes = countChanges(known, read.data);
  }
  return views.reverse();
}

function countChanges(before: { data: JsonValue } | undefined, after: JsonValue): number | undefined {
  return before === undefined ? undefined : differences(before.data, after).length;
}

function contentOf(read: VersionContent): { data: JsonValue } | undefined {
  return read.ok ? { data: read.data } : undefined;
}

function stateOf({ checksum }: VersionMetadata, read: VersionContent | undefined): VersionState {
  if (read === undefined) return 'unread';
  if (read.ok) return checksum === null ? 'unchecked' : 'sound';
  const { code } = read.problem;
  return code === 'python-only' ? 'python' : code === 'missing-version' ? 'missing' : 'damaged';
}

/** What the content of each version takes on disk, in whatever forms it lies there. */
function storedBytes(files: readonly StoreFile[]): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const { version, bytes } of files)
    if (version !== undefined) sizes.set(version, (sizes.get(version) ?? 0) + bytes);
  return sizes;
}

/** The versions that are read, the newest first, until there is too much to publish. */
function withinBudget(newestFirst: readonly VersionMetadata[]): Set<string> {
  const within = new Set<string>();
  let bytes = 0;
  for (const { version, size_bytes } of newestFirst) {
    if (size_bytes > maxOneBytes * 2) continue;
    bytes += size_bytes;
    if (bytes > maxAllBytes) break;
    within.add(version);
  }
  return within;
}

/** The contents that came last, by version. */
function recentContents(most: number): {
  get(version: string | undefined): { data: JsonValue } | undefined;
  set(version: string, data: JsonValue): void;
} {
  const kept = new Map<string, { data: JsonValue }>();
  return {
    get: (version) => (version === undefined ? undefined : kept.get(version)),
    set(version, data) {
      kept.set(version, { data });
      if (kept.size > most) kept.delete(kept.keys().next().value as string);
    },
  };
}
