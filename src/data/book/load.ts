import { join } from 'node:path';
import type { ActionsSummary } from '../actions/types.ts';
import { Guard } from '../health/guard.ts';
import { publishApi } from '../publish/api.ts';
import { artifacts, type NotCopied } from '../publish/artifacts.ts';
import { linkFiles } from '../publish/link-files.ts';
import { writeJsonTwin } from '../publish/twin.ts';
import { loadCodeChanges, loadCommitChanges } from '../runs/load-code.ts';
import { KeptKeys } from '../snapshots/kept-keys.ts';
import { loadedSnapshots } from '../snapshots/load.ts';
import { findingsOf as snapshotFindings } from '../snapshots/publish.ts';
import { loadTrends } from '../trends/load.ts';
import { type LoadedKinds, type Loading, loadKinds } from './load-kinds.ts';
import type { CollectorReads, LoadEffects } from './read-records.ts';
import type { SiteBook } from './types.ts';

/** A book for the pages, and its data files ready to be copied into a site. */
export interface LoadedBook {
  book: SiteBook;
  /** Rules and files whose secrets may be published. */
  mayPublish: readonly string[];
  /** Whether its pages are to work from disk. */
  fileProtocol: boolean;
  /** Writes data/ and api/ below `site`. */
  publish(site: string): { notCopied: NotCopied[] };
  /** What came from the cache. */
  reused: { actions: boolean; snapshots: boolean; runs: boolean; versions: boolean };
}

/** Loads a book: its records of every kind, and what follows from them. */
export async function loadBook(
  root: string,
  collector: CollectorReads,
  effects: LoadEffects,
): Promise<LoadedBook> {
  const { config, findings } = await collector.readConfigFile(root);
  const guard = new Guard();
  const loading: Loading = { root, collector, config, effects, guard };
  const kinds = await loadKinds(loading);
  const { actions, snapshots, runs, versions } = kinds;
  effects.phases?.begin('code');
  const produced = artifacts(root);
  const code = await loadCode(loading, kinds);
  const trends = await loadTrends(loading, runs.trends);
  const schemas = await jsonSchemasOf(collector);
  const pictured = snapshotsOf(loading, kinds);
  const keptPageKeys = keysOf(loading, kinds);
  const book: SiteBook = {
    ...pictured,
    keptPageKeys,
    title: config.site.title ?? config.title ?? collector.titleOf(root),
    repository: config.site.repository ?? collector.originOf(root),
    builtAtUs: effects.nowUs,
    version: effects.version,
    part: effects.part,
    actions: revived(actions.facts.summary),
    runs: {
      ...runs.summary,
      detailsOf: (slug) => guard.runNow('runs', () => runs.summary.detailsOf(slug), undefined),
      seriesOf: (slug) => guard.runNow('runs', () => runs.summary.seriesOf(slug), []),
      previewsOf: (run) => guard.runNow('runs', () => produced.previewsOf(run), []),
      ...code,
    },
    versions: {
      ...versions.summary,
      detailsOf: (version) => guard.runNow('versions', () => versions.summary.detailsOf(version), undefined),
    },
    trends,
    findings: [...findings, ...findingsOf(loading, kinds), ...guard.findings()],
    troubles: guard.troubles,
    files: [
      ...actions.facts.files,
      ...pictured.snapshots.map((view) => ({ path: view.file, bytes: view.bytes, lines: undefined })),
      ...runs.files,
      ...versions.summary.files,
    ],
    elsewhere: {
      address: config.site.address,
      badges: config.site.badges,
      leaveOut: config.site.leaveOut,
    },
  };
  return {
    book,
    mayPublish: config.mayPublish,
    fileProtocol: config.site.fileProtocol,
    publish(siteFolder) {
      keptPageKeys.save();
      linkFiles(actions.folder, join(siteFolder, 'data'));
      linkFiles(snapshots.folder, join(siteFolder, 'data'));
      runs.publish(siteFolder);
      versions.publish(siteFolder);
      const runFolder = join(siteFolder, 'data', 'runs');
      writeJsonTwin(runFolder, 'runs/', 'code', code.codeChanges);
      writeJsonTwin(runFolder, 'runs/', 'commits', code.commitChanges);
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

type BookSnapshots = Pick<
  SiteBook,
  | 'snapshots'
  | 'contentOf'
  | 'changesOf'
  | 'pageIds'
  | 'fields'
  | 'fieldPointsOf'
  | 'fieldRolledOf'
  | 'coverage'
>;

function snapshotsOf(loading: Loading, { snapshots }: LoadedKinds): BookSnapshots {
  const { root, collector, config, effects, guard } = loading;
  const { schedule } = config;
  const loaded = loadedSnapshots(snapshots.folder, snapshots.facts, Math.max(1, config.site.snapshotPages));
  const planned = () =>
    schedule && collector.coverage(schedule, collector.withPruned(root, loaded.snapshots), effects.nowUs);
  return {
    ...loaded,
    contentOf: (id) => guard.runNow('snapshots', () => loaded.contentOf(id), undefined),
    changesOf: (id) => guard.runNow('snapshots', () => loaded.changesOf(id), []),
    fieldPointsOf: (path) => guard.runNow('snapshots', () => loaded.fieldPointsOf(path), undefined),
    fieldRolledOf: (path) => guard.runNow('snapshots', () => loaded.fieldRolledOf(path), []),
    coverage: guard.runNow('schedule', planned, undefined),
  };
}

/** What is kept of the keys of pages of snapshots, beside what was published of them. */
function keysOf({ effects }: Loading, { snapshots: { folder, facts } }: LoadedKinds): KeptKeys {
  const numbers = new Map(facts.ids.map((id, number) => [id, number]));
  const sumOf = (id: string) => facts.sums[numbers.get(id) ?? -1];
  return new KeptKeys(join(folder, '..', '..', 'page-keys.json'), `${facts.way} ${effects.version}`, sumOf);
}

/** What was found in the records, and beside them. */
function findingsOf(
  { root, collector, guard }: Loading,
  { actions, snapshots, runs, versions }: LoadedKinds,
): SiteBook['findings'] {
  return [
    ...actions.facts.findings,
    ...snapshotFindings(snapshots.facts),
    ...runs.findings,
    ...versions.findings,
    ...guard.runNow('snapshots', () => collector.checkLatest(root), []),
    ...guard.runNow('snapshots', () => collector.listLeftovers(root), []),
  ];
}

type Code = Pick<SiteBook['runs'], 'codeChanges' | 'commitChanges'>;

/** What lies between the code of runs. */
async function loadCode({ root, collector, config, guard }: Loading, { runs }: LoadedKinds): Promise<Code> {
  return {
    codeChanges: await guard.run(
      'code',
      () =>
        loadCodeChanges(
          root,
          collector.codeDifference,
          runs.summary,
          config.site.patches ? collector.codePatch : undefined,
        ),
      () => ({}),
    ),
    commitChanges: await guard.run(
      'code',
      () => loadCommitChanges(root, collector.commitsBetween, runs.summary),
      () => ({}),
    ),
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
