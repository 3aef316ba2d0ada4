import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SiteBook } from '../book/types.ts';
import { jsonText } from '../browser.ts';
import { runsJson } from '../elsewhere/api/runs.ts';
import { findingsJson, summaryJson } from '../elsewhere/api/summary.ts';
import { plainNumber } from '../runs/json.ts';
import type { VersionsSummary } from '../versions/types.ts';

/** A small file for programs: what is in it, and the name of its schema where it has one. */
interface ApiFile {
  name: string;
  about: string;
  schema?: string;
  value: unknown;
}

/** Writes api/: the small things as JSON for programs, with the JSON Schemas of these and of the files that a book consists of. */
export function publishApi(site: string, book: SiteBook, schemas: Record<string, object>): void {
  const folder = join(site, 'api');
  mkdirSync(join(folder, 'schema'), { recursive: true });
  const files = filesOf(book);
  for (const { name, value } of files) write(join(folder, `${name}.json`), value);
  writeFileSync(join(folder, 'snapshots.json'), snapshotsText(book));
  for (const [name, schema] of Object.entries(schemas)) write(join(folder, 'schema', `${name}.json`), schema);
  const listed = files.map(({ name, about, schema }) => ({
    path: `${name}.json`,
    about,
    ...(schema === undefined || schemas[schema] === undefined ? {} : { schema: `schema/${schema}.json` }),
  }));
  write(join(folder, 'index.json'), {
    files: [
      { path: 'index.json', about: 'this list', schema: 'schema/api-index.json' },
      ...listed,
      ...others,
    ],
    schemas: Object.keys(schemas).map((name) => `schema/${name}.json`),
  });
}

/** Files that others write. */
const others = [
  { path: 'snapshots.json', about: 'all snapshots, one a line: time, health, number of changes' },
  { path: '../data/actions/index.json', about: 'all actions: the Parquet files, their ranges and counts' },
  { path: '../data/runs/index.json', about: 'all runs: the Parquet files of their table and their metrics' },
  { path: '../data/snapshots/index.json', about: 'contents of all snapshots' },
  { path: '../data/fields/index.json', about: 'histories of all fields of snapshots' },
  { path: '../data/versions/index.json', about: 'all versions and their contents' },
];

function filesOf(book: SiteBook): ApiFile[] {
  const newest = book.snapshots.at(-1);
  const latest = newest && book.contentOf(newest.id);
  return [
    { name: 'summary', about: 'counts of everything', schema: 'api-summary', value: summaryJson(book) },
    ...(latest === undefined
      ? []
      : [{ name: 'latest', about: 'the newest snapshot whole', schema: 'periodic', value: latest }]),
    { name: 'actions', about: 'the newest actions, failures and deployments', value: actionsOf(book) },
    {
      name: 'runs',
      about: 'the newest 200 runs, counts of all',
      schema: 'api-runs',
      value: runsJson(book.runs),
    },
    {
      name: 'findings',
      about: 'what was noticed in the files',
      schema: 'api-findings',
      value: findingsJson(book.findings),
    },
    { name: 'fields', about: 'fields of snapshots, their newest values', value: book.fields },
    { name: 'versions', about: 'the newest 200 versions, sizes and tags', value: versionsOf(book.versions) },
  ];
}

const listedActions = 50;

function actionsOf({ actions }: SiteBook): object {
  const { total, attention, running, failures, deployments, lastOfTypes } = actions;
  return {
    total,
    newest: actions.newest.slice(0, listedActions),
    attention,
    running,
    failures,
    deployments,
    last_of_types: lastOfTypes.map(({ type, status, atUs }) => ({ type, status, at: iso(atUs) })),
  };
}

/** All snapshots, one a line: there may be very many of them. */
function snapshotsText({ snapshots }: SiteBook): string {
  const lines = snapshots.map((view) => jsonText({ ...view, at: iso(view.atUs) }));
  return `[\n${lines.join(',\n')}\n]\n`;
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
  writeFileSync(path, `${jsonText(value, 2, plainNumber)}\n`);
}

function iso(us: number | undefined): string | null {
  const date = new Date((us ?? Number.NaN) / 1000);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
