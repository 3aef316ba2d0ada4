import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { RunRecord } from '../../../collector/runs/record.ts';
import { jsonText, parseJson, parsePlainJson, runColumns } from '../browser.ts';
import { lineage } from '../lineage/graph.ts';
import { linkOrCopy } from '../publish/link-files.ts';
import { writeJsonTwin, writePackedText } from '../publish/twin.ts';
import { chartColumns } from './chart-columns.ts';
import { boundColumns } from './columns.ts';
import { runDetails } from './details.ts';
import { detailsShards, type RunIndex, seriesFileOf, shardName, shardOf } from './index.ts';
import { detailsText, revivedDetails, revivedSeries } from './json.ts';
import { runShape } from './page-key.ts';
import { type PublishedGroup, publishSeries, type SeriesGiven } from './publish-series.ts';
import { publishRunTable } from './table.ts';
import type { ChartColumns, LineageGraph, RunColumn, RunDetails, RunSeries, RunShape } from './types.ts';

/** What is known about the published files. */
export interface PublishedRuns {
  columns: RunColumn[];
  /** How many parameters and metrics have no column, because there are too many. */
  leftOut: number;
  shards: RunIndex['shards'];
  graph: LineageGraph;
  charts: ChartColumns;
  /** Of the runs that get a page, by slug. */
  shapes: Record<string, RunShape>;
  kept: KeptParts;
}

/** What tells the next build which of the published files it can take as they are. */
export interface KeptParts {
  groups: PublishedGroup[];
  /** Checksums of the details, by number of their shard. */
  details: Record<number, string>;
}

/** What is needed to publish runs. */
export interface RunsGiven {
  pages: number;
  byStatus: RunIndex['byStatus'];
  /** Reads the series of a run from its files. */
  seriesOf: SeriesGiven['seriesOf'];
  contentOf?: SeriesGiven['contentOf'];
  sizes?: SeriesGiven['sizes'];
  /** What was published before, of whatever runs. */
  earlier?: { folder: string; kept: KeptParts } | undefined;
}

/**
 * Writes runs/ below `folder`: the table and all points of all series as Parquet, details and thinned series by shard, the
 * graph, and the index. What is as it was published before is not written again.
 */
export async function publishRuns(
  folder: string,
  runs: RunRecord[],
  given: RunsGiven,
): Promise<PublishedRuns> {
  const home = join(folder, 'runs');
  const found = lineage(runs);
  // Written first, because it makes the folder.
  writeJsonTwin(home, 'runs/', 'lineage', found.graph);
  const all = runColumns(runs);
  const columns = boundColumns(all);
  const charts = chartColumns(runs, columns);
  const table = publishRunTable(home, runs, columns);
  const { earlier, contentOf = () => undefined } = given;
  const groups = await publishSeries(home, runs, {
    seriesOf: given.seriesOf,
    contentOf,
    sizes: given.sizes,
    earlier: earlier && { folder: earlier.folder, groups: earlier.kept.groups },
  });
  const curves = new Map(groups.flatMap(({ sums }) => Object.entries(sums)));
  const paged = new Set(runs.slice(0, given.pages).map(({ slug }) => slug));
  const shapes: Record<string, RunShape> = Object.create(null);
  const count = detailsShards(runs.length);
  const kept: KeptParts = { groups, details: {} };
  for (const [shard, members] of byShard(runs, count)) {
    const texts: string[] = [];
    for (const run of members) {
      const details = runDetails(run, found);
      texts.push(`${jsonText(run.slug)}:${detailsText(details)}`);
      if (paged.has(run.slug)) shapes[run.slug] = runShape(details, curves.get(run.slug) ?? '');
    }
    const name = shardName('details', shard);
    kept.details[shard] = publishDetails(home, name, `{${texts.join(',')}}`, {
      folder: earlier?.folder,
      sum: earlier?.kept.details[shard],
    });
  }
  const shards = { details: count, series: groups.map(({ upTo, file }) => ({ upTo, file })) };
  const index: RunIndex = {
    format: 1,
    total: runs.length,
    byStatus: given.byStatus,
    columns: table.columns,
    charts,
    table: table.files,
    metrics: groups.flatMap(({ points }) => points.map(({ file, bytes, rows }) => ({ file, bytes, rows }))),
    shards,
    pages: Math.min(given.pages, runs.length),
  };
  writeJsonTwin(home, 'runs/', 'index', index);
  return { columns, leftOut: all.length - columns.length, shards, graph: found.graph, charts, shapes, kept };
}

/** Writes a shard of details, unless it is the one that was published under its name before; gives its checksum. */
function publishDetails(
  home: string,
  name: string,
  text: string,
  earlier: { folder: string | undefined; sum: string | undefined },
): string {
  const sum = createHash('sha256').update(text).digest('hex').slice(0, 32);
  if (earlier.folder === undefined || earlier.sum !== sum) writePackedText(home, 'runs/', name, text);
  else
    for (const file of [`${name}.json.gz`, `${name}.js`])
      linkOrCopy(join(earlier.folder, 'runs', file), join(home, file));
  return sum;
}

/** Details and series of any published run; the files used last stay in memory. */
export function publishedRuns(
  folder: string,
  shards: RunIndex['shards'],
): { detailsOf(slug: string): RunDetails | undefined; seriesOf(slug: string): RunSeries[] } {
  const loaded = new Map<string, Record<string, unknown>>();
  const read = (kind: 'details' | 'series', slug: string): unknown => {
    const name =
      kind === 'details' ? shardName(kind, shardOf(slug, shards.details)) : seriesFileOf(slug, shards.series);
    if (name === undefined) return undefined;
    const known = loaded.get(name) ?? readShard(join(folder, 'runs', `${name}.json.gz`), kind);
    loaded.delete(name);
    loaded.set(name, known);
    if (loaded.size > maxLoaded) loaded.delete(loaded.keys().next().value as string);
    return Object.hasOwn(known, slug) ? known[slug] : undefined;
  };
  return {
    detailsOf: (slug) => revivedDetails(read('details', slug)),
    seriesOf: (slug) => revivedSeries(read('series', slug)),
  };
}

const maxLoaded = 24;

function readShard(path: string, kind: 'details' | 'series'): Record<string, unknown> {
  // Of what nobody has anything to say there is no file.
  if (!existsSync(path)) return {};
  const text = gunzipSync(readFileSync(path)).toString();
  // Numbers of series are those that JavaScript wrote; looking whether they are takes longer than reading them.
  return (kind === 'series' ? parsePlainJson(text) : parseJson(text)) as Record<string, unknown>;
}

/** The runs of each shard that has any, by its number. */
function byShard(runs: RunRecord[], shards: number): Map<number, RunRecord[]> {
  const members = new Map<number, RunRecord[]>();
  for (const run of runs) {
    const shard = shardOf(run.slug, shards);
    const known = members.get(shard);
    if (known === undefined) members.set(shard, [run]);
    else known.push(run);
  }
  return members;
}
