import { type Dirent, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { bookPath, isInside } from '../../base/paths.ts';
import { showText } from '../../base/show.ts';
import type { Finding } from '../../formats/findings/finding.ts';
import { folderOf, isAddress, joinPlace, lastPartOf } from '../../runs/key.ts';
import type { RunRecord } from '../../runs/record.ts';
import type { RunLook } from './run-look.ts';

/** Finds files that recorded paths speak of; looks into each folder once. */
export class ArtifactFiles {
  readonly #root: string;
  readonly #folders = new Map<string, Map<string, Dirent> | undefined>();

  readonly #look: RunLook | undefined;

  constructor(root: string, look?: RunLook) {
    this.#root = root;
    this.#look = look;
  }

  /** Fills in `file` of the artifacts of a run where it is not known yet; paths that lead to nothing are counted in one finding a run. */
  locate(run: RunRecord, missing: MissingFiles): void {
    for (const artifact of run.artifacts) {
      if (artifact.path === undefined) continue;
      artifact.file ??= this.find(artifact.path, run);
      if (artifact.file !== undefined) continue;
      if (isAddress(artifact.path)) artifact.kind = 'address';
      else if (this.#isFolder(artifact.path, run)) artifact.kind = 'folder';
      else missing.add(run, artifact.path);
    }
  }

  /**
   * The file of the book that a path as it was written means: beside the run, in the book, or by its last parts where it
   * is a path of another machine. From the run's folder one part is enough, from those around it two are needed.
   */
  find(path: string, run: Pick<RunRecord, 'place'>): string | undefined {
    if (path.startsWith(this.#root) && isInside(this.#root, path)) {
      const inside = bookPath(this.#root, path);
      if (this.#isFile(inside)) return inside;
    }
    const parts = path
      .split(/[/\\]/)
      .filter((part) => part !== '' && part !== '.' && !/^[A-Za-z]:$/.test(part));
    if (parts.includes('..')) return undefined;
    for (let base = run.place, isOwn = true; ; base = folderOf(base), isOwn = false) {
      const found = this.#below(base, parts, isOwn);
      if (found !== undefined) return found;
      if (base === '') return undefined;
    }
  }

  /** Folders may be attached, too; they are there without being a file. */
  #isFolder(path: string, { place }: RunRecord): boolean {
    if (path.startsWith('/') || path.includes('\\')) return false;
    const [inside, own] = [path, joinPlace(place, path)].map((each) => each.replace(/\/+$/, ''));
    return this.#entries(inside!) !== undefined || this.#entries(own!) !== undefined;
  }

  /** The longest end of a path that is a file below a folder. */
  #below(base: string, parts: readonly string[], isOwn: boolean): string | undefined {
    const entries = this.#entries(base);
    if (entries === undefined) return undefined;
    // Beside a run there are names of its own; further up a name alone may be anyone's, but for one that was given so.
    const least = isOwn || (base === '' && parts.length === 1) ? 1 : 2;
    for (let from = 0; from <= parts.length - least; from++) {
      if (!entries.has(parts[from]!)) continue;
      const candidate = joinPlace(base, parts.slice(from).join('/'));
      if (this.#isFile(candidate)) return candidate;
    }
    return undefined;
  }

  #isFile(path: string): boolean {
    const folder = folderOf(path);
    const parts = folder === '' ? [] : folder.split('/');
    let above = '';
    for (const part of parts) {
      if (this.#entries(above)?.get(part)?.isDirectory() !== true) return false;
      above = joinPlace(above, part);
    }
    return this.#entries(folder)?.get(lastPartOf(path))?.isFile() === true;
  }

  #entries(folder: string): Map<string, Dirent> | undefined {
    if (!this.#folders.has(folder)) this.#folders.set(folder, this.#read(folder));
    return this.#folders.get(folder);
  }

  #read(folder: string): Map<string, Dirent> | undefined {
    const looked = this.#look?.place(folder);
    try {
      const entries = readdirSync(join(this.#root, folder), { withFileTypes: true });
      looked?.(entries);
      return new Map(entries.map((entry) => [entry.name, entry]));
    } catch {
      looked?.(undefined);
      return undefined;
    }
  }
}

/** Counts files that are named and not there, by the file that names them. */
export class MissingFiles {
  readonly #bySource = new Map<string, { count: number; first: string }>();

  add(run: RunRecord, path: string): void {
    const source = (run.files.find(({ kind }) => kind === 'experiment') ?? run.files[0])!.path;
    const known = this.#bySource.get(source);
    if (known === undefined) this.#bySource.set(source, { count: 1, first: path });
    else known.count += 1;
  }

  /** One finding for each file that names some. */
  findings(): Finding[] {
    return [...this.#bySource].map(([file, { count, first }]) => ({
      code: 'missing-artifact',
      severity: 'note',
      file,
      expected: 'files that are in the book',
      found: count === 1 ? `no ${showText(first)}` : `${count} that are not, ${showText(first)} for one`,
      hint: 'Nothing is wrong if they were left on another machine; copy them here to see them.',
    }));
  }
}
