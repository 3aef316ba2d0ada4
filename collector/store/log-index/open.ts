import { basename } from 'node:path';
import { beginsWith, factsOf } from '../file-facts.ts';
import {
  actionLogPath,
  isActionFile,
  type LogSegment,
  listLogSegments,
  listSnapshotNames,
  snapshotsFolder,
} from '../layout.ts';
import { buildState } from './build.ts';
import { KeptLog, keepLog, type NewLog } from './database.ts';
import { extendState } from './extend.ts';
import { LogIndex } from './log-index.ts';
import type { LogState, StateWriter } from './state.ts';

/** How an index is to be had. */
export interface IndexOptions {
  /** The name of this build of Daybook: what another one kept is not believed. Nothing is kept where it has none. */
  build: string | undefined;
  /** The size of a log from which on an index is kept: smaller ones are read sooner. */
  leastBytes?: number | undefined;
  /** Works out the checksum of every file, whatever the system says of it. */
  verify?: boolean | undefined;
}

/** A log of this size is read in a tenth of a second. */
export const leastIndexedBytes = 8 * 1024 * 1024;

/** How many times larger a compressed file of the log becomes. */
const usualRatio = 12;

/** Whether reading the log takes so long that an index of it is kept. */
export function isLargeLog(root: string, leastBytes = leastIndexedBytes): boolean {
  // Mostly the live file tells, and its folder need not be listed.
  let bytes = factsOf(actionLogPath(root))?.size ?? 0;
  if (bytes >= leastBytes) return true;
  for (const { path, compression } of listLogSegments(root))
    bytes += (factsOf(path)?.size ?? 0) * (compression === 'none' ? 1 : usualRatio);
  return bytes >= leastBytes;
}

/**
 * Hands the index of a log to `use`: what was kept of it where that fits the log, else that and what was appended since, else
 * what reading all of it comes to. What is new is kept afterwards, where anything can be kept.
 *
 * What was kept fits as long as each file begins with the very bytes that were read, told by their checksum, and has
 * nothing else behind them but for the last one. A file that the system describes as it did when its checksum was
 * last worked out, and that had not just been changed then, is not read for that.
 */
export async function withLogIndex<Result>(
  root: string,
  options: IndexOptions,
  use: (index: LogIndex) => Result | Promise<Result>,
): Promise<Result> {
  const opened = await openIndex(root, options);
  try {
    return await use(opened.index);
  } finally {
    opened.index.close();
    if (opened.news !== undefined) keepLog(root, opened.news);
  }
}

interface Opened {
  index: LogIndex;
  /** What is to be kept of it. */
  news: NewLog | undefined;
}

async function openIndex(root: string, { build, leastBytes, verify = false }: IndexOptions): Promise<Opened> {
  const isKept = build !== undefined && isLargeLog(root, leastBytes);
  const kept = isKept ? KeptLog.open(root, build) : undefined;
  const opened =
    kept === undefined
      ? undefined
      : await brought(root, kept, { build: build!, verify }).catch(() => undefined);
  if (opened !== undefined) return opened;
  kept?.close();
  const folder = folderNow(root);
  const names = listSnapshotNames(root);
  const segments = listLogSegments(root, names);
  const { writer, isKeepable } = await buildState(root);
  writer.state.folder = folder;
  // Which actions stand in files of their own alone is only told by reading the whole log.
  const isWorthIt = isKept && isKeepable && !names.some(isActionFile);
  const index = indexOf(root, segments, writer, undefined);
  return { index, news: isWorthIt ? newsOf(writer, build!, undefined) : undefined };
}

function folderNow(root: string): { facts: string; isAtRest: boolean } {
  const facts = factsOf(snapshotsFolder(root), 'folder');
  return { facts: facts?.text ?? '', isAtRest: facts?.isAtRest ?? false };
}

/** The files of the log, where they are those that were read; their folder is only listed where it was changed. */
function sameSegments(
  root: string,
  { state }: KeptLog,
  folder: LogState['folder'],
): LogSegment[] | undefined {
  const known = state.segments.map(({ name }) => name);
  if (folder.facts === state.folder.facts && state.folder.isAtRest) return listLogSegments(root, known);
  const names = listSnapshotNames(root);
  const segments = listLogSegments(root, names);
  const isSame = segments.map(({ path }) => basename(path)).join('\n') === known.join('\n');
  return isSame && !names.some(isActionFile) ? segments : undefined;
}

