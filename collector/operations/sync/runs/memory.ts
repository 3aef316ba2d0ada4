import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../../../base/atomic-file.ts';
import { isObject } from '../../../base/json/json.ts';
import { jsonText, parsePlainJson } from '../../../base/json/text.ts';
import { checkLine, sealLine } from '../../../formats/actions/action.ts';
import type { SyncPlace } from '../place.ts';

/** What is known of a file of a run in this work tree. */
export interface KnownFile {
  /** How the system described it when its id was made; empty where that must not be believed again. */
  facts: string;
  /** The id of it as others get to see it. */
  oid: string;
  /** When it and the branch said the same last: the id there, and the id of the file here. */
  agreed?: string;
  own?: string;
  /** Ids that it had here before: whoever has one of them has an older state of this very file. */
  had?: string[];
}

const mostHad = 8;

/**
 * What this clone knows of its files of runs, in git's folder of this work tree. It spares reading, and tells a newer state of a file
 * from another file of its name; without it both are kept, and nothing is lost.
 */
export class RunMemory {
  readonly #path: string;
  readonly #files: Map<string, KnownFile>;
  #isChanged = false;

  constructor({ gitFolder, remote, branch, prefix }: SyncPlace) {
    const key = createHash('sha256').update(`${remote}\n${branch}\n${prefix}`).digest('hex').slice(0, 12);
    this.#path = join(gitFolder, `daybook-runs-${key}.json`);
    this.#files = read(this.#path);
  }

  of(path: string): KnownFile | undefined {
    return this.#files.get(path);
  }

  /** Notes the file as it is now; what it was before is remembered as its own past. */
  note(path: string, { facts, oid }: { facts: string; oid: string }): void {
    const known = this.#files.get(path);
    if (known?.facts === facts && known.oid === oid) return;
    this.#isChanged = true;
    if (known === undefined || known.oid === oid) this.#files.set(path, { ...known, facts, oid });
    else {
      const had = [...new Set([...(known.had ?? []), known.oid])]
        .filter((each) => each !== oid)
        .slice(-mostHad);
      this.#files.set(path, { ...known, facts, oid, had });
    }
  }

  /** Notes older states of the file, of which another clone says so. */
  learn(path: string, past: Iterable<string>): void {
    const known = this.#files.get(path);
    if (known === undefined) return;
    const had = new Set(known.had);
    for (const oid of past) if (oid !== known.oid) had.add(oid);
    if (had.size === (known.had?.length ?? 0)) return;
    this.#isChanged = true;
    this.#files.set(path, { ...known, had: [...had].slice(-mostHad) });
  }

  /** Notes that the branch has this content of it, too. */
  agree(path: string, agreed: string): void {
    const known = this.#files.get(path) ?? { facts: '', oid: agreed };
    if (known.agreed === agreed && known.own === known.oid) return;
    this.#isChanged = true;
    this.#files.set(path, { ...known, agreed, own: known.oid });
  }

  /** Whether neither the file here nor that of the branch has changed since both said the same. */
  isAgreed(path: string, oid: string, their: string): boolean {
    const known = this.#files.get(path);
    return known !== undefined && known.agreed === their && known.own === oid;
  }

  /** Whether an id is that of an older state of the file, or of the one it has. */
  isPast(path: string, oid: string): boolean {
    const known = this.#files.get(path);
    return (
      known !== undefined && (known.agreed === oid || known.oid === oid || known.had?.includes(oid) === true)
    );
  }

  save(): void {
    if (!this.#isChanged) return;
    writeFileAtomic(this.#path, sealLine(jsonText({ files: Object.fromEntries(this.#files) })));
    this.#isChanged = false;
  }
}

function read(path: string): Map<string, KnownFile> {
  try {
    const line = readFileSync(path).subarray(0, -1);
    const value: unknown = checkLine(line) === 'right' ? parsePlainJson(line.toString()) : undefined;
    if (isObject(value) && isObject(value['files']))
      return new Map(Object.entries(value['files'] as unknown as Record<string, KnownFile>));
  } catch {
    // There is none yet, or it is damaged: the files are read.
  }
  return new Map();
}
