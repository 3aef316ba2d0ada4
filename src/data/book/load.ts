import { join } from 'node:path';
import type { ActionsSummary } from '../actions/types.ts';
import { Guard } from '../health/guard.ts';
import { publishApi } from '../publish/api.ts';
import { artifacts, type NotCopied } from '../publish/artifacts.ts';
import { cachedByContent, copyPublished } from '../publish/cache.ts';
import { writeJsonTwin } from '../publish/twin.ts';
import { loadRuns } from '../runs/load.ts';
import { loadCodeChanges, loadCommitChanges } from '../runs/load-code.ts';
import { runReads } from '../runs/reads.ts';
import { publishedContent } from '../snapshots/publish.ts';
import { publishedFieldPoints } from '../snapshots/published-fields.ts';
import { loadVersions } from '../versions/load.ts';
import { versionReads } from '../versions/reads.ts';
import { actionFiles, blobNames, namesIn, originOf, periodicFiles, titleOf } from './files.ts';
import { noRuns, noVersions } from './no-reads.ts';
import {
  type ActionsFacts,
  type CollectorReads,
  type LoadEffects,
  noSnapshots,
  readLog,
  readNoLog,
  readSnapshots,
  type SnapshotsFacts,
} from './read-records.ts';
import type { SiteBook } from './types.ts';

/** A book for the pages, and its data files ready to be copied into a site. */
export interface LoadedBook {
  book: SiteBook;
  /** Rules and files whose secrets may be published. */
  mayPublish: readonly string[];
  /** Writes data/ and api/ below `site`. */
  publish(site: string): { notCopied: NotCopied[] };
  /** What came from the cache. */
  reused: { actions: boolean; snapshots: boolean; runs: boolean; versions: boolean };
}

/** Changes when published files or facts change their shape, so that no old cache is taken for a new one. */
const cacheFormat = 'daybook-data-14';

