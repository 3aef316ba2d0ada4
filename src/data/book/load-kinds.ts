import { basename, join } from 'node:path';
import type { RunRecord } from '../../../collector/runs/record.ts';
import type { GrowingSum } from '../../../collector/store/growing-sum.ts';
import { type EarlierReading, readLog } from '../actions/read-log.ts';
import { jsonText } from '../browser.ts';
import type { Guard } from '../health/guard.ts';
import { type Cached, cachedByContent, type Earlier } from '../publish/cache.ts';
import { loadRuns } from '../runs/load.ts';
import { runReads } from '../runs/reads.ts';
import type { SnapshotFacts } from '../snapshots/publish/facts.ts';
import { noSnapshots, readSnapshots } from '../snapshots/read.ts';
import { keptTrends } from '../trends/views.ts';
import { loadVersions } from '../versions/load.ts';
import { versionReads } from '../versions/reads.ts';
import { actionFiles, blobNames, namesIn, periodicFiles } from './files.ts';
import { noRuns, noVersions } from './no-reads.ts';
import { type ActionsFacts, type CollectorReads, type LoadEffects, readNoLog } from './read-records.ts';

/** What the parts of a book are loaded from. */
export interface Loading {
  root: string;
  collector: CollectorReads;
  config: Awaited<ReturnType<CollectorReads['readConfigFile']>>['config'];
  effects: LoadEffects;
  /** Keeps what goes wrong in one part from the others. */
  guard: Guard;
}

/** The records of every kind, and their files ready to be published. */
export interface LoadedKinds {
  actions: Cached<ActionsFacts>;
  snapshots: Cached<SnapshotFacts>;
  runs: Awaited<ReturnType<typeof loadRuns>>;
  versions: Awaited<ReturnType<typeof loadVersions>>;
}

/** Changes when published files or facts change their shape, so that no old cache is taken for a new one. */
const cacheFormat = 'daybook-data-27';

/** Reads log and snapshots in one pass each, runs and versions file by file, or takes them from the cache where their content is known. */
export async function loadKinds(loading: Loading): Promise<LoadedKinds> {
  const { selection, version } = loading.effects;
  // What is kept for the next build of the whole book stays as it is.
  const cache = join(loading.root, '.daybook', 'cache', ...(selection === undefined ? [] : ['part']));
  const place = {
    cache,
    /** Takes nothing from a book that cannot be read. */
    none: join(cache, 'none'),
    extra: `${cacheFormat} ${version} ${selection === undefined ? '' : jsonText(selection)}`,
    names: namesIn(join(loading.root, 'snapshots')),
  };
  const { phases } = loading.effects;
  phases?.begin('actions');
  const actions = await loadActions(loading, place);
  phases?.begin('snapshots');
  const snapshots = await loadSnapshots(loading, place);
  phases?.begin('runs');
  const runs = await loadBookRuns(loading, place);
  phases?.begin('versions');
  const versions = await loadBookVersions(loading, place);
  return { actions, snapshots, runs, versions };
}

interface Place {
  cache: string;
  none: string;
  extra: string;
  names: string[];
}

function loadActions(
  { root, collector, effects, guard }: Loading,
  { cache, none, extra, names }: Place,
): Promise<Cached<ActionsFacts>> {
  const files = actionFiles(root, names);
  const live = files.find((file) => basename(file) === 'action_log.jsonl');
  // Details that lie in blobs are read with their lines: one that went or changed is another content of a line.
  const growing =
    live === undefined
      ? undefined
      : {
          file: live,
          sum: () => collector.lookThrough(root, live)?.sum,
          isFrom: (now: GrowingSum, earlier: GrowingSum) => collector.grewFrom(live, now, earlier),
        };
  const sources = () => ({ files, extra, growing, more: blobNames(root) });
  return guard.run<Cached<ActionsFacts>>(
    'actions',
    () =>
      cachedByContent<ActionsFacts>(cache, 'actions', sources(), (folder, earlier, _sums, before) => {
        if (files.length === 0) return readNoLog(folder);
        const places = {
          folder,
          earlier: readingOf(earlier),
          before: readingOf(before),
          sizes: effects.actionSizes,
        };
        return readLog(root, collector, places, effects);
      }),
    () => cachedByContent(none, 'actions', { files: [], extra }, readNoLog),
  );
}

function readingOf(made: Earlier<ActionsFacts> | undefined): EarlierReading | undefined {
  const reading = made?.facts.reading;
  return reading && { folder: made.folder, reading };
}

function loadSnapshots(
  { root, collector, config, effects, guard }: Loading,
  { cache, none, extra, names }: Place,
): Promise<Cached<SnapshotFacts>> {
  const files = periodicFiles(root, names);
  const pages = Math.max(1, config.site.snapshotPages);
  return guard.run<Cached<SnapshotFacts>>(
    'snapshots',
    () =>
      cachedByContent<SnapshotFacts>(
        cache,
        'snapshots',
        { files, extra: `${extra} ${pages}`, inParts: extra },
        async (folder, earlier, sums) =>
          readSnapshots(root, collector, { folder, pages, way: extra, earlier, sums, ...effects }),
      ),
    () => cachedByContent(none, 'snapshots', { files: [], extra }, async (folder) => noSnapshots(folder)),
  );
}

function loadBookRuns(
  { root, collector, config, effects, guard }: Loading,
  { cache, none, extra }: Place,
): Promise<LoadedKinds['runs']> {
  const { selection, version } = effects;
  const format = `${cacheFormat} ${version}`;
  const given = {
    cache,
    extra: `${extra} ${jsonText(config.runs)} ${jsonText({ ...config.trends })}`,
    // Runs that were asked for by name have pages, however many those are.
    pages: Math.max(
      0,
      selection !== undefined && 'runs' in selection ? selection.runs.length : config.site.runPages,
    ),
    nowUs: effects.nowUs,
    progress: effects.progress,
    trendsOf: (runs: readonly RunRecord[]) =>
      keptTrends(collector, collector.seriesOfRuns(runs, config.trends), config.trends),
  };
  return guard.run(
    'runs',
    () => loadRuns(root, runReads(root, collector, { config: config.runs, format }), given),
    () => loadRuns(root, noRuns, { ...given, cache: none }),
  );
}

function loadBookVersions(
  { root, collector, config, effects, guard }: Loading,
  { cache, none, extra }: Place,
): Promise<LoadedKinds['versions']> {
  const { progress } = effects;
  const given = { cache, extra, pages: Math.max(1, config.site.versionPages), progress };
  return guard.run(
    'versions',
    () => loadVersions(root, versionReads(root, collector), given),
    () => loadVersions(root, noVersions, { ...given, cache: none }),
  );
}
