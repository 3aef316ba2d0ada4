import type { VersionDetails, VersionState, VersionView } from './types.ts';

/** data/versions/index.json: all versions, newest first, column by column. */
export interface VersionIndex {
  format: 1;
  total: number;
  versions: string[];
  /** Names of the pages of the newest; the others are shown by version.html. */
  slugs: string[];
  atUs: (number | null)[];
  tags: string[][];
  descriptions: string[];
  /** Position of the base of a delta, its name where it is not there, null for whole versions. */
  base: (number | string | null)[];
  fullBytes: number[];
  storedBytes: number[];
  states: VersionState[];
  /** Why a version cannot be read, by position. */
  problems: Record<string, string>;
  /** Position of the version that `changes` counts from. */
  before: (number | null)[];
  changes: (number | null)[];
  /** Number of the file chunk-NNNN.json.gz that holds it. */
  chunk: number[];
}

/** data/versions/chunk-0000.json.gz: metadata, content and what is wrong with it. */
export type VersionChunk = ({ version: string } & VersionDetails)[];

/** Name of a chunk without its ending. */
export function versionChunkName(chunk: number): string {
  return `chunk-${String(chunk).padStart(4, '0')}`;
}

/** The index of versions in the order of lists. */
export function versionIndex(
  views: readonly VersionView[],
  chunkOf: (version: string) => number,
): VersionIndex {
  const positions = new Map(views.map((view, position) => [view.version, position]));
  const problems: Record<string, string> = {};
  for (const [position, view] of views.entries()) if (view.problem !== '') problems[position] = view.problem;
  return {
    format: 1,
    total: views.length,
    versions: views.map(({ version }) => version),
    slugs: views.flatMap(({ slug }) => (slug === undefined ? [] : [slug])),
    atUs: views.map(({ atUs }) => atUs ?? null),
    tags: views.map(({ tags }) => tags),
    descriptions: views.map(({ description }) => description),
    base: views.map(({ base }) => (base === undefined ? null : (positions.get(base) ?? base))),
    fullBytes: views.map(({ fullBytes }) => fullBytes),
    storedBytes: views.map(({ storedBytes }) => storedBytes),
    states: views.map(({ state }) => state),
    problems,
    before: views.map(({ before }) => (before === undefined ? null : (positions.get(before) ?? null))),
    changes: views.map(({ changes }) => changes ?? null),
    chunk: views.map(({ version }) => chunkOf(version)),
  };
}

/** The lists back from the index. */
export function viewsOfIndex(index: VersionIndex): VersionView[] {
  return index.versions.map((version, at) => {
    const base = index.base[at];
    const before = index.before[at];
    return {
      version,
      slug: index.slugs[at],
      atUs: index.atUs[at] ?? undefined,
      tags: index.tags[at] ?? [],
      description: index.descriptions[at] ?? '',
      base: typeof base === 'number' ? index.versions[base] : (base ?? undefined),
      fullBytes: index.fullBytes[at] ?? 0,
      storedBytes: index.storedBytes[at] ?? 0,
      state: index.states[at] ?? 'unread',
      problem: Object.hasOwn(index.problems, at) ? (index.problems[at] ?? '') : '',
      before: typeof before === 'number' ? index.versions[before] : undefined,
      changes: index.changes[at] ?? undefined,
    };
  });
}
