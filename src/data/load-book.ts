import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import type { Finding } from '../../collector/formats/finding.ts';
import type * as Collector from '../../collector/read.ts';
import { actionFacts, noFacts } from './action-facts.ts';
import { actionRow } from './action-row.ts';
import { openActionTable } from './action-table.ts';
import { isObject } from './browser.ts';
import { cachedByContent, copyPublished } from './build-cache.ts';
import { loadCodeChanges, loadCommitChanges } from './load-code.ts';
import { loadRuns } from './load-runs.ts';
import { loadVersions } from './load-versions.ts';
import { publishActions } from './publish-actions.ts';
import { publishApi } from './publish-api.ts';
import { artifacts } from './publish-artifacts.ts';
import { publishedContent, publishSnapshots, type SnapshotFacts } from './publish-snapshots.ts';
import { writeJsonTwin } from './publish-twin.ts';
import { publishedFieldPoints } from './published-fields.ts';
import { runReads } from './run-reads.ts';
import type { ActionsSummary, BookFile, SiteBook } from './site-book.ts';
import { versionReads } from './version-reads.ts';

/** The read side of the collector, handed in by reader.ts. */
export type CollectorReads = typeof Collector;

/** A book for the pages, and its data files ready to be copied into a site. */
export interface LoadedBook {
  book: SiteBook;
  /** Rules and files whose secrets may be published. */
  mayPublish: readonly string[];
  /** Writes data/ and api/ below `site`. */
  publish(site: string): void;
  /** What came from the cache. */
  reused: { actions: boolean; snapshots: boolean; runs: boolean; versions: boolean };
}

/** What loading takes from outside. */
export interface LoadEffects {
  nowUs: number;
  version: string;
  progress(text: string): void;
}

/** Changes when published files or facts change their shape, so that no old cache is taken for a new one. */
const cacheFormat = 'daybook-data-11';

interface ActionsFacts {
  summary: ActionsSummary;
  findings: Finding[];
  files: BookFile[];
}

type SnapshotsFacts = SnapshotFacts & { findings: Finding[] };

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
  const logFiles = actionFiles(root, names);
  const actions = await cachedByContent(
    cache,
    'actions',
    { files: logFiles, extra: `${extra} ${blobNames(root)}` },
    (folder) => (logFiles.length === 0 ? readNoLog(folder) : readLog(root, collector, folder, effects)),
  );
  const pages = Math.max(1, site.snapshotPages);
  const snapshotFiles = periodicFiles(root, names);
  const snapshots = await cachedByContent<SnapshotsFacts>(
    cache,
    'snapshots',
    { files: snapshotFiles, extra: `${extra} ${pages}` },
    (folder) => {
      if (snapshotFiles.length > manySnapshots) keepGarbageSmall();
      return readSnapshots(root, collector, folder, pages, effects);
    },
  );
  const runs = await loadRuns(root, runReads(root, collector, config.runs.exclude), {
    cache,
    extra: `${extra} ${config.runs.exclude.join(' ')}`,
    pages: Math.max(0, site.runPages),
    nowUs: effects.nowUs,
    progress: effects.progress,
  });
  const versions = await loadVersions(root, versionReads(root, collector), {
    cache,
    extra,
    pages: Math.max(1, site.versionPages),
    progress: effects.progress,
  });
  const changes = new Map(snapshots.facts.changes);
  const produced = artifacts(root);
  const codeChanges = await loadCodeChanges(root, collector.codeDifference, runs.summary);
  const commitChanges = await loadCommitChanges(root, collector.commitsBetween, runs.summary);
  const schemas = await jsonSchemasOf(collector);
  const book: SiteBook = {
    title: site.title ?? config.title ?? titleOf(root),
    repository: site.repository ?? originOf(root),
    builtAtUs: effects.nowUs,
    version: effects.version,
    actions: revived(actions.facts.summary),
    snapshots: snapshots.facts.views,
    contentOf: publishedContent(snapshots.folder, snapshots.facts.views),
    changesOf: (id) => changes.get(id) ?? [],
    pageIds: [...changes.keys()].reverse(),
    fields: snapshots.facts.fields,
    fieldPointsOf: publishedFieldPoints(snapshots.folder),
    runs: { ...runs.summary, codeChanges, commitChanges, previewsOf: produced.previewsOf },
    versions: versions.summary,
    coverage:
      schedule === undefined
        ? undefined
        : collector.coverage(schedule, collector.withPruned(root, snapshots.facts.views), effects.nowUs),
    findings: [
      ...findings,
      ...actions.facts.findings,
      ...snapshots.facts.findings,
      ...runs.findings,
      ...versions.findings,
      ...collector.checkLatest(root),
      ...collector.listLeftovers(root),
    ],
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
      produced.publish(siteFolder);
      publishApi(siteFolder, book, schemas);
    },
    reused: {
      actions: !actions.made,
      snapshots: !snapshots.made,
      runs: runs.reused,
      versions: versions.reused,
    },
  };
}

