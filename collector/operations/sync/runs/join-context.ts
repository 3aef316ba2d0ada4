import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeNewFile } from '../../../base/atomic-file.ts';
import { messageOf } from '../../../base/errors.ts';
import { wholeLines } from '../../../formats/metrics/join.ts';
import type { BookMasking } from '../../../store/book-masking.ts';
import { ledgerFiles } from '../../../store/ledger/ledger-files.ts';
import { ledgerBytes, readLedgerRows } from '../../../store/ledger/rewrite-ledger.ts';
import { isPointer } from '../apply-merge.ts';
import type { GitEntries } from '../book-files.ts';
import type { SyncPlace } from '../place.ts';
import type { BlobStore } from './blob-store.ts';
import type { RunMemory } from './memory.ts';
import type { RunFileKind } from './run-paths.ts';
import { type ShownFile, showDocument, showLines, showRows } from './shown-file.ts';

/** What is to be done with files of runs, and what is known of them. */
export interface RunsWish {
  /** Files here, by path relative to the book. What is written here is added. */
  here: Map<string, RunFileKind>;
  /** Files that the user's own branch has: those are theirs to commit, and nothing is done with them. */
  tracked: ReadonlySet<string>;
  /** Files of metrics above so many bytes are left alone. */
  metricsBytes: number;
  /** Whether files that were here once and are gone come back. */
  bringBack: boolean;
  /** False only brings here what the other side has. */
  publish: boolean;
  /** Ids of older states of the other side's files, by path: who has one of those here gets the newer state. */
  past?: ReadonlyMap<string, ReadonlySet<string>> | undefined;
}

/** Files of runs after both sides came together. */
export interface JoinedRuns {
  /** What the commit holds of them, by path from the top of the work tree. */
  entries: GitEntries;
  received: number;
  notes: string[];
  /** Files above the size that stay here. */
  large: string[];
  memory: RunMemory;
  /** To be called once the branch has it. */
  agree(): void;
}

/** One file while it is joined. */
export interface JoinedFile {
  path: string;
  /** Where it lies in the work tree. */
  file: string;
  their: string | undefined;
}

/** The file as others get to see it. */
export interface OwnFile {
  oid: string;
  /** What is shown, where it had to be read. */
  shown: ShownFile | undefined;
}

/** What every kind of file is joined with. */
export interface JoinContext {
  place: SyncPlace;
  root: string;
  wish: RunsWish;
  memory: RunMemory;
  masking: BookMasking;
  store: BlobStore;
  joined: JoinedRuns;
  theirs: ReadonlyMap<string, string>;
  /** Puts the file into the commit. */
  put(path: string, oid: string): void;
  /** What is agreed on once the branch has it: the file here says all that this id does. */
  agreeOn(path: string, oid: string): void;
}

/** What others get to see of a file; undefined where it is none of a run, or must not leave. */
export function readShown(
  { root, masking, joined }: JoinContext,
  path: string,
  kind: RunFileKind,
): ShownFile | undefined {
  try {
    if (kind === 'ledger') {
      const ledger = readLedgerRows(ledgerFiles(root, path));
      if (ledger === undefined) return undefined;
      const rows = showRows(ledger.rows, masking);
      const isPlain = ledger.isPlain && rows.every(({ here, shown }) => here === shown);
      return isPlain
        ? { bytes: ledger.bytes, isMasked: false }
        : { bytes: ledgerBytes(rows.map(({ shown }) => shown)), isMasked: true };
    }
    const bytes = readFileSync(join(root, path));
    if (kind === 'metrics') {
      const whole = wholeLines(bytes);
      const shown = showLines(whole, masking);
      return { ...shown, isMasked: shown.isMasked || whole.length < bytes.length };
    }
    const own = showDocument(kind, bytes, masking);
    if (own === undefined)
      joined.notes.push(
        `${path} stays here: it holds what looks like a secret and cannot be masked without breaking it.`,
      );
    return own;
  } catch (error) {
    joined.notes.push(`${path} stays here: ${messageOf(error)}`);
    return undefined;
  }
}

/** Puts a file of ours into the commit as others get to see it; gives its id, or undefined where nothing is to be published. */
export async function publishOwn(
  context: JoinContext,
  path: string,
  own: OwnFile,
  as = path,
): Promise<string | undefined> {
  const { store, wish } = context;
  if (!wish.publish) return undefined;
  const shown = own.shown ?? readShown(context, path, wish.here.get(path)!);
  if (shown === undefined) return undefined;
  const oid = store.idOf(shown.bytes);
  if (shown.isMasked) await store.put(shown.bytes);
  else store.later(path, oid, shown.bytes);
  context.put(as, oid);
  return oid;
}

/** What others get to see of a file of ours. */
export function shownBytes(context: JoinContext, path: string, own: OwnFile): Buffer | undefined {
  return (own.shown ?? readShown(context, path, context.wish.here.get(path)!))?.bytes;
}

/** Puts a file of theirs in place that is not here; false where something stands there by now. */
export async function bringTheirs(
  context: JoinContext,
  path: string,
  oid: string,
  kind: RunFileKind,
): Promise<boolean> {
  const { joined, memory, place, root, wish } = context;
  const [bytes] = await place.objects.blobs([oid]);
  if (isPointer(bytes!) || !writeNewFile(join(root, path), bytes!)) return false;
  wish.here.set(path, kind);
  memory.note(path, { facts: '', oid });
  joined.received++;
  return true;
}
