import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { RunsConfig } from '../../formats/config/run-places.ts';
import type { Evidence, RunSource } from '../../runs/evidence.ts';
import type { RunRecord } from '../../runs/record.ts';
import { readConfigFile } from '../config-file.ts';
import { filesReadOf } from './files-of-runs.ts';
import { findRunFiles } from './find-run-files.ts';
import { readRuns } from './read-runs.ts';
import { factsOfSource } from './source-files.ts';
import { runSources } from './sources/index.ts';
import { metricsEvidence, metricsSource } from './sources/metrics.ts';

/** How the runs of a book stand, without the values of their metrics: what all of them cost is what their small files do. */
export async function readRunStates(root: string, config: RunsConfig): Promise<RunRecord[]> {
  return readRuns(root, { ...config, sources: sourcesWithoutValues(root) });
}

/** The files of runs as they stand on the disk. */
export interface RunFilesNow {
  /** Changes when a file comes, goes or is written again; that lines are appended to metrics does not count. */
  look: string;
  /** Sizes of the files of metrics, by their paths in the book. */
  metrics: Map<string, number>;
}

/** Looks at all files of runs without reading them. */
export async function lookAtRunFiles(root: string, config: RunsConfig): Promise<RunFilesNow> {
  const { bySource, configs, summaries } = await findRunFiles(root, config, () => undefined);
  const { metrics: metricFiles = [], ...others } = bySource;
  const looks: string[] = [];
  const looked = filesReadOf({ bySource: others, configs, summaries, tasks: [], lookAlikes: [] });
  for (const each of [...looked.files, ...(others['action'] ?? [])])
    looks.push(`${each} ${lookOf(join(root, each))}`);
  for (const [source, path] of looked.claimed)
    looks.push(`${path} ${factsOfSource(root, source, path)?.text ?? ''}`);
  const metrics = new Map(metricFiles.map((path) => [path, sizeOf(join(root, path))]));
  return { look: [...looks, ...metrics.keys()].join('\n'), metrics };
}

/** Where a book looks for runs. */
export async function runsConfig(root: string): Promise<RunsConfig> {
  return (await readConfigFile(root)).config.runs;
}

/** The sources of the book that is watched, with what they read last. */
let watched: { root: string; sources: readonly RunSource[] } | undefined;

function sourcesWithoutValues(root: string): readonly RunSource[] {
  if (watched?.root !== root)
    watched = {
      root,
      sources: runSources.map((source) =>
        source === metricsSource ? { ...metricsSource, read: readOnlyTimes } : remembering(source),
      ),
    };
  return watched.sources;
}

/** Reads a file again only where it has changed: those of other programs hold all that was logged, and are many. */
function remembering(source: RunSource): RunSource {
  if (source.ofFileAlone !== true) return source;
  const known = new Map<string, { facts: string; evidence: Evidence[] }>();
  return {
    ...source,
    async read(path, effects) {
      const facts = factsOfSource(effects.root, source, path);
      const before = known.get(path);
      if (before !== undefined && before.facts === facts?.text) return before.evidence;
      const read = await source.read(path, effects);
      const evidence = read.map(({ says, ...rest }) => ({ ...rest, says: { ...says, values: undefined } }));
      if (facts?.isAtRest === true) known.set(path, { facts: facts.text, evidence });
      else known.delete(path);
      return evidence;
    },
  };
}

/** That a file of metrics was written lately is a sign of life. */
async function readOnlyTimes(path: string, { root }: { root: string }): ReturnType<RunSource['read']> {
  const stat = statSync(join(root, path), { throwIfNoEntry: false });
  if (stat === undefined || stat.size === 0) return [];
  const series = new Map();
  return [
    metricsEvidence(path, { series, firstAtUs: undefined, lastAtUs: stat.mtimeMs * 1000, zoneless: false }),
  ];
}

function lookOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? '' : `${stat.size} ${stat.mtimeMs}`;
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
