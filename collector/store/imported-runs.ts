import {
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { flushFolder } from '../base/atomic-file.ts';
import { writeErrorOf } from '../base/system-error.ts';
import { temporaryPathFor } from '../base/temporary-name.ts';
import {
  type ImportedRun,
  importedRunName,
  importedSeriesName,
  serializeImportedRun,
} from '../formats/imported-runs/document.ts';
import { seriesLines } from '../formats/imported-runs/series.ts';
import type { MetricSeries } from '../formats/metrics/series.ts';
import { type BookMasking, maskingOf } from './book-masking.ts';
import { makeCacheFolder } from './cache-folder.ts';
import { isLeftover } from './leftover-file.ts';
import { readImportedRun } from './runs/sources/imported.ts';

/** Where copies of runs of other programs lie, relative to the book. */
export const importedFolder = 'runs/imported';
/** Where they are written before they are whole, in .daybook. */
const unfinishedFolder = 'import';

/**
 * Puts a run into a folder of its own, whole or not at all; false where there is something already.
 * @throws DaybookError `unwritable` or `disk-full`.
 */
export async function placeImportedRun(
  root: string,
  folder: string,
  run: ImportedRun,
  series: readonly MetricSeries[],
): Promise<boolean> {
  const path = join(root, folder);
  if (existsSync(path)) return false;
  const masking = await maskingOf(root);
  const clean = masked(run, masking);
  // Where nobody looks for runs: who is killed half way must leave none.
  const temporary = temporaryPathFor(join(makeCacheFolder(root, unfinishedFolder), 'run'));
  try {
    mkdirSync(temporary, { recursive: true });
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(join(temporary, importedRunName), serializeImportedRun(clean), { flush: true });
    if (series.length > 0)
      writeFileSync(join(temporary, importedSeriesName), [...seriesLines(series)].join(''), { flush: true });
    renameSync(temporary, path);
    flushFolder(dirname(path));
    return true;
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    throw writeErrorOf(path, error);
  }
}

/** Takes away what imports left that were stopped half way through a run. */
export function clearUnfinished(root: string): void {
  const folder = makeCacheFolder(root, unfinishedFolder);
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (isLeftover(path, name)) rmSync(path, { recursive: true, force: true });
  }
}

/** Numbers hold no secret; parameters are masked by their names, too. */
function masked(run: ImportedRun, { values, texts }: BookMasking): ImportedRun {
  const { name, group, description, error, tags, facts, artifacts } = run;
  return {
    ...run,
    params: values(run.params),
    name: texts(name),
    group: texts(group),
    tags: texts(tags),
    facts: texts(facts) as ImportedRun['facts'],
    artifacts: artifacts.map((each) => ({
      ...each,
      id: texts(each.id),
      path: each.path && texts(each.path),
    })),
    ...(description !== undefined && { description: texts(description) }),
    ...(error !== undefined && { error: texts(error) }),
  };
}

/** The runs that were imported: the folder of each, and what is told of where it came from. */
export function listImportedRuns(root: string): { folder: string; run: ImportedRun }[] {
  return globSync(`${importedFolder}/*/*/${importedRunName}`, { cwd: root })
    .sort()
    .flatMap((found) => {
      const path = found.replaceAll('\\', '/');
      const run = readImportedRun(root, path, () => undefined);
      return run === undefined ? [] : [{ folder: path.slice(0, -importedRunName.length - 1), run }];
    });
}

/** Takes the files of an imported run away; what else was put into its folder stays, and then so does the folder. */
export function removeImportedRun(root: string, folder: string): void {
  const path = join(root, folder);
  try {
    for (const name of [importedSeriesName, importedRunName]) rmSync(join(path, name), { force: true });
    for (const each of [path, join(path, '..'), join(root, importedFolder)])
      if (readdirSync(each).length === 0) rmdirSync(each);
  } catch (error) {
    throw writeErrorOf(path, error);
  }
}
