import { type Dirent, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { bookPath, isInside } from '../../base/paths.ts';
import { showText } from '../../base/show.ts';
import type { Finding } from '../../formats/finding.ts';
import { folderOf, joinPlace } from '../../formats/run-key.ts';
import type { RunRecord } from '../../formats/run-record.ts';

/** Finds files that recorded paths speak of; looks into each folder once. */
export class ArtifactFiles {
  readonly #root: string;
  readonly #folders = new Map<string, Map<string, Dirent> | undefined>();

  constructor(root: string) {
    this.#root = root;
  }

  /** Fills in `file` of the artifacts of a run; paths that lead to nothing are counted in one finding a run. */
  locate(run: RunRecord, missing: MissingFiles): void {
    for (const artifact of run.artifacts) {
      if (artifact.path === undefined) continue;
      artifact.file = this.find(artifact.path, run);
      if (artifact.file === undefined) missing.add(run, artifact.path);
    }
  }

  /**
   * The file of the book that a path as it was written means: beside the run, in the book, or by its last parts where it
   * is a path of another machine. From the run's folder one part is enough, from those around it two are needed.
   */
  find(path: string, run: Pick<RunRecord, 'place' | 'ledger'>): string | undefined {
    if (isInside(this.#root, path) && path.startsWith(this.#root)) {
      const inside = bookPath(this.#root, path);
      if (this.#isFile(inside)) return inside;
    }
    const parts = path
      .split(/[/\\]/)
      .filter((part) => part !== '' && part !== '.' && !/^[A-Za-z]:$/.test(part));
    if (parts.includes('..')) return undefined;
    const bases = [run.place];
    if (run.ledger !== undefined) bases.push(folderOf(run.place));
    for (let base = run.place; base !== ''; ) {
      base = folderOf(base);
      bases.push(base);
    }
    for (const [index, base] of bases.entries()) {
      // Beside a run there are names of its own; further up a name alone may be anyone's.
      const least = index === 0 ? 1 : Math.min(2, parts.length);
      if (index > 0 && parts.length < 2 && base !== '') continue;
      for (let from = 0; from <= parts.length - least; from++) {
        const candidate = joinPlace(base, parts.slice(from).join('/'));
        if (this.#isFile(candidate)) return candidate;
      }
    }
    return undefined;
  }

  #isFile(path: string): boolean {
    const parts = path.split('/');
    let folder = '';
    for (const part of parts.slice(0, -1)) {
      if (this.#entries(folder)?.get(part)?.isDirectory() !== true) return false;
      folder = joinPlace(folder, part);
    }
    return this.#entries(folder)?.get(parts.at(-1)!)?.isFile() === true;
  }

  #entries(folder: string): Map<string, Dirent> | undefined {
    if (!this.#folders.has(folder)) this.#folders.set(folder, this.#read(folder));
    return this.#folders.get(folder);
  }

  #read(folder: string): Map<string, Dirent> | undefined {
    try {
      const entries = readdirSync(join(this.#root, folder), { withFileTypes: true });
      return new Map(entries.map((entry) => [entry.name, entry]));
    } catch {
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
