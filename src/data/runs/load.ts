import { isAbsolute, join, posix } from 'node:path';
import { formatCount } from '../../../collector/base/format/number.ts';
import type { Finding } from '../../../collector/formats/findings/finding.ts';
import type { MetricSeries } from '../../../collector/formats/metrics/series.ts';
import type { ReceiptVerdict } from '../../../collector/formats/receipts/record.ts';
import type { RunRecord, Staleness } from '../../../collector/runs/record.ts';
import type { SignsOfLife } from '../../../collector/store/runs/stale-runs.ts';
import type { BookFile } from '../book/counts.ts';
import { inLittleMemory } from '../book/little-memory.ts';
import { statIfAny } from '../book/stat-if-any.ts';
import { jsonText } from '../browser.ts';
import { cachedByContent } from '../publish/cache.ts';
import { linkFiles } from '../publish/link-files.ts';
import type { KeptTrends } from '../trends/types.ts';
import { packedFacts, type RunFacts, revivedFacts, runFacts } from './facts.ts';
import type { RunIndex } from './index.ts';
import { type KeptParts, publishedRuns, publishRuns, type RunsGiven } from './publish.ts';
import { publishNow } from './publish-now.ts';
import { runsSummary } from './summary.ts';
import type { ChartColumns, LineageGraph, RunColumn, RunShape, RunsSummary } from './types.ts';

/** What is needed of the collector to know the runs of a book. */
export interface RunReads {
  /** Files that runs are made from, relative to the book, by kind; and others of which only name and size count, as a text. */
  listFiles(): Promise<{ files: { kind: RunKind; path: string }[]; sized: string }>;
  /** The files that the series of a run are read from. */
  seriesFiles(run: RunRecord): string[];
  /** What the log of actions says of runs, as a text that changes with it. */
  readEnds(): Promise<string>;
  /**
   * All runs, newest first; those without a time last. `onSigns` gets the signs of life of those that say they run, just
   * before what is found about them is reported.
   */
  read(report: (finding: Finding) => void, onSigns: (signs: SignsOfLife[]) => void): Promise<RunRecord[]>;
  /** Which of those do not run now. */
  staleNow(signs: SignsOfLife[]): { stale: Map<string, Staleness>; findings: Finding[] };
  /** The values of all series of a run. */
  seriesOf(run: RunRecord): Promise<MetricSeries[]>;
  /** How receipts stand now, by file; those that nothing is known about are left out. */
  verify(files: string[]): Promise<Map<string, ReceiptVerdict>>;
}

/** The runs of a book, and their data files ready to be copied into a site. */
export interface LoadedRuns {
  summary: RunsSummary;
  trends: KeptTrends;
  findings: Finding[];
  files: BookFile[];
  publish(site: string): void;
  /** Whether they came from the cache. */
  reused: boolean;
}

/** What loading runs takes from outside. */
export interface LoadGiven extends Pick<RunsGiven, 'pages' | 'sizes'> {
  cache: string;
  extra: string;
  nowUs: number;
  progress(text: string): void;
  /** Judges what series the runs make. */
  trendsOf(runs: readonly RunRecord[]): KeptTrends;
}

type RunKind = RunRecord['files'][number]['kind'];

interface CachedRuns {
  facts: RunFacts;
  findings: Finding[];
  signs: SignsOfLife[];
  signsAt: number;
  columns: RunColumn[];
  leftOut: number;
  graph: LineageGraph;
  shards: RunIndex['shards'];
  charts: ChartColumns;
  shapes: Record<string, RunShape>;
  trends: KeptTrends;
  kept: KeptParts;
  /** What the files that runs name looked like: a picture may come or go without any record changing. */
  artifacts: { path: string; look: string }[];
}

const maxArtifacts = 20_000;

/**
 * Reads all runs, or takes what is published of them from the cache where no file of theirs has changed. What depends on
 * the world around them is made again each time: verdicts, and whether those that run still show signs of life.
 */
export async function loadRuns(root: string, reads: RunReads, given: LoadGiven): Promise<LoadedRuns> {
  const listed = await reads.listFiles();
  const files = listed.files.map((file) => ({ ...file, bytes: sizeOf(join(root, file.path)) }));
  const cached = await cachedByContent<CachedRuns>(
    given.cache,
    'runs',
    // Where a file lies says which run it belongs to: the same files in another folder are other runs.
    {
      files: files.map(({ path }) => join(root, path)),
      extra: [
        given.extra,
        given.pages,
        await reads.readEnds(),
        ...files.map(({ path }) => path),
        listed.sized,
      ].join('\n'),
      inParts: given.extra,
    },
    (folder, earlier, sums) =>
      inLittleMemoryOf(files, async () =>
        readAndPublish(root, await readAll(reads, given.progress), folder, reads, {
          pages: given.pages,
          sizes: given.sizes,
          trendsOf: given.trendsOf,
          contentOf: (run) =>
            contentOf(reads.seriesFiles(run), given.extra, (path) => sums.get(join(root, path))),
          earlier: earlier && { folder: earlier.folder, kept: earlier.facts.kept },
        }),
      ),
    ({ artifacts }) => artifacts.every(({ path, look }) => lookOf(root, path) === look),
  );
  const { shards, columns, graph, charts, shapes } = cached.facts;
  const facts = revivedFacts(cached.facts.facts);
  // The files are as they were; whether what they say still holds is for the world of now to tell.
  const { signs, signsAt } = cached.facts;
  const { stale, findings: staleFindings } = reads.staleNow(signs);
  const verdicts = await verdictsOf(facts.receipts, reads);
  const published = publishedRuns(cached.folder, shards);
  return {
    summary: runsSummary({
      facts,
      columns,
      graph,
      charts,
      shapes,
      stale,
      verdicts,
      published,
      pages: given.pages,
      files,
    }),
    trends: cached.facts.trends,
    findings: [
      ...cached.facts.findings.slice(0, signsAt),
      ...staleFindings,
      ...cached.facts.findings.slice(signsAt),
      ...columnsLeftOut(cached.facts.leftOut, columns.length, files[0]?.path ?? '.'),
    ],
    files: files.map(({ path, bytes }) => ({ path, bytes, lines: undefined })),
    publish(site) {
      linkFiles(cached.folder, join(site, 'data'));
      publishNow(join(site, 'data', 'runs'), { verdicts, stale, shards: shards.details, nowUs: given.nowUs });
    },
    reused: !cached.made,
  };
}

