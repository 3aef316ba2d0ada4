import { plural } from '../../../base/format/words.ts';
import { daybookBuild } from '../../../base/version.ts';
import type { BookConfig } from '../../../formats/config/config.ts';
import { placeOfFile } from '../../../runs/evidence.ts';
import { lastPartOf } from '../../../runs/key.ts';
import { besideTrackerName } from '../../../store/experiments/read-experiment.ts';
import { KeptFiles } from '../../../store/kept-files.ts';
import { readLedger } from '../../../store/ledger/read-ledger.ts';
import { ledgerEvidence } from '../../../store/runs/sources/ledger.ts';
import { metricsSource } from '../../../store/runs/sources/metrics.ts';
import type { RunsHere } from './gather-runs.ts';
import type { RunFileKind } from './run-paths.ts';

/**
 * One sentence about the runs that a sync leaves where they are, and how to take them along; undefined where there are none, and
 * where daybook.yaml says that it shall be so. Runs are counted by their places, which the names of files tell: only ledgers are
 * read, and only where they have changed.
 */
export async function leftBehind(
  root: string,
  { here, tracked }: RunsHere,
  { sync: { runs } }: Pick<BookConfig, 'sync'>,
  isApart: boolean,
): Promise<string | undefined> {
  if (runs === 'off' || (isApart && runs !== 'unset')) return undefined;
  const files = [...here].filter(([path]) => !tracked.has(path));
  if (files.length === 0) return undefined;
  const places = new Set<string>();
  const counts = new Map<string, number>();
  const kept = new KeptFiles(root, 'runs-in-ledgers.json', daybookBuild);
  for (const [path, kind] of files) {
    const found = kind === 'ledger' ? await ledgerPlaces(kept, root, path) : placesOf(path, kind);
    for (const place of found) places.add(place);
    if (found.length > 0) counts.set(names[kind], (counts.get(names[kind]) ?? 0) + 1);
  }
  kept.save();
  if (places.size === 0) return undefined;
  const what = [...counts].map(([name, count]) => `${count} ${name}`).join(', ');
  const stay = `${plural(places.size, 'run')} ${places.size === 1 ? 'stays' : 'stay'} here (${what})`;
  if (isApart) return `${stay}: "sync: {runs: true}" in daybook.yaml takes them along, false ends this line.`;
  if (runs === 'unset')
    return `${stay}: they are yours to commit on this branch; a book on a branch of its own can take them along (daybook sync --move, and "sync: {runs: true}" in daybook.yaml; false ends this line).`;
  return `${stay}: sync.runs holds for a book on a branch of its own (daybook sync --move); on this branch they are yours to commit.`;
}

/** The same about files of metrics that are too large to be taken along. */
export function largeNotes(large: readonly string[]): string[] {
  if (large.length === 0) return [];
  const more = large.length > 1 ? ` and ${large.length - 1} more` : '';
  const stay = large.length > 1 ? 'stay' : 'stays';
  return [`${large[0]}${more} ${stay} here: larger than sync.runs.metrics in daybook.yaml lets through.`];
}

const names: Record<RunFileKind, string> = {
  ledger: 'metadata.json',
  receipt: 'run.lock',
  experiment: 'experiment_tracker.json',
  metrics: 'metrics.jsonl',
};

/** A file with a prefix is one of a run that a ledger has, or of none. */
function placesOf(path: string, kind: RunFileKind): string[] {
  if (lastPartOf(path) === besideTrackerName) return [];
  const { folder, prefix } =
    kind === 'metrics' ? metricsSource.placeOf!(path) : placeOfFile(path, names[kind]);
  return prefix === '' ? [folder] : [];
}

/** Folders of the runs in a ledger; none for a file that only has the name of one. */
async function ledgerPlaces(kept: KeptFiles, root: string, path: string): Promise<string[]> {
  const read = async () => (await readLedger(root, path)).map((run) => ledgerEvidence(run).folder);
  return ((await kept.of(path, read)) ?? []) as string[];
}
