import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { flushFolder, removeQuietly } from '../../base/atomic-file.ts';
import { systemCodeOf } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json/json.ts';
import { jsonText } from '../../base/json/text.ts';
import type { Durability } from '../../formats/config/config.ts';
import type { Finding } from '../../formats/findings/finding.ts';
import { foldName } from '../../formats/versions/name.ts';
import {
  createdUs,
  serializeRegistry,
  serializeVersionMetadata,
  type VersionForm,
  type VersionMetadata,
} from '../../formats/versions/version.ts';
import { obstacleAt } from '../recorded-file.ts';
import type { Report, StoredContent, VersionBackend } from './backend.ts';
import { newestOf, stampOfIndex } from './index-stamp.ts';
import { appendToJournal, readJournalEnds } from './journal.ts';
import { readPinFiles, writePinFile } from './pin-files.ts';
import { createFile, dropFile, placeFile } from './place-file.ts';
import {
  metadataNames,
  readMetadataFile,
  readVersionIndex,
  stampOfRegistry,
  type VersionIndex,
} from './read-index.ts';
import { openStoreLock } from './store-lock.ts';
import {
  contentEndings,
  contentPath,
  metadataPath,
  type VersionPaths,
  versionPaths,
} from './version-files.ts';

/** How a store on the file system is opened. */
export interface FileBackendOptions {
  /** The folder as people shall see it, e.g. "snapshots/store"; the path itself if left out. */
  shownAs?: string;
  /** `sync` and `batch` flush every file before a call returns; `os` leaves that to the system. */
  durability?: Durability;
}

/** Smaller registries are written whenever the store is closed, so that other programs see every version at once. */
const smallRegistryBytes = 64 * 1024;
const shortJournalBytes = 16 * 1024;

/**
 * A store in a folder, laid out as the original does: metadata/<version>.json is the truth of what versions there are,
 * data/ their content, registry.json a list that is brought up to date now and then.
 */
export function openFileBackend(folder: string, options: FileBackendOptions = {}): VersionBackend {
  return new FileBackend(folder, options);
}

class FileBackend implements VersionBackend {
  readonly place: string;
  readonly #paths: VersionPaths;
  readonly #flushes: boolean;
  readonly #lock: ReturnType<typeof openStoreLock>;
  #index: VersionIndex | undefined;
  #newest: VersionMetadata | undefined;
  #findings: Finding[] = [];
  #stamp = '';
  #journalBytes = 0;

  constructor(folder: string, { shownAs = folder, durability = 'os' }: FileBackendOptions) {
    this.place = shownAs;
    this.#paths = versionPaths(folder);
    this.#flushes = durability !== 'os';
    this.#lock = openStoreLock(this.#paths.lock);
  }

  exclusive<T>(change: () => Promise<T>): Promise<T> {
    return this.#lock.run(change);
  }

