import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeQuietly } from '../base/atomic-file.ts';
import { isObject, type JsonObject, type JsonValue } from '../base/json/json.ts';
import { jsonText, parsePlainJson } from '../base/json/text.ts';
import { temporaryPathFor } from '../base/temporary-name.ts';
import { checkLine, sealLine } from '../formats/actions/action.ts';
import { makeCacheFolder } from './cache-folder.ts';
import { type FileFacts, quickFactsOf } from './file-facts.ts';
import { cacheFolder } from './layout.ts';

/** What one file came to, and what the system said of it then. */
type Kept = [facts: string, value: JsonValue];

/**
 * What reading single files came to, so that those that are as they were need not be read again: one line of JSON with a
 * checksum in .daybook/cache/, replaced whole. A value is believed as long as the system describes its file as it did when it
 * was read, and only kept of files that had not just been changed then.
 */
export class KeptFiles {
  readonly #root: string;
  readonly #name: string;
  readonly #build: string | undefined;
  readonly #known: ReadonlyMap<string, Kept>;
  readonly #used = new Map<string, Kept>();
  #isChanged = false;

  /** `name` is that of the file in the cache; without the name of a build nothing is kept. */
  constructor(root: string, name: string, build: string | undefined) {
    this.#root = root;
    this.#name = name;
    this.#build = build;
    this.#known = build === undefined ? new Map() : new Map(Object.entries(this.#load()));
  }

  /**
   * What a file came to: what is kept of it where it fits, else what `read` makes of it. What lies with others in one file, or
   * in several, has a `path` of its own all the same, and `facts` says how that looks.
   */
  async of(
    path: string,
    read: () => Promise<JsonValue | undefined> | JsonValue | undefined,
    facts: () => FileFacts | undefined = () => this.factsOf(path),
  ): Promise<JsonValue | undefined> {
    if (this.#build === undefined) return read();
    const before = facts();
    const known = this.#known.get(path);
    if (known !== undefined && before !== undefined && known[0] === before.text) {
      this.#used.set(path, known);
      return known[1];
    }
    const value = await read();
    this.#keep(path, facts, before, value);
    return value;
  }

  /** Writes what is new; files that were not asked for any more are forgotten. What stands in the way is no error. */
  save(): void {
    if (this.#build === undefined || (!this.#isChanged && this.#used.size === this.#known.size)) return;
    let temporary: string | undefined;
    try {
      makeCacheFolder(this.#root);
      temporary = temporaryPathFor(this.#path());
      const files = Object.fromEntries(this.#used) as unknown as JsonObject;
      writeFileSync(temporary, sealLine(jsonText({ build: this.#build, files })), {
        flag: 'wx',
        mode: 0o600,
      });
      renameSync(temporary, this.#path());
    } catch {
      if (temporary !== undefined) removeQuietly(temporary);
    }
  }

  /** What the system says of a file. */
  factsOf(file: string): FileFacts | undefined {
    return quickFactsOf(join(this.#root, file));
  }

  #keep(
    path: string,
    facts: () => FileFacts | undefined,
    before: FileFacts | undefined,
    value: JsonValue | undefined,
  ): void {
    if (before?.isAtRest !== true || value === undefined) return;
    if (facts()?.text !== before.text) return;
    this.#used.set(path, [before.text, value]);
    this.#isChanged = true;
  }

  #load(): Record<string, Kept> {
    try {
      const line = readFileSync(this.#path()).subarray(0, -1);
      const kept = checkLine(line) === 'right' ? (parsePlainJson(line.toString()) as JsonValue) : undefined;
      if (isObject(kept) && kept['build'] === this.#build && isObject(kept['files']))
        return kept['files'] as unknown as Record<string, Kept>;
    } catch {
      // Nothing kept is never an error: the files are read.
    }
    return {};
  }

  #path(): string {
    return join(cacheFolder(this.#root), 'cache', this.#name);
  }
}
