import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname } from 'node:path';
import { jsonText, parsePlainJson } from '../data/browser.ts';
import { sumOf } from '../data/publish/file-sums.ts';
import { secretShapes } from '../data/secret-shapes.ts';

/** Sites of one book differ by a few files from build to build; a site in one file has others. */
const maxSums = 20_000;
/** Changes when files are looked through in another way. */
const way = 'clean-files-1';

interface Memory {
  /** Which shapes were looked for; others make all of it worthless. */
  shapes: string;
  sums: string[];
}

/** Files in which no token of a known shape was found, by their checksum: they are not looked through again. */
export class CleanFiles {
  readonly #path: string | undefined;
  readonly #sums: ReadonlySet<string>;

  /** What is remembered at `path`; nothing where that is no path, or cannot be read. */
  constructor(path: string | undefined) {
    this.#path = path;
    this.#sums = new Set(path === undefined ? [] : read(path));
  }

  isClean(file: string): boolean {
    if (this.#sums.size === 0) return false;
    const sum = sumOf(file);
    return sum !== undefined && this.#sums.has(nameOf(file, sum));
  }

  /** Remembers these files, and others as far as there is room. A build that cannot write that down is none the worse. */
  keep(files: readonly string[]): void {
    if (this.#path === undefined) return;
    const now = files.flatMap((file) => {
      const sum = sumOf(file);
      return sum === undefined ? [] : [nameOf(file, sum)];
    });
    const sums = [...new Set([...now, ...this.#sums])].slice(0, Math.max(now.length, maxSums));
    if (sums.length === this.#sums.size && now.every((sum) => this.#sums.has(sum))) return;
    const fresh = `${this.#path}.${process.pid}`;
    try {
      mkdirSync(dirname(this.#path), { recursive: true });
      writeFileSync(fresh, jsonText({ shapes: shapesSum(), sums } satisfies Memory));
      renameSync(fresh, this.#path);
    } catch {
      rmSync(fresh, { force: true });
    }
  }
}

/** How a file is read depends on its ending. */
const nameOf = (file: string, sum: string) => `${sum}${extname(file)}`;

function read(path: string): string[] {
  try {
    const { shapes, sums } = parsePlainJson(readFileSync(path, 'utf8')) as Memory;
    return shapes === shapesSum() && Array.isArray(sums) ? sums : [];
  } catch {
    return [];
  }
}

function shapesSum(): string {
  return createHash('sha256')
    .update(`${way} ${jsonText(secretShapes)}`)
    .digest('hex');
}
