import type { DisplayStatus } from '../../../collector/formats/actions/status.ts';
import type { ReceiptRecord, ReceiptVerdict } from '../../../collector/formats/receipts/record.ts';
import type { RunColumn } from '../../../collector/runs/columns.ts';
import type { RunArtifact, RunRecord, Scalar, Staleness } from '../../../collector/runs/record.ts';
import type { Counted, StatusCounts } from '../book/counts.ts';
import type { ArtifactPreview } from '../publish/artifact-preview.ts';
import type { CodeChanges, CommitChanges } from './code-changes.ts';

export type {
  EntryVerdict,
  ReceiptInput,
  ReceiptRecord,
  ReceiptRepository,
  ReceiptStage,
  ReceiptVerdict,
} from '../../../collector/formats/receipts/record.ts';
export type { RerunWord } from '../../../collector/formats/receipts/rerun.ts';
export type { RunColumn } from '../../../collector/runs/columns.ts';
export type { RunArtifact, RunParent, Scalar, Staleness } from '../../../collector/runs/record.ts';

/** Axes that the charts of a book begin with, as ids of columns. */
export interface ChartColumns {
  axes: string[];
  x: string;
  y: string;
}

/** One run as lists show it. Names of parameters and metrics are recorded ones: look them up with `ownValue`. */
export interface RunView {
  key: string;
  /** Name of its page and of its files: runs/<slug>.html where `RunsSummary.pageSlugs` has it, else run.html?run=<slug>. */
  slug: string;
  name: string;
  identifier: string;
  place: string;
  status: DisplayStatus;
  statusWord: string;
  /** Time to sort by; undefined where no file has one. */
  atUs: number | undefined;
  zoneless: boolean;
  startedAtUs: number | undefined;
  endedAtUs: number | undefined;
  durationMs: number | undefined;
  params: Record<string, Scalar>;
  /** Best values, else the last ones; NaN and infinities are kept. */
  metrics: Record<string, number>;
  tags: string[];
  /** At most 240 characters. */
  description: string | undefined;
  /** At most 240 characters. */
  error: string | undefined;
  stale: Staleness | undefined;
  /** How its receipt stands now; undefined where it has none. */
  verdict: ReceiptVerdict['state'] | undefined;
  /** Fields that only whole records know, by their ids; texts of at most 240 characters. */
  more: Record<string, Scalar>;
}

/** Everything about one run, for its page and for comparisons. Published without the verdict, which is made at every build. */
export interface RunDetails extends Omit<RunRecord, 'receipt' | 'artifacts'> {
  artifacts: RunArtifact[];
  /** Fields that only whole records know, by their ids. */
  more: Record<string, Scalar>;
  /** Without `raw`; what is left out because it is too long for a page says `shortened`. */
  receipt: RunReceipt | undefined;
  /** Runs that were made from this one, newest first, at most 200. */
  children: { slug: string; name: string; kind: 'stage' | 'sweep' | 'rerun' | 'data' }[];
  /** Slugs of the parents that are in this book, in the order of `parents`. */
  parentSlugs: (string | null)[];
}

/** A receipt as pages get it. */
export interface RunReceipt extends Omit<ReceiptRecord, 'raw'> {
  /** True where configuration or inputs were too large: the file has the rest. */
  shortened: boolean;
}

/** Points as pages draw them: at most 2,000, extremes kept. NaN and infinities are kept. */
export interface RunPoints {
  steps: number[];
  timesUs: (number | null)[];
  values: number[];
  /** How many points the file has. */
  count: number;
}

/** Some of the points of a series, whole: so many rows of a file of points, from one on. */
export interface ExactPart {
  file: string;
  bytes: number;
  from: number;
  rows: number;
  /** The lowest and the highest step. */
  steps: [number, number];
  /** The earliest and the latest time, where each has one. */
  timesUs: [number, number] | null;
}

/** One series of a run, oldest first: the points that count. */
export interface RunSeries extends RunPoints {
  name: string;
  /** Where all of its points stand, of a series that is thinned. */
  exact?: ExactPart[];
  /** Where the run began again at an earlier step, what steps are called, and the points that were set aside. */
  resumed?: { by: string; at: number[]; earlier: RunPoints };
}

/** A run or an input in the graph. */
export interface LineageNode {
  /** Slug of a run; "data:…" for an input, "stage:…" for a previous stage that is not in this book. */
  id: string;
  kind: 'run' | 'data' | 'stage';
  name: string;
  /** Groups the tasks of a sweep; "" for inputs and stages elsewhere. */
  identifier: string;
  status: DisplayStatus;
  atUs: number | null;
}