/** A book of snapshots alone needs no database, which would be most of the memory of its build. */
async function readNoLog(folder: string): Promise<ActionsFacts> {
  const summary = noFacts({ lines: 0, repeated: 0, broken: 0 });
  await publishActions(join(folder, 'actions'), undefined, summary);
  return { summary, findings: [], files: [] };
}

async function readLog(
  root: string,
  collector: CollectorReads,
  folder: string,
  effects: LoadEffects,
): Promise<ActionsFacts> {
  const findings: Finding[] = [];
  const writer = await openActionTable(join(folder, '..'));
  try {
    let ordinal = 0;
    const totals = await collector.readActions(
      root,
      (record) => {
        ordinal += 1;
        if (ordinal % 100_000 === 0) effects.progress(`${ordinal} actions read`);
        let details = record.details;
        if (isObject(details) && typeof details['$blob'] === 'string') {
          const resolved = collector.resolveDetails(root, details);
          details = resolved.details;
          if (resolved.finding !== undefined) {
            findings.push({
              ...resolved.finding,
              file: record.file,
              line: record.line,
              path: resolved.finding.file,
            });
          }
        }
        const row = actionRow(record, details);
        if (record.actionId === undefined) writer.add(row);
        else writer.addPart({ ...row, actionId: record.actionId, ordinal });
      },
      (finding) => findings.push(finding),
    );
    const table = await writer.finish();
    effects.progress(`${table.total} actions sorted`);
    const { lines, repeated, broken } = totals;
    const summary =
      table.total === 0
        ? noFacts({ lines, repeated, broken })
        : await actionFacts(table, { lines, repeated, broken });
    await publishActions(join(folder, 'actions'), table, summary);
    return { summary, findings, files: totals.files };
  } finally {
    writer.discard();
  }
}

const manySnapshots = 2000;

/**
 * Parsed snapshots are garbage within milliseconds, yet V8 answers so much of it with ever more room for it: 120 MiB of the
 * memory of a build of thousands. Kept from growing, it is collected more often, at next to no cost of time.
 */
function keepGarbageSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}

async function readSnapshots(
  root: string,
  collector: CollectorReads,
  folder: string,
  pages: number,
  effects: LoadEffects,
): Promise<SnapshotsFacts> {
  const findings: Finding[] = [];
  const publisher = publishSnapshots(folder, pages);
  collector.readAllPeriodic(
    root,
    (record) => publisher.take(record),
    (finding) => findings.push(finding),
  );
  const facts = publisher.finish();
  effects.progress(`${facts.views.length} snapshots read`);
  return { ...facts, findings };
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

/** What stands in place of a folder has no names; it is a finding of whoever reads it. */
function namesIn(folder: string): string[] {
  const isFolder = statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false;
  return isFolder ? readdirSync(folder).sort() : [];
}

function actionFiles(root: string, names: string[]): string[] {
  return names
    .filter((name) => /^action_.*\.(json|jsonl|jsonl\.gz|jsonl\.zst)$/.test(name))
    .map((name) => inSnapshots(root, name));
}

function periodicFiles(root: string, names: string[]): string[] {
  return names.filter((name) => /periodic.*\.json/.test(name)).map((name) => inSnapshots(root, name));
}

function inSnapshots(root: string, name: string): string {
  return join(root, 'snapshots', name);
}

function blobNames(root: string): string {
  const folder = join(root, 'snapshots', 'blobs');
  return namesIn(folder)
    .map((name) => `${name} ${statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 'gone'}`)
    .join(' ');
}

function titleOf(root: string): string {
  const address = originOf(root);
  return address === undefined ? basename(root) || 'Daybook' : address.split('/').slice(-2).join('/');
}

/** The web address of the repository that git calls origin, if it has one. */
function originOf(root: string): string | undefined {
  try {
    const config = readFileSync(join(root, '.git', 'config'), 'utf8');
    const url = /\[remote "origin"\][^[]*?url\s*=\s*(\S+)/.exec(config)?.[1];
    const match =
      /^(?:https?:\/\/(?:[^@/]+@)?|ssh:\/\/(?:[^@/]+@)?|[^@/\s]+@)([A-Za-z0-9.-]+)[:/](.+?)(?:\.git)?\/?$/.exec(
        url ?? '',
      );
    return match === null ? undefined : `https://${match[1]}/${match[2]}`;
  } catch {
    return undefined;
  }
}
