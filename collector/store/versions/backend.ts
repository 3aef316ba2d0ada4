import type { Finding } from '../../formats/findings/finding.ts';
import type { VersionForm, VersionMetadata } from '../../formats/versions/version.ts';

/** What a reader of the store tells of damage; nothing stops it. */
export type Report = (finding: Finding) => void;

/** Content as it is stored: whole, or as a delta to the base that the metadata names. */
export interface StoredContent {
  form: VersionForm;
  bytes: Buffer;
}

/**
 * Where versions are kept. Names, deltas, checksums and retention lie above it and are the same for every backend; a
 * backend keeps bytes and metadata, whole or not at all, whatever happens in between. Every method that changes
 * something is called within `exclusive`.
 */
export interface VersionBackend {
  /** For people: the folder or address, e.g. "snapshots/store". */
  readonly place: string;
  /** Runs changes one at a time, among all that use the same store; resolves or rejects as the change does. */
  exclusive<T>(change: () => Promise<T>): Promise<T>;

  /** The metadata of every version, in no order; what is damaged is reported and the rest given. */
  list(report: Report): Promise<VersionMetadata[]>;
  /** The version with the latest time of creation. */
  newest(): Promise<VersionMetadata | undefined>;
  /** A version of this very name, or one that differs from it only in case or in the form of accents. */
  findName(name: string): Promise<string | undefined>;
  /** Undefined where there is no such version. @throws VersionError `unreadable` where it is damaged. */
  readMetadata(version: string): Promise<VersionMetadata | undefined>;
  /** The bytes of the content in one form; undefined where it is not stored so. */
  readContent(version: string, form: VersionForm): Promise<Buffer | undefined>;
  /** Where the content of a version lies in one form, as messages name it. */
  placeOf(version: string, form: VersionForm): string;
  /** Data of the original that only Python can read; undefined where there is none. */
  findPythonDelta(version: string): Promise<string | undefined>;

  /** Adds a version; false where it is there already. */
  create(metadata: VersionMetadata, content: StoredContent): Promise<boolean>;
  /** Replaces the metadata of a version, tags for example. */
  writeMetadata(metadata: VersionMetadata): Promise<void>;
  /** Stores the same value in another form or upon another base; it can be read at every instant. `whole` is the full form. */
  replaceContent(metadata: VersionMetadata, content: StoredContent, whole: Buffer): Promise<void>;
  /** Takes a version away; nothing may depend on it. */
  remove(version: string): Promise<void>;

  /** Names that are listed though nothing of the version is there; `remove` takes them off the list. */
  listGhosts(): Promise<string[]>;

  /** Tags of periodic snapshots, by their id. */
  readPins(): Promise<Map<string, string[]>>;
  /** Sets the tags of a periodic snapshot; none removes the entry. */
  writePin(id: string, tags: readonly string[]): Promise<void>;

  /** Brings up to date what is only kept for speed or for other programs. */
  settle(): Promise<void>;
  /** Lets go of files and connections. */
  close(): Promise<void>;
}
