import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MetricSeries, RunRecord } from '../../collector/formats/run-record.ts';
import { writeJsonTwin } from './publish-twin.ts';
import { type ChartColumns, chartColumns } from './run-chart-columns.ts';
import { runColumns } from './run-columns.ts';
import { runDetails } from './run-details.ts';
import { type DetailsShard, type RunIndex, shardName, shardOf } from './run-index.ts';
import { plainNumber, revivedDetails, revivedSeries } from './run-json.ts';
import { lineage } from './run-lineage.ts';
import { openSeriesTable } from './run-series-table.ts';
import { publishRunTable } from './run-table.ts';
import type { LineageGraph, RunColumn, RunDetails, RunSeries } from './site-runs.ts';
import { thinSeries } from './thin-series.ts';

/** What is known about the published files. */
export interface PublishedRuns {
  columns: RunColumn[];
  shards: number;
  graph: LineageGraph;
  charts: ChartColumns;
}

/** Runs per details file on average; files of twice as many do not happen. */
const perShard = 100;

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
  const columns = runColumns(runs);
  const charts = chartColumns(runs, columns);
  const table = await publishRunTable({ folder: home, work }, runs, columns);
  const shards = Math.max(1, Math.ceil(runs.length / perShard));
  const points = openSeriesTable({ folder: home, work });
  try {
    for (const [shard, members] of byShard(runs, shards).entries()) {
      const details: DetailsShard = Object.create(null);
      const series: Record<string, RunSeries[]> = Object.create(null);
      for (const run of members) {
        details[run.slug] = runDetails(run, found);
        if (run.series.length === 0) continue;
        const read = await given.seriesOf(run);
        await points.add(run.slug, read);
        series[run.slug] = read.map((one) => thinSeries(one));
      }
      writeJsonTwin(home, 'runs/', shardName('details', shard), details, plainNumber);
      writeJsonTwin(home, 'runs/', shardName('series', shard), series, plainNumber);
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
  return { columns, shards, graph: found.graph, charts };
}

/** Details and series of any published run; the files used last stay in memory. */
export function publishedRuns(
  folder: string,
  shards: number,
): { detailsOf(slug: string): RunDetails | undefined; seriesOf(slug: string): RunSeries[] } {
  const loaded = new Map<string, Record<string, unknown>>();
  const read = (kind: 'details' | 'series', slug: string): unknown => {
    const name = shardName(kind, shardOf(slug, shards));
    const known = loaded.get(name) ?? readShard(join(folder, 'runs', `${name}.json`));
    loaded.delete(name);
    loaded.set(name, known);
    if (loaded.size > mostLoaded) loaded.delete(loaded.keys().next().value as string);
    return Object.hasOwn(known, slug) ? known[slug] : undefined;
  };
  return {
    detailsOf: (slug) => revivedDetails(read('details', slug)),
    seriesOf: (slug) => revivedSeries(read('series', slug)),
  };
}

const mostLoaded = 24;

function readShard(path: string): Record<string, unknown> {
  return JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
}

function byShard(runs: RunRecord[], shards: number): RunRecord[][] {
  const members: RunRecord[][] = Array.from({ length: shards }, () => []);
  for (const run of runs) members[shardOf(run.slug, shards)]?.push(run);
  return members;
}