/** `to` was made from `from`. */
export interface LineageEdge {
  from: string;
  to: string;
  kind: 'stage' | 'sweep' | 'rerun' | 'data';
}

/** All runs that have to do with another one, with what connects them; runs without any connection are only counted. */
export interface LineageGraph {
  nodes: LineageNode[];
  edges: LineageEdge[];
  /** Runs of the book without parents, children and shared inputs. */
  alone: number;
  /** Nodes and edges left out because there are more than 20,000. */
  left: number;
}

/** How many receipts are in which state. */
export type VerdictCounts = Record<ReceiptVerdict['state'], number>;

/** A run with a page of its own, as far as the page next to it needs it; `sum` stands for the rest. */
export type RunShape = Pick<
  RunDetails,
  | 'key'
  | 'slug'
  | 'identifier'
  | 'name'
  | 'place'
  | 'status'
  | 'artifacts'
  | 'metrics'
  | 'parents'
  | 'parentSlugs'
> & {
  /** Checksum of all that the page gets of the run itself. */
  sum: string;
  paramNames: string[];
  /** When its status began, as far as its files say. */
  sinceUs: number | undefined;
  ledger: { uid: string } | undefined;
  childSlugs: string[];
};

/** All that the pages know about the runs of a book. */
export interface RunsSummary {
  total: number;
  byStatus: StatusCounts;
  firstUs: number | undefined;
  lastUs: number | undefined;
  /** How many runs have which value of a field that runs can be narrowed by, most first; the status is counted above. */
  facets: Record<string, Counted[]>;
  /** Parameters first, then metrics, each as they first occur. */
  columns: RunColumn[];
  /** Axes that the charts begin with. */
  charts: ChartColumns;
  /** Newest first: at least the newest 200, and all that get a page of their own. */
  views: RunView[];
  /** Runs that get a page of their own (the newest `site.runPages`), newest first. */
  pageSlugs: string[];
  /** Without the stale ones; newest first, at most 20. */
  running: RunView[];
  /** Newest first, at most 20. */
  failed: RunView[];
  /** Say "running" although the one who ran them is gone; newest first, at most 20. */
  stale: RunView[];
  staleTotal: number;
  /** Of the unknown ones, those of which no file says how they stand. */
  notRecordedTotal: number;
  verdicts: VerdictCounts;
  lineage: LineageGraph;
  /** Files that runs were made from, and their sizes. */
  fileCounts: { kind: RunRecord['files'][number]['kind']; files: number; bytes: number }[];
  /** Any run of the book, also those without a page. */
  detailsOf(slug: string): RunDetails | undefined;
  seriesOf(slug: string): RunSeries[];
  verdictOf(slug: string): ReceiptVerdict | undefined;
  staleOf(slug: string): Staleness | undefined;
  /** Of runs with a page of their own; undefined where it is not known. */
  shapeOf(slug: string): RunShape | undefined;
  /** Whether a run has a receipt. */
  hasReceipt(slug: string): boolean;
  /** Which files differ between the code of runs, as far as it is known. */
  codeChanges: CodeChanges;
  /** Which commits lie between the code of runs, as far as it is known. */
  commitChanges: CommitChanges;
  /** What is shown of its artifacts, in their order; what a page has asked for is copied into the site. */
  previewsOf(run: Pick<RunDetails, 'slug' | 'artifacts'>): (ArtifactPreview | undefined)[];
}

/** A book without runs. */
export function noRuns(): RunsSummary {
  return {
    total: 0,
    byStatus: { pending: 0, running: 0, completed: 0, failed: 0, aborted: 0, unknown: 0 },
    firstUs: undefined,
    lastUs: undefined,
    facets: {},
    columns: [],
    charts: { axes: ['started', 'duration'], x: 'started', y: 'duration' },
    views: [],
    pageSlugs: [],
    running: [],
    failed: [],
    stale: [],
    staleTotal: 0,
    notRecordedTotal: 0,
    verdicts: { matches: 0, reproducible: 0, differs: 0, unproven: 0 },
    lineage: { nodes: [], edges: [], alone: 0, left: 0 },
    fileCounts: [],
    detailsOf: () => undefined,
    seriesOf: () => [],
    verdictOf: () => undefined,
    staleOf: () => undefined,
    shapeOf: () => undefined,
    hasReceipt: () => false,
    codeChanges: {},
    commitChanges: {},
    previewsOf: () => [],
  };
}

/** The value a record has under a recorded name: never what objects inherit. */
export function ownValue<Value>(record: Record<string, Value>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
