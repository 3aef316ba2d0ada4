import type { JsonObject, JsonValue } from '../../base/json/json.ts';
import type { ReceiptRerun } from './rerun.ts';

/** A repository as a receipt names it; `raw` keeps whatever else stands there. */
export interface ReceiptRepository {
  /** Shadow commit of the whole work tree (FlexLock's and ours), or HEAD where nothing was written to the repository. */
  commit: string | undefined;
  /** The key for "same code". The first generation has none. */
  tree: string | undefined;
  isDirty: boolean | undefined;
  /** As written: relative to the folder the run was started in, or absolute. */
  path: string | undefined;
  branch: string | undefined;
  remote: string | undefined;
  /** HEAD at that time, where `commit` is a shadow commit. */
  head: string | undefined;
  include: string[];
  exclude: string[];
  raw: JsonObject;
}

/** What a receipt says about one input beyond FlexLock's 64 bits. */
export interface ReceiptInput {
  /** Relative to the book, POSIX; absolute where it lies outside. */
  path: string;
  kind: 'file' | 'folder' | 'glob';
  bytes: number;
  files: number;
  /** "sha256:…"; of a folder it covers the names, too. */
  digest: string;
  /** Digest by path inside the folder, where a manifest was asked for or the folder is small. */
  manifest: Record<string, string> | undefined;
  /** Files that are Git LFS pointers, with the digest of what each stands for; `digest` is that of the pointers. */
  pointers: Record<string, string> | undefined;
}

/** A previous stage as it stands in a receipt: embedded, nested or named by its path alone. */
export interface ReceiptStage {
  name: string;
  /** Folder of that stage as written; not in every generation. */
  path: string | undefined;
  /** Digest of the run.lock it came from ("sha256:…"), in ours. */
  digest: string | undefined;
  /** What was embedded of it; empty where only a path stands there. */
  content: ReceiptContent;
}

/** The parts of a receipt that an embedded stage can have, too. */
export interface ReceiptContent {
  /** Microseconds since 1970 UTC; undefined in the first generation. */
  atUs: number | undefined;
  zoneless: boolean;
  config: JsonObject;
  repos: Record<string, ReceiptRepository>;
  /** xxh64 by name, 16 hex digits. */
  data: Record<string, string>;
  inputs: Record<string, ReceiptInput>;
  previous: ReceiptStage[];
  /** Path of the run.lock of a sweep whose task this is: code and environment are the parent's. */
  parent: string | undefined;
  environment: JsonObject | undefined;
}

/** One run.lock as it was read. Records keyed by recorded names have no prototype. */
export interface ReceiptRecord extends ReceiptContent {
  /** The file, relative to the book, POSIX. */
  file: string;
  /** first = `prevs` and commit strings; current = `lineage` and repository maps; daybook = with `schema`. */
  generation: 'first' | 'current' | 'daybook';
  bytes: number;
  /** "sha256:…" of the file. */
  digest: string;
  /** Outcome of the command, where `exec --lock` issued it. */
  exitCode: number | undefined;
  signal?: string | undefined;
  error?: string | undefined;
  durationMs: number | undefined;
  /** Id that ties a receipt to a run elsewhere (ledger uid, experiment id, run key), where one is named. */
  run: string | undefined;
  /** What it says of the run that it repeats; undefined where it is no rerun. */
  rerun?: ReceiptRerun | undefined;
  caller: JsonValue | undefined;
  /** The whole document. */
  raw: JsonObject;
}

/** How one entry of a receipt stands against the world now. */
export interface EntryVerdict {
  /** `receipt` is the file itself, where it cannot be read whole. */
  part: 'code' | 'data' | 'stage' | 'receipt';
  name: string;
  /** `moved`: the work tree has moved on, and the recorded code is still at hand. */
  state: 'unchanged' | 'moved' | 'changed' | 'missing' | 'uncheckable';
  /** One sentence: why it cannot be checked, or what is different. */
  why: string | undefined;
  /** Changed, added and removed files below it, where they are known; at most 200. */
  files: { path: string; change: 'added' | 'removed' | 'changed' }[];
}

/** The verdict on a receipt: the worst of its entries. */
export interface ReceiptVerdict {
  file: string;
  /**
   * matches: all is as it was. reproducible: so are data and previous stages, and the code has moved on since, but what was
   * recorded is still at hand. differs: data, a stage or the receipt itself is not what it was. unproven: something cannot
   * be checked.
   */
  state: 'matches' | 'reproducible' | 'differs' | 'unproven';
  entries: EntryVerdict[];
  checkedAtUs: number;
}
