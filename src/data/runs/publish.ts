import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { MetricSeries } from '../../../collector/formats/metrics/series.ts';
import type { RunRecord } from '../../../collector/runs/record.ts';
import { parseJson, parsePlainJson, runColumns } from '../browser.ts';
import { lineage } from '../lineage/graph.ts';
import { writeJsonTwin, writePackedTwin } from '../publish/twin.ts';
import { chartColumns } from './chart-columns.ts';
import { boundColumns } from './columns.ts';
import { runDetails } from './details.ts';
import { type DetailsShard, type RunIndex, shardCounts, shardName, shardOf } from './index.ts';
import { plainNumber, revivedDetails, revivedSeries } from './json.ts';
import { runShape } from './page-key.ts';
import { openSeriesTable } from './series-table.ts';
import { publishRunTable } from './table.ts';
import { thinSeries } from './thin-series.ts';
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
}

/**
 * Writes runs/ below `folder`: the table and all points of all series as Parquet, details and thinned series by shard, the
 * graph, and the index. `seriesOf` reads the series of a run from its files.
 */
export async function publishRuns(
  folder: string,
  runs: RunRecord[],
  given: {
    pages: number;
    byStatus: RunIndex['byStatus'];
    seriesOf: (run: RunRecord) => MetricSeries[] | Promise<MetricSeries[]>;
  },
): Promise<PublishedRuns> {
  const home = join(folder, 'runs');
  const work = join(folder, '..');
  const found = lineage(runs);
  // Written first, because it makes the folder.
  writeJsonTwin(home, 'runs/', 'lineage', found.graph);
  const all = runColumns(runs);
  const columns = boundColumns(all);
  const charts = chartColumns(runs, columns);
  const table = await publishRunTable({ folder: home, work }, runs, columns);
  const shards = shardCounts(runs.length, runs.filter(({ series }) => series.length > 0).length);
  const points = openSeriesTable({ folder: home, work });
  const paged = new Map(runs.slice(0, given.pages).map((run) => [run.slug, run]));
  const shapes: Record<string, RunShape> = Object.create(null);
  const shape = (slug: string, series: RunSeries[]) => {
    const run = paged.get(slug);
    if (run !== undefined) shapes[slug] = runShape(runDetails(run, found), series);
  };
  try {
    for (const [shard, members] of byShard(runs, shards.details)) {
      const details: DetailsShard = Object.create(null);
      for (const run of members) {
        details[run.slug] = runDetails(run, found);
        if (run.series.length === 0) shape(run.slug, []);
      }
      writePackedTwin(home, 'runs/', shardName('details', shard), details, plainNumber);
    }
    const measured = runs.filter(({ series }) => series.length > 0);
    for (const [shard, members] of byShard(measured, shards.series)) {
      const series: Record<string, RunSeries[]> = Object.create(null);
      for (const run of members) {
        const read = await given.seriesOf(run);
        await points.add(run.slug, read);
        const thin = read.map((one) => thinSeries(one));
        series[run.slug] = thin;
        shape(run.slug, thin);
      }
      writePackedTwin(home, 'runs/', shardName('series', shard), series, plainNumber);
    }
    const index: RunIndex = {
      format: 1,
      total: runs.length,
      byStatus: given.byStatus,
      columns: table.columns,
      charts,
      table: table.files,
      metrics: await points.finish(),
      shards,
      pages: Math.min(given.pages, runs.length),
    };
    writeJsonTwin(home, 'runs/', 'index', index);
  } finally {
    points.discard();
  }
  return { columns, leftOut: all.length - columns.length, shards, graph: found.graph, charts, shapes };
}

/** Details and series of any published run; the files used last stay in memory. */
export function publishedRuns(
  folder: string,
  shards: RunIndex['shards'],
): { detailsOf(slug: string): RunDetails | undefined; seriesOf(slug: string): RunSeries[] } {
  const loaded = new Map<string, Record<string, unknown>>();
  const read = (kind: 'details' | 'series', slug: string): unknown => {
    const name = shardName(kind, shardOf(slug, shards[kind]));
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
