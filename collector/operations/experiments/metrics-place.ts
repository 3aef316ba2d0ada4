import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DaybookError } from '../../base/errors.ts';
import { bookPath, isInside } from '../../base/paths.ts';
import { samplesName } from '../../formats/metrics/samples.ts';
import { joinPlace, placeKey } from '../../runs/key.ts';
import type { RunRecord } from '../../runs/record.ts';
import { recordedWithin } from '../actions/within.ts';
import { getRun, readBookRuns } from '../runs/find.ts';
import { findExperiment, trackerAt } from './find-experiment.ts';

/** Where the metrics of a run go: into its experiment, or straight into a metrics.jsonl where it has none. */
export type MetricsPlace = { tracker: string } | { run: string; file: string };

/**
 * Where the metrics of the run go that a text means: its folder (from `cwd` first), its key, the run that this process is
 * part of, or the id or name of its experiment. The usual cases are told by a look at the folder alone.
 * @throws DaybookError `not-found` that names what is near; `usage` where the text fits several.
 */
export async function findMetricsPlace(
  root: string,
  text: string,
  { cwd, env }: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<MetricsPlace> {
  const { run, runFolder } = recordedWithin(root, env);
  const own = text === run && runFolder !== undefined && isInside(root, runFolder) ? [runFolder] : [];
  const folders = [...own, resolve(cwd, text), resolve(root, text)];
  for (const folder of folders) {
    const tracker = trackerAt(root, folder);
    if (tracker !== undefined) return { tracker };
    if (isInside(root, folder) && existsSync(join(folder, 'metrics.jsonl'))) return inFolder(root, folder);
  }
  const runs = await readBookRuns(root);
  const keys = new Set([
    text,
    ...folders.filter((each) => isInside(root, each)).map((each) => keyOf(root, each)),
  ]);
  const exact = runs.find(({ key }) => keys.has(key));
  if (exact !== undefined) return placeOfRun(exact, runs);
  if (own.length > 0) return inFolder(root, own[0]!);
  try {
    return { tracker: await findExperiment(root, text, cwd) };
  } catch (error) {
    if (!(error instanceof DaybookError) || error.code !== 'not-found') throw error;
  }
  return placeOfRun(getRun(runs, text), runs);
}

const keyOf = (root: string, folder: string) => placeKey(bookPath(root, folder));

function inFolder(root: string, folder: string): MetricsPlace {
  const place = bookPath(root, folder);
  return { run: placeKey(place), file: joinPlace(place, 'metrics.jsonl') };
}

/** A file that the run has already, else one in its folder; named after the run where another one has that folder, too. */
function placeOfRun(run: RunRecord, runs: readonly RunRecord[]): MetricsPlace {
  const { key, place, ledger, files } = run;
  const tracker = files.find(({ kind }) => kind === 'experiment')?.path;
  if (tracker !== undefined) return { tracker };
  const known = files.find(({ kind, path }) => kind === 'metrics' && !path.endsWith(samplesName))?.path;
  const isShared = ledger !== undefined && runs.some((other) => other !== run && other.place === place);
  const name = isShared ? `${ledger.identifier}_metrics.jsonl` : 'metrics.jsonl';
  return { run: key, file: known ?? joinPlace(place, name) };
}
