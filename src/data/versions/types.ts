import type { JsonValue } from '../../../collector/base/json/json.ts';
import type { Finding } from '../../../collector/formats/findings/finding.ts';
import type { VersionMetadata } from '../../../collector/formats/versions/version.ts';
import type { BookFile, Counted } from '../book/counts.ts';

export type { JsonValue } from '../../../collector/base/json/json.ts';
export type { Finding } from '../../../collector/formats/findings/finding.ts';
export type { VersionMetadata } from '../../../collector/formats/versions/version.ts';

/**
 * Whether the content of a version could be read: `sound` and as its checksum says; `unchecked` where it has none;
 * `unread` where the build left it alone because there is too much; `python` where only Python can read it.
 */
export type VersionState = 'sound' | 'unchecked' | 'unread' | 'python' | 'missing' | 'damaged';

/** A version as lists show it. */
export interface VersionView {
  version: string;
  /** Name of its page, where it has one. */
  slug: string | undefined;
  atUs: number | undefined;
  tags: string[];
  /** One line, shortened; "" where there is none. */
  description: string;
  /** Name of the version that it leads on from, where it is a delta. */
  base: string | undefined;
  /** Size of the whole content as JSON. */
  fullBytes: number;
  /** What it takes on disk. */
  storedBytes: number;
  state: VersionState;
  /** Why it cannot be read, in one line; "" where it can. */
  problem: string;
  /** What `changes` counts from: its base, or the version before it in time; undefined for the first. */
  before: string | undefined;
  /** Differences to `before`; undefined where they are not known. */
  changes: number | undefined;
}

/** All that is published of one version. */
export interface VersionDetails {
  metadata: VersionMetadata;
  /** Left out where there is none, or where it is too large for pages. */
  content?: JsonValue;
  problem?: Finding;
}

/** A periodic snapshot that has tags. */
export interface TaggedSnapshot {
  id: string;
  tags: string[];
}

/** All that the pages know about the versions of a book. */
export interface VersionsSummary {
  total: number;
  /** Newest first. */
  views: VersionView[];
  /** Names of the versions that get a page (the newest `site.versionPages`), newest first. */
  pages: string[];
  /** How many versions and tagged snapshots have a tag; the most first. */
  tags: Counted[];
  taggedSnapshots: TaggedSnapshot[];
  /** What registry.json lists though nothing else is there. */
  lost: { version: string; finding: Finding }[];
  /** What all contents take on disk, and what they would take whole. */
  storedBytes: number;
  fullBytes: number;
  files: BookFile[];
  detailsOf(version: string): VersionDetails | undefined;
}

/** A book without versions. */
export function noVersions(): VersionsSummary {
  return {
    total: 0,
    views: [],
    pages: [],
    tags: [],
    taggedSnapshots: [],
    lost: [],
    storedBytes: 0,
    fullBytes: 0,
    files: [],
    detailsOf: () => undefined,
  };
}
