import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SiteBook } from '../book/types.ts';
import { jsonText } from '../browser.ts';
import { recording } from '../overview/recording.ts';
import { plainNumber } from '../runs/json.ts';
import type { RunsSummary } from '../runs/types.ts';
import type { VersionsSummary } from '../versions/types.ts';

/** Writes api/: the small things as JSON for programs, with the JSON Schemas of the files that a book consists of. */
export function publishApi(site: string, book: SiteBook, schemas: Record<string, object>): void {
  const folder = join(site, 'api');
  const {
    newest,
    attention,
    running,
    failures: _failures,
    deployments: _deployments,
    ...others
  } = book.actions;
  const { days: _days, lastOfTypes: _last, ...counts } = others;
  const newestSnapshot = book.snapshots[book.snapshots.length - 1];
  const files: Record<string, unknown> = {
    summary: {
      title: book.title,
      repository: book.repository ?? null,
      builtAt: iso(book.builtAtUs),
      version: book.version,
      actions: { ...counts, firstAt: iso(counts.firstUs), lastAt: iso(counts.lastUs) },
      newest: newest.slice(0, 20),
      attention,
      running,
      snapshots: book.snapshots.length,
      latestSnapshot: newestSnapshot ?? null,
      coverage: book.coverage === undefined ? null : { ...book.coverage, slots: undefined },
      recorder: recording(book).recorder,
      findings: book.findings.length,
      runs: { ...countsOf(book.runs), firstAt: iso(book.runs.firstUs), lastAt: iso(book.runs.lastUs) },
    },
    findings: book.findings,
    fields: book.fields,
    runs: runsOf(book.runs),
    versions: versionsOf(book.versions),
  };
  for (const [name, value] of Object.entries(files)) write(join(folder, `${name}.json`), value);
  writeFileSync(join(folder, 'snapshots.json'), snapshotsText(book));
  for (const [name, schema] of Object.entries(schemas)) write(join(folder, 'schema', `${name}.json`), schema);
  write(join(folder, 'index.json'), {
    summary: 'summary.json',
    snapshots: 'snapshots.json',
    findings: 'findings.json',
    fields: 'fields.json',
    runs: 'runs.json',
    versions: 'versions.json',
    actions: '../data/actions/index.json',
    runTables: '../data/runs/index.json',
    versionContents: '../data/versions/index.json',
    snapshotContents: '../data/snapshots/index.json',
    fieldHistories: '../data/fields/index.json',
    schemas: Object.keys(schemas).map((name) => `schema/${name}.json`),
  });
}

/** All snapshots, one a line: there may be very many of them. */
function snapshotsText({ snapshots }: SiteBook): string {
  const lines = snapshots.map((view) => jsonText({ ...view, at: iso(view.atUs) }));
  return `[\n${lines.join(',\n')}\n]\n`;
}

const listedRuns = 200;

/** Counts of the runs, without the runs themselves. */
function countsOf(runs: RunsSummary): object {
  const { total, byStatus, staleTotal, verdicts, facets } = runs;
  const { identifier: identifiers = [], tags = [], ...others } = facets;
  return { total, byStatus, stale: staleTotal, receipts: verdicts, identifiers, tags, ...others };
}

/** The newest runs and what is known of all parameters and metrics; the tables in data/runs have every run. */
function runsOf(runs: RunsSummary): object {
  return {
    ...countsOf(runs),
    columns: runs.columns,
    newest: runs.views.slice(0, listedRuns).map((view) => ({ ...flat(view), at: iso(view.atUs) })),
    attention: {
      running: runs.running.map(flat),
      failed: runs.failed.map(flat),
      stale: runs.stale.map(flat),
    },
  };
}

/** All fields of a run side by side. */
function flat({ more, ...view }: RunsSummary['views'][number]): object {
  return { ...more, ...view };
}

const listedVersions = 200;

/** What the versions take, their tags and the newest of them; data/versions has all. */
function versionsOf({
  total,
  storedBytes,
  fullBytes,
  tags,
  taggedSnapshots,
  lost,
  views,
}: VersionsSummary): object {
  return {
    total,
    storedBytes,
    fullBytes,
    tags,
    taggedSnapshots,
    missing: lost.map(({ version }) => version),
    newest: views.slice(0, listedVersions).map((view) => ({ ...view, at: iso(view.atUs) })),
  };
}

function write(path: string, value: unknown): void {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, `${jsonText(value, 2, plainNumber)}\n`);
}

function iso(us: number | undefined): string | null {
  const date = new Date((us ?? Number.NaN) / 1000);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