/** Reads log and snapshots in one pass each, or takes both from the cache where their content is known. */
export async function loadBook(
  root: string,
  collector: CollectorReads,
  effects: LoadEffects,
): Promise<LoadedBook> {
  const { config, findings } = await collector.readConfigFile(root);
  const { site, schedule } = config;
  const cache = join(root, '.daybook', 'cache');
  const extra = `${cacheFormat} ${effects.version}`;
  const names = namesIn(join(root, 'snapshots'));
  const guard = new Guard();
  const none = join(cache, 'none');
  const logFiles = actionFiles(root, names);
  const actions = await guard.run(
    'actions',
    () =>
      cachedByContent<ActionsFacts>(
        cache,
        'actions',
        { files: logFiles, extra: `${extra} ${blobNames(root)}` },
        (folder) => (logFiles.length === 0 ? readNoLog(folder) : readLog(root, collector, folder, effects)),
      ),
    () => cachedByContent(none, 'actions', { files: [], extra }, readNoLog),
  );
  const pages = Math.max(1, site.snapshotPages);
  const snapshotFiles = periodicFiles(root, names);
  const snapshots = await guard.run(
    'snapshots',
    () =>
      cachedByContent<SnapshotsFacts>(
        cache,
        'snapshots',
        { files: snapshotFiles, extra: `${extra} ${pages}` },
        (folder) => readSnapshots(root, collector, folder, { pages, count: snapshotFiles.length }, effects),
      ),
    () => cachedByContent<SnapshotsFacts>(none, 'snapshots', { files: [], extra }, noSnapshots),
  );
  const givenRuns = {
    cache,
    extra: `${extra} ${config.runs.exclude.join(' ')}`,
    pages: Math.max(0, site.runPages),
    nowUs: effects.nowUs,
    progress: effects.progress,
  };
  const runs = await guard.run(
    'runs',
    () => loadRuns(root, runReads(root, collector, config.runs.exclude), givenRuns),
    () => loadRuns(root, noRuns, { ...givenRuns, cache: none }),
  );
  const givenVersions = { cache, extra, pages: Math.max(1, site.versionPages), progress: effects.progress };
  const versions = await guard.run(
    'versions',
    () => loadVersions(root, versionReads(root, collector), givenVersions),
    () => loadVersions(root, noVersions, { ...givenVersions, cache: none }),
  );
  const changes = new Map(snapshots.facts.changes);
  const produced = artifacts(root);
  const codeChanges = await guard.run(
    'code',
    () => loadCodeChanges(root, collector.codeDifference, runs.summary),
    () => ({}),
  );
  const commitChanges = await guard.run(
    'code',
    () => loadCommitChanges(root, collector.commitsBetween, runs.summary),
    () => ({}),
  );
  const planned = () =>
    schedule === undefined
      ? undefined
      : collector.coverage(schedule, collector.withPruned(root, snapshots.facts.views), effects.nowUs);
  const coverage = guard.runNow('schedule', planned, undefined);
  const beside = [
    ...guard.runNow('snapshots', () => collector.checkLatest(root), []),
    ...guard.runNow('snapshots', () => collector.listLeftovers(root), []),
  ];
  const contentOf = publishedContent(snapshots.folder, snapshots.facts.views);
  const fieldPointsOf = publishedFieldPoints(snapshots.folder);
  const schemas = await jsonSchemasOf(collector);
  const book: SiteBook = {
    title: site.title ?? config.title ?? titleOf(root),
    repository: site.repository ?? originOf(root),
    builtAtUs: effects.nowUs,
    version: effects.version,
    actions: revived(actions.facts.summary),
    snapshots: snapshots.facts.views,
    contentOf: (id) => guard.runNow('snapshots', () => contentOf(id), undefined),
    changesOf: (id) => changes.get(id) ?? [],
    pageIds: [...changes.keys()].reverse(),
    fields: snapshots.facts.fields,
    fieldPointsOf: (path) => guard.runNow('snapshots', () => fieldPointsOf(path), undefined),
    runs: {
      ...runs.summary,
      detailsOf: (slug) => guard.runNow('runs', () => runs.summary.detailsOf(slug), undefined),
      seriesOf: (slug) => guard.runNow('runs', () => runs.summary.seriesOf(slug), []),
      previewsOf: (run) => guard.runNow('runs', () => produced.previewsOf(run), []),
      codeChanges,
      commitChanges,
    },
    versions: {
      ...versions.summary,
      detailsOf: (version) => guard.runNow('versions', () => versions.summary.detailsOf(version), undefined),
    },
    coverage,
    findings: [
      ...findings,
      ...actions.facts.findings,
      ...snapshots.facts.findings,
      ...runs.findings,
      ...versions.findings,
      ...beside,
      ...guard.findings(),
    ],
    troubles: guard.troubles,
    files: [
      ...actions.facts.files,
      ...snapshots.facts.views.map((view) => ({ path: view.file, bytes: view.bytes, lines: undefined })),
      ...runs.files,
      ...versions.summary.files,
    ],
  };
  return {
    book,
    mayPublish: config.mayPublish,
    publish(siteFolder) {
      copyPublished(actions.folder, join(siteFolder, 'data'));
      copyPublished(snapshots.folder, join(siteFolder, 'data'));
      runs.publish(siteFolder);
      versions.publish(siteFolder);
      const runFolder = join(siteFolder, 'data', 'runs');
      writeJsonTwin(runFolder, 'runs/', 'code', codeChanges);
      writeJsonTwin(runFolder, 'runs/', 'commits', commitChanges);
      writeJsonTwin(runFolder, 'runs/', 'actions', actions.facts.summary.runs);
      const notCopied = produced.publish(siteFolder);
      publishApi(siteFolder, book, schemas);
      return { notCopied };
    },
    reused: {
      actions: !actions.made,
      snapshots: !snapshots.made,
      runs: runs.reused,
      versions: versions.reused,
    },
  };
}

async function jsonSchemasOf(collector: object): Promise<Record<string, object>> {
  const make = (collector as { jsonSchemas?: () => Record<string, object> | Promise<Record<string, object>> })
    .jsonSchemas;
  return make === undefined ? {} : make();
}

/** JSON has no undefined: what was left out comes back as null or not at all. */
function revived(summary: ActionsSummary): ActionsSummary {
  return { ...summary, firstUs: summary.firstUs ?? undefined, lastUs: summary.lastUs ?? undefined };
}
