import type { JsonObject } from '../base/json/json.ts';
import type { DisplayStatus } from '../formats/actions/status.ts';
import type { SeriesResume } from '../formats/metrics/series.ts';
import type { ReceiptRecord } from '../formats/receipts/record.ts';
import type { RerunWord } from '../formats/receipts/rerun.ts';

/** What a parameter or metric can be: small and comparable. Larger things stay in the files. */
export type Scalar = string | number | boolean | null;

/** A file a run produced or used. */
export interface RunArtifact {
  id: string;
  type: string;
  /** As written: relative to the run's folder or the book, absolute, POSIX or Windows. */
  path: string | undefined;
  /** Where it lies in the book, POSIX; undefined where it is not there. */
  file: string | undefined;
  /** What it is where it is no file of the book: a folder of it, or an address. */
  kind?: 'folder' | 'address';
  description: string | undefined;
  tags: string[];
  bytes: number | undefined;
  digest: string | undefined;
  addedAtUs: number | undefined;
}

/** A run that says "running" although the process that ran it is gone. */
export interface Staleness {
  /** The last sign of life. */
  sinceUs: number;
  /** One sentence, e.g. "process 4711 on build-1 no longer exists". */
  why: string;
}

/** A run that another run was made from. */
export interface RunParent {
  /** Key of the run in this book, where it is known. */
  key: string | undefined;
  /** What the receipt calls it. */
  name: string;
  /** stage = previous stage; sweep = parent of a task; rerun = was run again; data = an input that the other one wrote. */
  kind: 'stage' | 'sweep' | 'rerun' | 'data';
  path: string | undefined;
}

/** Where a run came from, as another program recorded it: what stands where no receipt says more. */
export interface RunOrigin {
  /** The commit of its code. */
  commit?: string | undefined;
  /** What it was measured on, as receipts have it. */
  environment?: JsonObject | undefined;
  /** Further facts under the names that people know, in the order in which they are shown. */
  facts: readonly (readonly [name: string, value: string])[];
}

/** A run that repeats another one, and what came of it. */
export interface RunRerun {
  key: string;
  slug: string;
  verdict: RerunWord | undefined;
}

/**
 * One execution: what ledger, receipt, experiment file and metrics say about the same place, joined (docs/runs.md has the
 * rule). Records keyed by recorded names have no prototype.
 */
export interface RunRecord {
  /** Unique in the book and stable: "results/train/run_0031", or "results:train/grid/lr-1e3/000" for a ledger's run. */
  key: string;
  /** What a page or file of this run is called: letters, digits, ".", "_" and "-", unique also without regard to case. */
  slug: string;
  /** What it was called, else the last part of the key. */
  name: string;
  /** Folder of the run relative to the book, POSIX, "" for the root. */
  place: string;
  /** What groups runs: the ledger's identifier or the experiment of another program, else the folder the run's folder lies in. */
  identifier: string;
  status: DisplayStatus;
  /** The status as its file has it; "not recorded" where no file says. */
  statusWord: string;
  /** Name of the source that says so; "none" where no file does. */
  statusFrom: string;
  /** Every change of status that is known, oldest first. */
  history: { atUs: number; word: string; status: DisplayStatus }[];
  startedAtUs: number | undefined;
  endedAtUs: number | undefined;
  durationMs: number | undefined;
  /** Time to sort by: start, else creation, else receipt; undefined where no file has one. */
  atUs: number | undefined;
  zoneless: boolean;
  /** Configuration, flattened with dots: "opt.name". */
  params: Record<string, Scalar>;
  paramHash: string | number | null | undefined;
  /** Best value where one is recorded, else the last of the history. NaN and infinities are kept. */
  metrics: Record<string, number>;
  /** Whether less or more of a metric is better, where it was recorded. */
  directions: Record<string, 'min' | 'max'>;
  /** Names and lengths of the series, and what was set aside of them; values are read on demand. */
  series: { name: string; count: number; last: number; resumed?: SeriesResume }[];
  tags: string[];
  description: string | undefined;
  error: string | undefined;
  artifacts: RunArtifact[];
  stale: Staleness | undefined;
  parents: RunParent[];
  /** Runs that repeat this one, newest first. */
  reruns?: RunRerun[];
  origin?: RunOrigin | undefined;
  receipt: ReceiptRecord | undefined;
  /** The experiment file as it stands. */
  experiment: JsonObject | undefined;
  /** The ledger's record as it stands. */
  ledger: { file: string; identifier: string; relpath: string; uid: string; record: JsonObject } | undefined;
  /** Files this run was joined from, relative to the book; `kind` is the name of a source, or "config". */
  files: { kind: string; path: string }[];
}

/** A run as lists and --json show it: without the whole documents. */
export type RunSummary = Omit<RunRecord, 'receipt' | 'experiment' | 'ledger'>;
