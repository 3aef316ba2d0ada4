import { tryGit } from '../../../base/git.ts';
import { oidOf, storeBytes, storeFiles } from '../objects.ts';
import type { SyncPlace } from '../place.ts';

/**
 * Stores what is to be published as objects, many files by one process of git. What git reads is held against what was looked at and
 * masked: a file that changed in between is stored as it was.
 */
export class BlobStore {
  readonly #place: SyncPlace;
  #like = '';
  readonly #files = new Map<string, { path: string; bytes: Buffer }>();

  constructor(place: SyncPlace) {
    this.#place = place;
  }

  /** Asks git in which manner ids are made. */
  async open(): Promise<void> {
    const { stdout } = await tryGit(this.#place.top, ['rev-parse', '--show-object-format']);
    this.#like = '0'.repeat(stdout.trim() === 'sha256' ? 64 : 40);
  }

  idOf(bytes: Buffer): string {
    return oidOf(bytes, this.#like);
  }

  /** Bytes that are in no file. */
  async put(bytes: Buffer): Promise<string> {
    return storeBytes(this.#place, bytes);
  }

  /** The bytes of a file of the book as it was read; stored by `flush`. */
  later(path: string, oid: string, bytes: Buffer): void {
    this.#files.set(oid, { path: `${this.#place.prefix}${path}`, bytes });
  }

  async flush(): Promise<void> {
    const files = [...this.#files];
    this.#files.clear();
    if (files.length === 0) return;
    const stored = await storeFiles(
      this.#place,
      files.map(([, { path }]) => path),
    ).catch((): string[] => []);
    for (const [number, [oid, { bytes }]] of files.entries())
      if (stored[number] !== oid) await storeBytes(this.#place, bytes);
  }
}
