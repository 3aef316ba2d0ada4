import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { jsonText, parsePlainJson } from '../browser.ts';

/** What a key was worked out from, by its checksum, and the key. */
type Kept = [inputs: string, key: string];

/**
 * The keys of the pages of snapshots, kept from build to build by what they were worked out from: so the content of a page is
 * only looked at where that is another.
 */
export class KeptKeys {
  readonly #path: string;
  readonly #way: string;
  readonly #sumOf: (id: string) => string | undefined;
  readonly #known: ReadonlyMap<string, Kept>;
  readonly #used = new Map<string, Kept>();

  /** `path` is where they are kept, `way` the version of the program among others, `sumOf` the checksum of a snapshot's file. */
  constructor(path: string, way: string, sumOf: (id: string) => string | undefined) {
    this.#path = path;
    this.#way = way;
    this.#sumOf = sumOf;
    this.#known = read(path, way);
  }

  /** The checksum of a snapshot's content. */
  sumOf(id: string): string | undefined {
    return this.#sumOf(id);
  }

  /** The key of a page: the one that is kept of these inputs, or what `make` gives. */
  of(id: string, inputs: string, make: () => string): string {
    const known = this.#known.get(id);
    const kept: Kept = known?.[0] === inputs ? known : [inputs, make()];
    this.#used.set(id, kept);
    return kept[1];
  }

  /** Writes down those that were asked for. A build that cannot is none the worse. */
  save(): void {
    if (this.#used.size === 0 || [...this.#used].every(([id, kept]) => this.#known.get(id) === kept)) return;
    const fresh = `${this.#path}.${process.pid}`;
    try {
      mkdirSync(dirname(this.#path), { recursive: true });
      writeFileSync(fresh, jsonText({ way: this.#way, keys: [...this.#used] }));
      renameSync(fresh, this.#path);
    } catch {
      rmSync(fresh, { force: true });
    }
  }
}

function read(path: string, way: string): Map<string, Kept> {
  try {
    const kept = parsePlainJson(readFileSync(path, 'utf8')) as { way: string; keys: [string, Kept][] };
    return kept.way === way ? new Map(kept.keys) : new Map();
  } catch {
    return new Map();
  }
}
