import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { jsonText, parsePlainJson } from '../../data/browser.ts';
import { lookOf, rememberSum, sumOf } from '../../data/publish/file-sums.ts';
import { linkOrCopy } from '../../data/publish/link-files.ts';

/** A page as it was rendered: what it depends on, the checksum of its file, and how that stood then. */
type Kept = [key: string, sum: string, look: string];

interface Memory {
  /** The compiled pages that rendered them; others make all of it worthless. */
  made: string;
  pages: Record<string, Kept>;
}

const listName = 'pages.json';

/**
 * Pages that were rendered by an earlier build, each known by what it depends on: they get a second name in the site. Files
 * that were restored from somewhere else are read once; what is not what was rendered is rendered again.
 */
export class KeptPages {
  readonly #folder: string;
  readonly #made: string;
  readonly #before: ReadonlyMap<string, Kept>;
  readonly #now = new Map<string, Kept>();
  #isChanged = false;

  /** What is kept in `folder` of pages that `made` rendered; nothing where that cannot be read. */
  constructor(folder: string, made: string) {
    this.#folder = folder;
    this.#made = made;
    this.#before = read(join(folder, listName), made);
  }

  /** Puts a page into a site as it was rendered when its key was the same; false where it was not. */
  put(name: string, key: string, site: string): boolean {
    const kept = this.#before.get(name);
    if (kept?.[0] !== key) return false;
    const target = join(site, name);
    try {
      linkOrCopy(this.#fileOf(name), target);
    } catch {
      return false;
    }
    // Of what stands in the site now, whatever another build does to the file beside it.
    const [, sum, look] = kept;
    const now = lookOf(target);
    if (now === look) rememberSum(look, sum);
    else if (sumOf(target) !== sum) return false;
    this.#isChanged ||= now !== look;
    this.#now.set(name, [key, sum, now ?? look]);
    return true;
  }

  /** Keeps a page that was rendered just now, and puts it into the site. */
  keep(name: string, key: string, bytes: Uint8Array, site: string): void {
    const file = this.#fileOf(name);
    const fresh = `${file}.${process.pid}`;
    mkdirSync(dirname(file), { recursive: true });
    // Never in place: what is there may have another name, in a site that is read.
    writeFileSync(fresh, bytes);
    rmSync(join(site, name), { force: true });
    linkOrCopy(fresh, join(site, name));
    renameSync(fresh, file);
    const [sum, look] = [sumOf(file), lookOf(file)];
    this.#isChanged = true;
    if (sum !== undefined && look !== undefined) this.#now.set(name, [key, sum, look]);
  }

  /** Forgets the pages that were not asked for, and writes down what there is. */
  close(): void {
    const gone = [...this.#before.keys()].filter((name) => !this.#now.has(name));
    if (!this.#isChanged && gone.length === 0) return;
    for (const name of gone) rmSync(this.#fileOf(name), { force: true });
    mkdirSync(this.#folder, { recursive: true });
    const fresh = join(this.#folder, `${listName}.${process.pid}`);
    const memory: Memory = { made: this.#made, pages: Object.fromEntries(this.#now) };
    writeFileSync(fresh, jsonText(memory));
    renameSync(fresh, join(this.#folder, listName));
  }

  #fileOf(name: string): string {
    return join(this.#folder, 'files', name);
  }
}

function read(path: string, made: string): Map<string, Kept> {
  try {
    const memory = parsePlainJson(readFileSync(path, 'utf8')) as Memory;
    return new Map(memory.made === made ? Object.entries(memory.pages) : []);
  } catch {
    return new Map();
  }
}
