import { existsSync } from 'node:fs';
import type { RunPlace } from '../../formats/config/run-places.ts';
import type { Finding } from '../../formats/findings/finding.ts';

/** Folders that hold other people's files, or our own results, by name. */
export const neverWalked = new Set([
  '.git',
  '.hg',
  '.svn',
  '.daybook',
  'node_modules',
  'site-packages',
  '__pycache__',
  '.venv',
  '.tox',
  '.nox',
  '.pixi',
  '.cache',
  '.mypy_cache',
  '.pytest_cache',
  '.ruff_cache',
  '.ipynb_checkpoints',
]);

/** Folders of the book itself in which no runs lie. */
export const ownFolders = new Set(['snapshots/store', 'snapshots/blobs']);

/** Names of files of runs alone. */
export const onlyFiles = new Set(['run.lock', 'experiment_tracker.json', 'metrics.jsonl']);

/** That a folder has the name of a file of runs. */
export function folderInPlace(path: string): Finding {
  return {
    code: 'unreadable',
    severity: 'warning',
    file: path,
    expected: 'a file of a run',
    found: 'a folder',
    hint: 'Give the folder another name.',
  };
}

/** A virtual environment, or a dashboard that Daybook built. */
export function isForeign(names: ReadonlySet<string>): boolean {
  if (names.has('pyvenv.cfg') || names.has('conda-meta')) return true;
  return dashboardNames.every((name) => names.has(name));
}

const dashboardNames = ['index.html', 'health.html', 'snapshots.html', 'assets', 'data', 'api'];

/** Whether there is a folder, or a link to one. */
export function isFolder(path: string): boolean {
  return existsSync(`${path}/.`);
}

/** What is no evidence by itself, but of use beside it. */
export const kindOfName: Record<string, 'configs' | 'summaries'> = {
  'config.yaml': 'configs',
  'config.yml': 'configs',
  'config.json': 'configs',
  // Of YOLO and Lightning.
  'args.yaml': 'configs',
  'opt.yaml': 'configs',
  'hparams.yaml': 'configs',
  'complete_summary.json': 'summaries',
};

/** There are thousands of them in one folder, and no name of a file of a run ends so. */
export const periodicPath = /^snapshots\/periodic_\d{8}_\d{6}(?:_\d+)?\.json$/;

/** FlexLock puts it behind the name of the run.lock that it belongs to. */
export const databaseEnding = 'run.lock.tasks.db';

/** What daybook.yaml says of places in which runs are looked for, and of kinds that are not read. */
export class PlaceRules {
  /** Places that are looked into beside the usual ones. */
  readonly paths: readonly string[];
  readonly #places: readonly RunPlace[];

  constructor(places: readonly RunPlace[]) {
    this.#places = places;
    this.paths = places.flatMap(({ path, read }) => (read && path !== undefined ? [path] : []));
  }

  /** Whether files of a kind are read at a path; without a kind, whether anything is. */
  allows(path: string, kind: string | undefined): boolean {
    if (this.#places.length === 0) return true;
    const here = this.#places.filter((place) => isBelow(path, place.path));
    const isOff = here.some((place) => !place.read && (place.kind === undefined || place.kind === kind));
    if (isOff || kind === undefined) return !isOff;
    const only = here.filter((place) => place.read && place.path !== undefined && place.kind !== undefined);
    return only.length === 0 || only.some((place) => place.kind === kind);
  }

  /** The kind that the place of exactly this path is read as. */
  kindOf(path: string): string | undefined {
    return this.#places.find((place) => place.read && place.path === path)?.kind;
  }
}

function isBelow(path: string, folder: string | undefined): boolean {
  return folder === undefined || folder === '' || path === folder || path.startsWith(`${folder}/`);
}