function columnsLeftOut(leftOut: number, shown: number, file: string): Finding[] {
  if (leftOut === 0) return [];
  return [
    {
      code: 'left-out',
      severity: 'note',
      file,
      expected: `at most ${formatCount(shown)} different parameters and metrics among all runs`,
      found: `${formatCount(leftOut + shown)}: the ${formatCount(shown)} that most runs have are columns of the table`,
      hint: 'The page of each run has its own, and its files have all.',
    },
  ];
}

interface Read {
  runs: RunRecord[];
  /** Without those about runs that do not run any more: they are told anew at each build, and stand at `signsAt`. */
  findings: Finding[];
  signs: SignsOfLife[];
  signsAt: number;
}

async function readAll(reads: RunReads, progress: (text: string) => void): Promise<Read> {
  const read: Read = { runs: [], findings: [], signs: [], signsAt: 0 };
  read.runs = await reads.read(
    (finding) => {
      if (finding.code !== 'stale-run') read.findings.push(finding);
    },
    (signs) => {
      read.signs = signs;
      read.signsAt = read.findings.length;
    },
  );
  if (read.runs.length > 0) progress(`${formatCount(read.runs.length)} runs read`);
  return read;
}

/** So many bytes of metrics are worth a collection of garbage more often. */
const manyBytes = 32 * 1024 * 1024;

function inLittleMemoryOf<Result>(
  files: readonly { kind: RunKind; bytes: number }[],
  work: () => Promise<Result>,
): Promise<Result> {
  const bytes = files.reduce((sum, file) => sum + (file.kind === 'metrics' ? file.bytes : 0), 0);
  return bytes < manyBytes ? work() : inLittleMemory(work);
}

async function readAndPublish(
  root: string,
  { runs, findings, signs, signsAt }: Read,
  folder: string,
  reads: RunReads,
  { trendsOf, ...given }: Omit<RunsGiven, 'byStatus' | 'seriesOf'> & Pick<LoadGiven, 'trendsOf'>,
): Promise<CachedRuns> {
  const facts = packedFacts(runFacts(runs, given.pages));
  const published = await publishRuns(folder, runs, {
    ...given,
    byStatus: facts.byStatus,
    seriesOf: reads.seriesOf,
  });
  const paths = new Set(runs.flatMap(artifactPaths));
  const artifacts = [...paths].slice(0, maxArtifacts).map((path) => ({ path, look: lookOf(root, path) }));
  return { facts, findings, signs, signsAt, ...published, trends: trendsOf(runs), artifacts };
}

/** What the series of a run are made from: its files of metrics, in their order. */
function contentOf(
  files: readonly string[],
  extra: string,
  sumOf: (path: string) => string | undefined,
): string | undefined {
  const sums = files.map((path) => [path, sumOf(path)]);
  return sums.length === 0 || sums.some(([, sum]) => sum === undefined) ? undefined : jsonText([extra, sums]);
}

/** Where an artifact lies, or could lie one day. */
function artifactPaths(run: RunRecord): string[] {
  return run.artifacts.flatMap(({ file, path }) => {
    if (file !== undefined) return [file];
    if (path === undefined || isAbsolute(path) || path.includes('\0') || path.includes('..')) return [];
    return [posix.join(run.place, path), path];
  });
}

function lookOf(root: string, path: string): string {
  const stat = statIfAny(join(root, path));
  return stat === undefined ? 'gone' : `${stat.size} ${stat.mtimeMs}`;
}

async function verdictsOf(
  receipts: RunFacts['receipts'],
  reads: RunReads,
): Promise<Map<string, ReceiptVerdict>> {
  if (receipts.length === 0) return new Map();
  const byFile = await reads.verify(receipts.map(([, file]) => file));
  return new Map(
    receipts.flatMap(([slug, file]) => {
      const verdict = byFile.get(file);
      return verdict === undefined ? [] : [[slug, verdict] as const];
    }),
  );
}

function sizeOf(path: string): number {
  return Number(statIfAny(path)?.size ?? 0);
}
