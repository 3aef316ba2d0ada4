import { readdirSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { DaybookError } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json/json.ts';
import { isInside } from '../../base/paths.ts';
import type { Finding } from '../../formats/findings/finding.ts';
import { type ImportedRun, timeText } from '../../formats/imported-runs/document.ts';
import type { RunRecord } from '../../runs/record.ts';
import {
  clearUnfinished,
  importedFolder,
  listImportedRuns,
  placeImportedRun,
} from '../../store/imported-runs.ts';
import { readRuns } from '../../store/runs/read-runs.ts';
import { readSeries } from '../../store/runs/read-series.ts';

/** Which runs are copied into the book. */
export interface RunImportRequest {
  root: string;
  /** A folder that holds runs of other programs, such as mlruns, or one of their databases. */
  path: string;
  /** Names the import. */
  id: string;
  isDryRun: boolean;
  report(finding: Finding): void;
  progress?(done: number, all: number): void;
}

/** What an import of runs came to, or would. */
export interface RunImportResult {
  id: string | undefined;
  runs: number;
  imported: number;
  /** Runs that an earlier import has copied. */
  known: number;
  series: number;
  points: number;
  /** By the source that they were read from. */
  bySource: Record<string, number>;
}

/**
 * Copies runs of other programs into the book, each into a folder of its own. A run that was copied before is known by its source
 * and key and left as it is; who is stopped goes on where it was by being started again.
 * @throws DaybookError `not-found` where there are no runs, `usage` where they lie in the book and are read anyway.
 */
export async function importRuns(request: RunImportRequest): Promise<RunImportResult> {
  const { root, path, id, isDryRun, report } = request;
  if (isInside(root, path))
    throw new DaybookError(
      'usage',
      'Expected runs outside of the book: those in it are read where they lie.',
      {
        where: path,
        hint: 'daybook runs shows them; docs/sources.md says what is read.',
      },
    );
  const { from, runs } = await foundRuns(path, report);
  const known = new Set(listImportedRuns(root).map(({ run }) => identityOf(run.from)));
  const result: RunImportResult = {
    id: undefined,
    runs: runs.length,
    imported: 0,
    known: 0,
    series: 0,
    points: 0,
    bySource: {},
  };
  if (!isDryRun) clearUnfinished(root);
  const label = labelOf(path);
  for (const [at, run] of runs.entries()) {
    request.progress?.(at, runs.length);
    const document = documentOf(run, id);
    if (known.has(identityOf(document.from))) {
      result.known += 1;
      continue;
    }
    const series = await readSeries(from, run);
    if (
      !isDryRun &&
      !(await placeImportedRun(root, `${importedFolder}/${label}/${run.slug}`, document, series))
    ) {
      result.known += 1;
      continue;
    }
    result.imported += 1;
    result.series += series.length;
    for (const { values } of series) result.points += values.length;
    const { source } = document.from;
    result.bySource[source] = (result.bySource[source] ?? 0) + 1;
  }
  return { ...result, id: isDryRun || result.imported === 0 ? undefined : id };
}

/** The runs of a folder; what is one part of a store is read from the folder around it, and no other part of that. */
async function foundRuns(
  path: string,
  report: (finding: Finding) => void,
): Promise<{ from: string; runs: RunRecord[] }> {
  const isFile = statSync(path).isFile();
  const own = isFile ? [] : await readRuns(path, {}, report);
  if (own.length > 0) return { from: path, runs: own };
  const around = dirname(path);
  const name = basename(path);
  const runs = await readRuns(
    around,
    { exclude: readdirSync(around).filter((each) => each !== name) },
    report,
  );
  const inside = runs.filter(({ files }) =>
    files.some((file) => file.path === name || file.path.startsWith(`${name}/`)),
  );
  if (inside.length > 0) return { from: around, runs: inside };
  throw new DaybookError('not-found', 'There is no run that Daybook knows how to read.', {
    where: path,
    hint: 'docs/sources.md lists what is read: mlruns of MLflow, dvclive, TensorBoard, tables of metrics …',
  });
}

const identityOf = ({ source, key }: ImportedRun['from']) => `${source}\n${key}`;

const labelOf = (path: string) =>
  basename(path)
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[.-]+/, '') || 'runs';

function documentOf(run: RunRecord, id: string): ImportedRun {
  return {
    import: id,
    from: {
      source: run.files[0]?.kind ?? 'none',
      key: run.key,
      files: run.files.map(({ path }) => path).slice(0, 20),
    },
    name: run.name,
    group: run.identifier,
    status: run.statusWord,
    history: run.history.map(({ atUs, word }) => ({ at: timeText(atUs)!, status: word })),
    started_at: timeText(run.startedAtUs),
    ended_at: timeText(run.endedAtUs),
    at: timeText(run.atUs),
    duration_ms: run.durationMs,
    params: { ...run.params } as JsonObject,
    metrics: { ...run.metrics },
    directions: { ...run.directions },
    tags: run.tags,
    description: run.description,
    error: run.error,
    commit: run.origin?.commit,
    facts: [...(run.origin?.facts ?? [])].map(([name, value]): [string, string] => [name, value]),
    parents: run.parents.map(({ key, name, kind }) => ({ id: key ?? name, kind, name })),
    artifacts: run.artifacts.map(({ id: artifact, type, path, bytes, digest }) => ({
      id: artifact,
      type,
      path,
      bytes,
      digest,
    })),
  };
}
