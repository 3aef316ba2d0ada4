import type { JsonValue } from '../base/json/json.ts';
import type { DisplayStatus } from '../formats/actions/status.ts';
import type { Finding } from '../formats/findings/finding.ts';
import type { RunOwner } from '../formats/ledger/record.ts';
import type { MetricsRecord } from '../formats/metrics/record.ts';
import { folderOf, lastPartOf } from './key.ts';
import type { RunArtifact, RunOrigin, RunParent, RunRecord } from './record.ts';

/** What one file says of one run, no matter which program wrote it. Runs are joined and made from nothing else. */
export interface Evidence {
  /** Name of the source that read it: "ledger", "receipt". */
  source: string;
  /** The file, or the folder that is read as one, relative to the book, POSIX. */
  file: string;
  /** What holds it with many others, where that is not the file: what is said of all of them at once names it. */
  store?: string;
  /** The folder of which the file speaks, and what stands before its name: "003_train" of 003_train_run.lock. */
  folder: string;
  prefix: string;
  /** Where the file is a register of runs: the run has this key and exists beside whatever lies in its folder. */
  registered?: { key: string; identifier: string; uid: string };
  /** A run can have several pieces of evidence of this source, such as files of metrics. */
  several?: boolean;
  /** It makes no run by itself: what it names is there, or it is left out. */
  joinsOnly?: boolean;
  /** Its run was deleted by the program that recorded it and is still there: it is left out and counted. */
  deleted?: boolean;
  /** Ids under which others may name this run. */
  ids?: readonly string[];
  /** The id of a run that this is evidence of, wherever it lies. */
  names?: string | undefined;
  /** The folder of whose run it is part, where one lies there; else it is a run of its own. */
  within?: string;
  /** Paths in the book, of files and folders, that this run wrote: what speaks of one of them alone is part of it. */
  owns?: readonly string[];
  /** Paths, as written, of files that are this run's own. */
  files?: readonly string[];
  says: Statement;
}

/** What is said of a run; what is not there is not said. Which source is believed first is in precedence.ts. */
export interface Statement {
  /** What the run is called, where that is not the last part of its key, and what groups it with others. */
  name?: string | undefined;
  group?: string | undefined;
  statusWord?: string;
  history?: RunRecord['history'];
  startedAtUs?: number | undefined;
  /** A measured stretch of work: from when, where that is known, and how long it took. */
  span?: { fromUs: number | undefined; durationMs: number };
  /** How long it took by its own account, where neither start and end nor a measured stretch are known. */
  roughDurationMs?: number | undefined;
  /** A time of the run where it has no start and no history. */
  atUs?: number | undefined;
  /** The last sign of life beyond the history. */
  seenUs?: number | undefined;
  owner?: RunOwner | undefined;
  zoneless?: boolean;
  config?: JsonValue;
  paramHash?: string | number | null | undefined;
  series?: RunRecord['series'];
  /** Every value, where it was read; let go as soon as it was looked at. */
  values?: MetricsRecord | undefined;
  best?: Record<string, number>;
  /** Values that a program keeps as what came out in the end; they need not occur in its curves. */
  results?: Record<string, number>;
  directions?: Record<string, 'min' | 'max'>;
  tags?: readonly string[];
  description?: string | undefined;
  /** Why it failed, in its own words. */
  error?: string | undefined;
  /** Why its command did not end well: told only of a run that failed or was aborted. */
  badEnd?: string | undefined;
  artifacts?: readonly RunArtifact[];
  /** Runs it was made from, by an id of theirs. */
  parents?: readonly { id: string; kind: RunParent['kind']; name: string; path?: string | undefined }[];
  origin?: RunOrigin | undefined;
  /** The documents that a run shows whole. */
  documents?: Partial<Pick<RunRecord, 'receipt' | 'experiment' | 'ledger'>>;
}

/** What reading a source needs from the world. */
export interface SourceEffects {
  root: string;
  report(finding: Finding): void;
  signal?: AbortSignal | undefined;
  /** How the newest commands of runs ended, where the log has been asked already. */
  ends?: Evidence[] | undefined;
}

/** What is read of one thing that a source claims, as paths relative to the book. */
export interface SourceFiles {
  /** Files that are read. */
  read: readonly string[];
  /** Files of which only names and sizes count. */
  sized: readonly string[];
}

/** A kind of files that runs are made from. Adding one is a file with one of these, and a line in the list of sources. */
export interface RunSource {
  /** Names the evidence, and the file on pages: "receipt". */
  name: string;
  /**
   * Whether a file of the book is one of this source's, by its path relative to the book and the names in its folder; without those,
   * whether it may be.
   */
  claims(path: string, beside?: ReadonlySet<string>): boolean;
  /** More of the path than its last part is needed to tell whether a file may be one. */
  claimsByPath?: boolean;
  /** Whether a folder is read as one, by its path and the names in it. Nothing else is looked for in it then. */
  claimsFolder?(path: string, names: ReadonlySet<string>): boolean;
  /** What is read of something it claims, where that is not a file by itself. */
  filesOf?(root: string, path: string): SourceFiles;
  /** What stands before the usual name of a file; one with a prefix is read only where a register claims it. */
  placeOf?(path: string): { folder: string; prefix: string };
  /** A register is read first: it says which files with a prefix are files of runs. */
  registers?: boolean;
  /** It only says more of runs that others make: read last, and not at all where there are none. */
  joinsOnly?: boolean;
  /** What it reads depends on that file, or what filesOf names, alone, so that it may be kept as long as that is as it was. */
  ofFileAlone?: boolean;
  /** Reads one file. What is wrong with it is reported, and the rest of it is evidence; never throws for what it holds. */
  read(path: string, effects: SourceEffects): Promise<Evidence[]>;
  /** The values of the series of a run that it told of in something it claims. */
  values?(path: string, key: string, root: string): Promise<MetricsRecord>;
}

/** The folder of which a file speaks and the prefix of its name, for files called `name`. */
export function placeOfFile(file: string, name: string): { folder: string; prefix: string } {
  const last = lastPartOf(file);
  return { folder: folderOf(file), prefix: last.endsWith(`_${name}`) ? last.slice(0, -name.length - 1) : '' };
}

/** A change of status as evidence has it. */
export type StatusChange = { atUs: number; word: string; status: DisplayStatus };