  async list(report: Report): Promise<VersionMetadata[]> {
    return [...this.#fresh(report).versions.values()];
  }

  async newest(): Promise<VersionMetadata | undefined> {
    if (this.#isFresh()) return this.#newest;
    const name = this.#journaledNewest();
    const metadata = name === undefined ? undefined : await this.readMetadata(name).catch(() => undefined);
    if (metadata !== undefined) return metadata;
    this.#fresh(() => undefined);
    return this.#newest;
  }

  async findName(name: string): Promise<string | undefined> {
    if (existsSync(metadataPath(this.#paths, name))) return name;
    const folded = foldName(name);
    const names = this.#isFresh() ? [...this.#index!.versions.keys()] : metadataNames(this.#paths);
    const same = names.filter((each) => foldName(each) === folded);
    const found =
      same.find((each) => each === name) ??
      same.find((each) => each.normalize('NFC') === name.normalize('NFC'));
    return found ?? same[0] ?? (this.#mayBeUnfiled(name) ? this.#nameInIndex(folded) : undefined);
  }

  async readMetadata(version: string): Promise<VersionMetadata | undefined> {
    const filed = readMetadataFile(this.#paths, this.place, version);
    if (filed !== undefined || !this.#mayBeUnfiled(version)) return filed;
    return this.#fresh(() => undefined).versions.get(version);
  }

  async readContent(version: string, form: VersionForm): Promise<Buffer | undefined> {
    return this.#read(contentPath(this.#paths, version, form));
  }

  placeOf(version: string, form: VersionForm): string {
    return `${this.place}/data/${version}${contentEndings[form]}`;
  }

  async findPythonDelta(version: string): Promise<string | undefined> {
    const isThere = existsSync(contentPath(this.#paths, version, 'python-delta'));
    return isThere ? `${this.place}/data/${version}${contentEndings['python-delta']}` : undefined;
  }

  async create(metadata: VersionMetadata, content: StoredContent): Promise<boolean> {
    const { version } = metadata;
    if ((await this.readMetadata(version)) !== undefined) return false;
    const path = contentPath(this.#paths, version, content.form);
    const isAlone = this.#isFresh();
    const previous = isAlone ? this.#newest : await this.newest();
    // The version begins to be with its metadata: what stands here before is what a killed writer left.
    createFile(path, content.bytes, this.#flushes);
    try {
      placeFile(metadataPath(this.#paths, version), serializeVersionMetadata(metadata), this.#flushes);
    } catch (error) {
      removeQuietly(path);
      throw error;
    }
    const newest = previous === undefined || createdUs(metadata) >= createdUs(previous) ? metadata : previous;
    const isFirst = this.#note({ op: 'save', version, newest: newest.version });
    if (isAlone) {
      this.#index!.versions.set(version, metadata);
      this.#newest = newest;
      this.#stamp = stampOfIndex(this.#paths);
    }
    const isLong = this.#journalBytes > Math.max(shortJournalBytes, this.#registryBytes() / 4);
    if (isFirst || isLong) await this.settle();
    return true;
  }

  async writeMetadata(metadata: VersionMetadata): Promise<void> {
    const isAlone = this.#isFresh();
    this.#note({ op: 'change', version: metadata.version, newest: await this.#newestName() });
    placeFile(metadataPath(this.#paths, metadata.version), serializeVersionMetadata(metadata), this.#flushes);
    if (!isAlone) return;
    this.#index!.versions.set(metadata.version, metadata);
    if (this.#newest?.version === metadata.version) this.#newest = metadata;
    this.#stamp = stampOfIndex(this.#paths);
  }

  async replaceContent(metadata: VersionMetadata, content: StoredContent, whole: Buffer): Promise<void> {
    const { version } = metadata;
    const full = contentPath(this.#paths, version, 'full');
    // While delta and base change, readers find the whole content beside them.
    placeFile(full, whole, this.#flushes);
    if (content.form === 'delta')
      placeFile(contentPath(this.#paths, version, 'delta'), content.bytes, this.#flushes);
    await this.writeMetadata(metadata);
    dropFile(content.form === 'delta' ? full : contentPath(this.#paths, version, 'delta'));
  }

  async remove(version: string): Promise<void> {
    const isAlone = this.#isFresh();
    const newest = await this.#newestName();
    this.#note({ op: 'remove', version, newest: newest === version ? null : newest });
    dropFile(metadataPath(this.#paths, version));
    if (this.#flushes) flushFolder(this.#paths.metadata);
    for (const form of ['delta', 'full', 'python-delta'] as const)
      dropFile(contentPath(this.#paths, version, form));
    if (!isAlone) return;
    this.#index!.versions.delete(version);
    this.#index!.ghosts.delete(version);
    if (newest === version) this.#newest = newestOf(this.#index!.versions.values());
    this.#stamp = stampOfIndex(this.#paths);
  }

  async listGhosts(): Promise<string[]> {
    return [...this.#fresh(() => undefined).ghosts.keys()];
  }

  async readPins(): Promise<Map<string, string[]>> {
    return readPinFiles(this.#paths, this.place, () => undefined);
  }

  async writePin(id: string, tags: readonly string[]): Promise<void> {
    writePinFile(this.#paths, id, tags);
  }

  async settle(): Promise<void> {
    const index = this.#fresh(() => undefined);
    // Of the same instant by name, so that two clones with the same versions write the same list.
    const versions = [...index.versions.values()].sort(
      (a, b) => createdUs(a) - createdUs(b) || (a.version < b.version ? -1 : 1),
    );
    // What only the list knows stays in it: nothing is forgotten without being told.
    versions.push(...index.ghosts.values());
    const pinned = [...(await this.readPins())].sort(([a], [b]) => (a < b ? -1 : 1));
    const pins = Object.fromEntries(pinned.map(([id, tags]) => [id, { tags }]));
    const text = serializeRegistry(versions, { ...index.others, periodic: pins });
    placeFile(this.#paths.registry, text, this.#flushes);
    const head = {
      op: 'fold',
      registry: { ...stampOfRegistry(this.#paths)! },
      newest: this.#newest?.version ?? null,
    };
    placeFile(this.#paths.journal, `${jsonText(head)}\n`, this.#flushes);
    this.#journalBytes = 0;
    this.#stamp = stampOfIndex(this.#paths);
  }

  async close(): Promise<void> {
    const isSmall = this.#registryBytes() < smallRegistryBytes;
    if (this.#journalBytes > 0 && isSmall) await this.exclusive(() => this.settle());
    this.#lock.close();
  }

  /** The index as it is on disk now, read again only where something changed. */
  #fresh(report: Report): VersionIndex {
    if (this.#isFresh()) {
      for (const finding of this.#findings) report(finding);
      return this.#index!;
    }
    const stamp = stampOfIndex(this.#paths);
    this.#findings = [];
    this.#index = readVersionIndex(this.#paths, this.place, (finding) => {
      this.#findings.push(finding);
      report(finding);
    });
    this.#newest = newestOf(this.#index.versions.values());
    this.#stamp = stamp;
    return this.#index;
  }

  #isFresh(): boolean {
    return this.#index !== undefined && this.#stamp === stampOfIndex(this.#paths);
  }

  async #newestName(): Promise<string | null> {
    return (await this.newest())?.version ?? null;
  }

  #journaledNewest(): string | undefined {
    const ends = readJournalEnds(this.#paths.journal);
    const stat = statSync(this.#paths.registry, { bigint: true, throwIfNoEntry: false });
    if (ends?.registry === undefined || stat === undefined) return undefined;
    const isSame =
      Number(stat.size) === ends.registry.bytes && String(stat.mtimeNs) === ends.registry.mtimeNs;
    return isSame ? ends.newest : undefined;
  }

  /** Whether registry.json could know of a version that has no metadata file: its content would be there. */
  #mayBeUnfiled(version: string): boolean {
    return (['full', 'delta', 'python-delta'] as const).some((form) =>
      existsSync(contentPath(this.#paths, version, form)),
    );
  }

  #nameInIndex(folded: string): string | undefined {
    return [...this.#fresh(() => undefined).versions.keys()].find((each) => foldName(each) === folded);
  }

  #registryBytes(): number {
    return statSync(this.#paths.registry, { throwIfNoEntry: false })?.size ?? 0;
  }

  /**
   * The journal is an aid: where it cannot be written it goes, and readers look at every file. Says whether this was
   * its first line, which leaves open what registry.json was.
   */
  #note(entry: JsonObject): boolean {
    try {
      const { before, after } = appendToJournal(this.#paths.journal, entry);
      this.#journalBytes = after;
      return before === 0;
    } catch {
      rmSync(this.#paths.journal, { force: true });
      return false;
    }
  }

  #read(path: string): Buffer | undefined {
    try {
      return obstacleAt(path) === undefined ? readFileSync(path) : undefined;
    } catch (error) {
      if (systemCodeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  }
}
