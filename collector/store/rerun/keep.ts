import { basename, isAbsolute, join, relative, resolve } from 'node:path';
import { bookPath, isInside } from '../../base/paths.ts';
import { movedExperiment } from '../../formats/experiments/moved.ts';
import { lastPartOf } from '../../runs/key.ts';
import { besideTrackerName, trackerName } from '../experiments/read-experiment.ts';
import { runSources } from '../runs/sources/index.ts';
import { type FilesBelow, filesBelow, keepFile, writtenSince } from './written.ts';

/** Where a rerun wrote, and where what it wrote is kept. */
export interface KeepRequest {
  root: string;
  /** The folder of the rerun, and where the book and the folder of the first run lie in it. */
  folder: string;
  inner: string;
  place: string;
  /** The folder of the new run, absolute. */
  home: string;
  before: FilesBelow;
  /** Outputs by name, absolute in the folder of the rerun. */
  outputs: ReadonlyMap<string, string>;
}

/** What was kept. */
export interface Kept {
  /** Where each output stands now, absolute. */
  outputs: Map<string, string>;
  /** How many files were written that are no results of this run, and are not kept. */
  left: number;
}

/**
 * Copies what a rerun wrote into the folder of the new run: all that is new or changed in the folder of the run; outputs and
 * attached files that lie elsewhere go to outputs/ in it. Paths in the files of an experiment follow.
 */
export function keepResults({ root, folder, inner, place, home, before, outputs }: KeepRequest): Kept {
  const written = new Set(writtenSince(before, filesBelow(folder)).map((path) => join(folder, path)));
  const kept = new Set<string>();
  /** Where a file or folder of the rerun has its place now; as it is where it was not written by it. */
  const homeOf = (path: string): string => {
    const isOwn = isInside(place, path) && place !== inner;
    return isOwn ? join(home, relative(place, path)) : join(home, 'outputs', nameWithin(folder, inner, path));
  };
  const keepAt = (path: string): string => {
    const to = homeOf(path);
    const mine = [...written].filter((each) => isInside(path, each));
    if (mine.length === 0) return path;
    for (const each of mine) {
      keepFile(each, join(to, relative(path, each)));
      kept.add(each);
    }
    return to;
  };
  const move = (text: string): string => {
    const absolute = isAbsolute(text) ? text : resolve(inner, text);
    if (!isInside(folder, absolute)) return text;
    const now = keepAt(absolute);
    if (now === absolute && !isAbsolute(text)) return text;
    const back = now === absolute ? join(root, relative(inner, absolute)) : now;
    return isInside(root, back) ? bookPath(root, back) : back;
  };
  const id = { from: basename(place), to: basename(home) };
  const found = new Map<string, string>();
  for (const [name, path] of outputs) {
    // What the command left as it stands in the recorded code is an output all the same.
    if (keepAt(path) === path) keepFile(path, homeOf(path));
    found.set(name, homeOf(path));
  }
  for (const path of written) {
    if (!isOfRun(path, place, inner) || lastPartOf(path) === 'run.lock') continue;
    const to = join(home, relative(place, path));
    const isTracker = [trackerName, besideTrackerName].includes(lastPartOf(path));
    keepFile(path, to, isTracker ? (text) => movedExperiment(text, { move, id }) : undefined);
    kept.add(path);
  }
  const isOfBook = (path: string) =>
    isInside(join(inner, 'snapshots'), path) || isInside(join(inner, '.daybook'), path);
  const left = [...written].filter((path) => !kept.has(path) && !isOfBook(path));
  return { outputs: found, left: left.length };
}

/** Of a run in the root of the book only the files that runs are made from are known to be its own. */
function isOfRun(path: string, place: string, inner: string): boolean {
  if (!isInside(place, path)) return false;
  if (place !== inner) return true;
  const within = bookPath(place, path);
  const isMetrics = within === 'metrics/metrics.jsonl' || !within.includes('/');
  return isMetrics && runSources.some(({ claims }) => claims(within));
}

function nameWithin(folder: string, inner: string, path: string): string {
  return relative(isInside(inner, path) ? inner : folder, path) || basename(path);
}