/** What was kept, brought up to the log as it is; undefined where it does not fit. */
async function brought(
  root: string,
  kept: KeptLog,
  { build, verify }: { build: string; verify: boolean },
): Promise<Opened | undefined> {
  const { state } = kept;
  const folder = folderNow(root);
  const segments = sameSegments(root, kept, folder);
  const checked = segments === undefined ? undefined : checkSegments(segments, state, verify);
  if (segments === undefined || checked === undefined) return undefined;
  const parts = { root, segments, state, kept, findings: undefined, blocks: new Map(), apart: new Map() };
  const stored = new LogIndex(parts);
  const { facts, tail } = checked;
  if (tail.length === 0) {
    const wasAtRest = [state.folder, ...state.segments];
    const isNews = [folder, ...facts].some(({ isAtRest }, at) => isAtRest && !wasAtRest[at]!.isAtRest);
    const isOther = folder.isAtRest && folder.facts !== state.folder.facts;
    if (!isNews && !isOther) return { index: stored, news: undefined };
    const newer = {
      ...state,
      folder,
      segments: state.segments.map((each, at) => ({ ...each, ...facts[at]! })),
    };
    const news = { build, from: kept.stamp, state: newer, findings: kept.findings(), blocks: new Map() };
    return { index: stored, news };
  }
  const extended = await extendState(stored, kept, { root, segment: segments.at(-1)!, bytes: tail });
  if (extended === undefined) return undefined;
  const { writer, isEnded } = extended;
  writer.state.folder = folder;
  for (const [at, segment] of writer.state.segments.entries()) Object.assign(segment, facts[at]);
  const index = indexOf(root, segments, writer, kept);
  return { index, news: isEnded ? newsOf(writer, build, kept.stamp) : undefined };
}

interface Checked {
  facts: { facts: string; isAtRest: boolean }[];
  /** What stands behind what was read. */
  tail: Buffer;
}

/** Whether each file begins with what was read of it, and what the last one has behind that. */
function checkSegments(
  segments: readonly LogSegment[],
  state: LogState,
  verify: boolean,
): Checked | undefined {
  const tail: Buffer[] = [];
  const checked: Checked['facts'] = [];
  for (const [number, { path, compression }] of segments.entries()) {
    const known = state.segments[number]!;
    const facts = factsOf(path);
    if (facts === undefined) return undefined;
    if (!verify && facts.text === known.facts && known.isAtRest) {
      checked.push({ facts: known.facts, isAtRest: true });
      continue;
    }
    const mayGrow = number === segments.length - 1 && compression === 'none';
    if (mayGrow ? isTooFar(facts.size, known.bytes) : facts.size !== known.bytes) return undefined;
    let read = known.bytes;
    const onRest = (chunk: Buffer) => {
      read += chunk.length;
      tail.push(Buffer.from(chunk));
    };
    if (!beginsWith(path, known, mayGrow ? onRest : undefined)) return undefined;
    const isSame = factsOf(path)?.text === facts.text && read === facts.size;
    checked.push({ facts: facts.text, isAtRest: isSame && facts.isAtRest });
  }
  return { facts: checked, tail: Buffer.concat(tail) };
}

/** Whether a file has become shorter, or so much longer that reading all of it is as good. */
function isTooFar(size: number, known: number): boolean {
  return size < known || size - known > Math.max(4 * leastIndexedBytes, known / 2);
}

function indexOf(
  root: string,
  segments: LogSegment[],
  writer: StateWriter,
  kept: KeptLog | undefined,
): LogIndex {
  const { state, findings, blocks, apart } = writer;
  return new LogIndex({ root, segments, state, kept, findings, blocks, apart });
}

function newsOf({ state, findings, blocks }: StateWriter, build: string, from: string | undefined): NewLog {
  return { build, from, state, findings, blocks };
}
