import { type Dirent, readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { globPattern } from '../../base/glob-pattern.ts';
import { isInside } from '../../base/paths.ts';
import type { RunsConfig } from '../../formats/config/run-places.ts';
import type { Finding } from '../../formats/findings/finding.ts';
import type { Evidence, RunSource } from '../../runs/evidence.ts';
import { lastPartOf } from '../../runs/key.ts';
import { kindOfFile, type LookAlike, lookAlikesIn } from '../../runs/look-alikes.ts';
import { isLeftover, leftoverFinding } from '../leftover-file.ts';
import { whyUnreadable } from '../recorded-file.ts';
import { Claims } from './claims.ts';
import type { ReadMetrics } from './read-series.ts';
import type { RunLook } from './run-look.ts';
import { runSources } from './sources/index.ts';
import {
  databaseEnding,
  folderInPlace,
  isFolder,
  isForeign,
  kindOfName,
  neverWalked,
  onlyFiles,
  ownFolders,
  PlaceRules,
  periodicPath,
} from './walk-rules.ts';

/** Files of which runs are made; paths are relative to the book, POSIX, sorted. */
export interface RunFiles {
  /** What the sources of runs claim, files and folders, by the name of the source; each has a list. */
  bySource: Readonly<Record<string, string[]>>;
  /** config.yaml, config.yml and config.json: of use where a run lies beside it. */
  configs: string[];
  /** complete_summary.json: best values beside metrics. */
  summaries: string[];
  /** Databases in which FlexLock keeps the tasks of a sweep. */
  tasks: string[];
  /** What is recognised and not read. */
  lookAlikes: LookAlike[];
}

/** What may be left out, and how often others get their turn. */
export interface FindOptions extends Partial<RunsConfig> {
  /** What runs are made from; all that Daybook knows where it is not given. */
  sources?: readonly RunSource[];
  /** The name of this build of Daybook, where what it kept of files of metrics may be used. */
  build?: string | undefined;
  /** Takes down what is looked at. */
  look?: RunLook | undefined;
  /** What was found already, where the walk need not be done again. */
  found?: FoundRunFiles | undefined;
  /** How the newest commands of runs ended, where the log has been asked already. */
  ends?: Evidence[] | undefined;
  /** Remembers what was read of files of metrics, for who reads their series afterwards. */
  read?: ReadMetrics | undefined;
}

/** The files of all runs, and what is odd about where they lie. */
export interface FoundRunFiles {
  files: RunFiles;
  findings: Finding[];
}

const foldersPerPause = 500;

/**
 * Finds the files of all runs of a book in one walk. Not looked into: other tools' folders, virtual environments, the
 * built dashboard, what `exclude` names, and links to folders; a link that leads out of the book is reported.
 */
export async function findRunFiles(
  root: string,
  options: FindOptions,
  report: (finding: Finding) => void,
): Promise<RunFiles> {
  const walk = new Walk(root, options, report);
  let count = 0;
  for (let folder = walk.next(); folder !== undefined; folder = walk.next()) {
    walk.visit(folder);
    count += 1;
    if (count % foldersPerPause === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  const { bySource, lookAlikes, ...others } = walk.files;
  for (const list of [...Object.values(bySource), ...Object.values(others)]) list.sort();
  lookAlikes.sort((a, b) => (a.path < b.path ? -1 : 1));
  return walk.files;
}

/** What is written beside a file and read with it. */
export function besideOf(path: string): string[] {
  if (path.endsWith('experiment_tracker.json')) return [path.replace(/[^/]*$/, 'experiment_daybook.json')];
  return path.endsWith('metadata.json') ? [path.replace(/\.json$/, '.journal.jsonl')] : [];
}

/** What a look into one folder comes to, as a text that is another one where other files or folders count. */
export function outcomeOf(root: string, options: FindOptions, folder: string): string {
  const walk = new Walk(root, { ...options, look: undefined }, () => undefined);
  return walk.visit(folder);
}

class Walk {
  readonly files: RunFiles;
  readonly #look: RunLook | undefined;
  #outcome: string[] = [];
  readonly #sources: readonly RunSource[];
  readonly #claims: Claims;
  readonly #root: string;
  readonly #exclude: readonly RegExp[];
  readonly #report: (finding: Finding) => void;
  readonly #rules: PlaceRules;
  readonly #open: string[] = [];
  readonly #seen = new Set<string>();

  constructor(
    root: string,
    { exclude = [], places = [], sources = runSources, look }: FindOptions,
    report: (finding: Finding) => void,
  ) {
    this.#root = root;
    this.#look = look;
    this.#exclude = exclude.map(globPattern);
    this.#sources = sources;
    this.#claims = new Claims(sources);
    this.files = {
      bySource: Object.fromEntries(sources.map(({ name }) => [name, []])),
      configs: [],
      summaries: [],
      tasks: [],
      lookAlikes: [],
    };
    this.#report = report;
    this.#rules = new PlaceRules(places);
    for (const path of this.#rules.paths) this.#open.push(path);
    this.#open.push('');
  }

  next(): string | undefined {
    for (let folder = this.#open.pop(); folder !== undefined; folder = this.#open.pop()) {
      if (!this.#rules.paths.includes(folder)) return folder;
      // It may lie in the usual way, too.
      if (this.#seen.has(folder)) continue;
      this.#seen.add(folder);
      if (!this.#takeNamed(folder)) return folder;
    }
    return undefined;
  }

  /** Looks into a folder; gives what it came to as a text. */
  visit(folder: string): string {
    this.#outcome = [];
    const looked = this.#look?.folder(folder);
    this.#visit(folder);
    const outcome = this.#outcome.join('\n');
    looked?.(outcome);
    return outcome;
  }

  #visit(folder: string): void {
    const entries = this.#entriesOf(folder);
    const names = new Set(entries.map(({ name }) => name));
    if (folder !== '' && (isForeign(names) || this.#takeFolder(folder, names))) return;
    this.#noteLookAlikes(lookAlikesIn(folder, names));
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (onlyFiles.has(entry.name)) this.#report(folderInPlace(path));
        if (!this.#isWalked(path, entry.name)) continue;
        this.#open.push(path);
        this.#outcome.push(`${path}/`);
      } else if (!entry.isSymbolicLink()) this.#take(path, entry.name, names);
      else if (!neverWalked.has(entry.name)) this.#visitLink(path, entry.name, names);
    }
  }

  /** A folder that a source reads as one. */
  #takeFolder(path: string, names: ReadonlySet<string>): boolean {
    const source = this.#sources.find(
      ({ claimsFolder, name }) => claimsFolder?.(path, names) === true && this.#rules.allows(path, name),
    );
    if (source === undefined) return false;
    this.files.bySource[source.name]!.push(path);
    this.#outcome.push(`${path}=`);
    return true;
  }

  #take(path: string, name: string, names: ReadonlySet<string>): void {
    if (periodicPath.test(path)) return;
    if (!path.startsWith('snapshots/') && isLeftover(join(this.#root, path), name))
      this.#report(leftoverFinding(path));
    const list = this.#listFor(path, name, names);
    if (list === undefined) {
      const kind = kindOfFile(path, name);
      if (kind !== undefined) this.#noteLookAlikes([{ kind, path }]);
      return;
    }
    if (this.#isExcluded(path)) return;
    list.push(path);
    this.#outcome.push(path);
  }

  /** A file that daybook.yaml names by itself: read as what it says it is, or as what it is by its name. */
  #takeNamed(path: string): boolean {
    if (statSync(join(this.#root, path), { throwIfNoEntry: false })?.isFile() !== true) return false;
    const source = this.#rules.kindOf(path) ?? this.#sourceOf(path);
    const list = source === undefined ? undefined : this.files.bySource[source];
    if (list?.includes(path) === false) list.push(path);
    return true;
  }

  #noteLookAlikes(found: readonly LookAlike[]): void {
    for (const { kind, path } of found) {
      if (!this.#rules.allows(path, kind) || this.#isExcluded(path)) continue;
      this.files.lookAlikes.push({ kind, path });
      this.#outcome.push(`${path}?${kind}`);
    }
  }

  #listFor(path: string, name: string, names: ReadonlySet<string>): string[] | undefined {
    const source = this.#sourceOf(path, names);
    if (source !== undefined) return this.files.bySource[source];
    if (name.endsWith(databaseEnding)) return this.files.tasks;
    const kind = kindOfName[name];
    return kind === undefined ? undefined : this.files[kind];
  }

  #sourceOf(path: string, names?: ReadonlySet<string>): string | undefined {
    const sources = this.#claims.of(path, lastPartOf(path), names);
    return sources.find((source) => this.#rules.allows(path, source.name))?.name;
  }

  #isWalked(path: string, name: string): boolean {
    return (
      !neverWalked.has(name) &&
      !ownFolders.has(path) &&
      !this.#isExcluded(path) &&
      this.#rules.allows(path, undefined)
    );
  }

  #isExcluded(path: string): boolean {
    return this.#exclude.some((pattern) => pattern.test(path));
  }

  /** What a link within the book leads to is found where it is; other run files are named, so that reading says why. */
  #visitLink(path: string, name: string, names: ReadonlySet<string>): void {
    this.#look?.link(path);
    this.#outcome.push(`${path}@`);
    if (kindOfName[name] === undefined && this.#sourceOf(path, names) === undefined) {
      this.#checkFolderLink(path);
      return;
    }
    try {
      const target = realpathSync(join(this.#root, path));
      const isFound = isInside(realpathSync(this.#root), target) && this.#sourceOf(target) !== undefined;
      if (isFound) return;
    } catch {
      // A link that leads nowhere is reported by the one who reads it.
    }
    this.#take(path, name, names);
  }

  #checkFolderLink(path: string): void {
    if (this.#rules.paths.includes(path)) return;
    try {
      const target = realpathSync(join(this.#root, path));
      if (isInside(realpathSync(this.#root), target) || !isFolder(target)) return;
    } catch {
      return;
    }
    this.#report({
      code: 'unreadable',
      severity: 'note',
      file: path,
      expected: 'folders that lie in the book',
      found: 'a link to a folder elsewhere',
      hint: 'Runs in it are not looked for; name it under runs.sources in daybook.yaml, or open a book there.',
    });
  }

  #entriesOf(folder: string): Dirent[] {
    const path = join(this.#root, folder);
    try {
      return readdirSync(path, { withFileTypes: true });
    } catch (error) {
      this.#report({
        code: 'unreadable',
        severity: 'warning',
        file: folder === '' ? '.' : folder,
        expected: 'a folder that may be read',
        found: whyUnreadable(path, error) === 'a folder' ? 'one that may not' : whyUnreadable(path, error),
        hint: 'Check its permissions, or name it under runs.exclude in daybook.yaml.',
      });
      return [];
    }
  }
}
