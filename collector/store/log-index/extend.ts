import { crc32On } from '../../base/hash.ts';
import { longestPointerBytes } from '../../base/lfs-pointer.ts';
import { LineSplitter } from '../../base/lines.ts';
import { bookPath } from '../../base/paths.ts';
import type { ActionRecord } from '../../formats/actions/action.ts';
import { displayStatuses } from '../../formats/actions/status.ts';
import { takeApart } from '../../formats/actions/torn-line.ts';
import type { LogSegment } from '../layout.ts';
import { type ParsedLine, parseLine } from '../line-parser.ts';
import { repeated, unfinished } from '../log-findings.ts';
import { isBlank } from '../log-pass.ts';
import { Block, blockRecords, columnNames, hashOf } from './columns.ts';
import type { KeptLog } from './database.ts';
import type { LogIndex } from './log-index.ts';
import { type KnownAction, StateWriter } from './state.ts';

/** What was appended to the last file of a log since it was read. */
export interface Tail {
  root: string;
  segment: LogSegment;
  bytes: Buffer;
}

/** A line of the tail, with its place in the file. */
interface TailLine extends ParsedLine {
  bytes: Buffer;
  line: number;
  offset: number;
  terminated: boolean;
}

/** Looking up more lines than these takes as long as reading all. */
const maxLookedUp = 50_000;

/**
 * What reading the log comes to with what was appended to it, told from what is known and the new lines alone. Undefined
 * where they may bear on more than themselves (damaged lines, lines without a time, another encoding): then only reading
 * all of it tells.
 */
export async function extendState(
  index: LogIndex,
  kept: KeptLog,
  tail: Tail,
): Promise<{ writer: StateWriter; isEnded: boolean } | undefined> {
  const known = kept.state.segments.at(-1)!;
  if (!known.isFaithful || known.bytes < longestPointerBytes || kept.state.hasTorn) return undefined;
  const lines = parseTail(tail, known);
  if (lines === undefined) return undefined;
  const records = lines.flatMap(({ record, more = [] }) => (record === undefined ? [] : [record, ...more]));
  if (records.some(({ untimed }) => untimed)) return undefined;
  const seen = await seenBefore(index, kept, records);
  const actions = seen === undefined ? undefined : await actionsBefore(index, records);
  if (seen === undefined || actions === undefined) return undefined;
  const writer = new StateWriter(
    { state: kept.state, findings: kept.findings(), last: lastBlock(kept) },
    actions,
  );
  const isTaken = lines.every((line) => takeLine(line, writer, seen));
  if (!isTaken) return undefined;
  const { state } = writer;
  const { length } = tail.bytes;
  const segment = state.segments.at(-1)!;
  segment.bytes += length;
  segment.crc = crc32On(tail.bytes, segment.crc);
  segment.lines += lines.length;
  segment.lastUs = records.at(-1)?.atUs ?? segment.lastUs;
  const file = state.totals.files.at(-1)!;
  file.bytes += length;
  file.lines += lines.length;
  state.totals.bytes += length;
  state.totals.lines += lines.length;
  writer.finish();
  return { writer, isEnded: lines.at(-1)?.terminated ?? true };
}

/** The lines of the tail; undefined where one of them is more than a line of its own. */
function parseTail(
  { root, segment, bytes: tail }: Tail,
  known: { bytes: number; lines: number },
): TailLine[] | undefined {
  if (tail.includes(0)) return undefined;
  const file = bookPath(root, segment.path);
  const lines: TailLine[] = [];
  let isPlain = true;
  const splitter = new LineSplitter((bytes, number, terminated, at) => {
    const line = known.lines + number;
    const offset = known.bytes + at;
    if (bytes === undefined) isPlain = false;
    else if (isBlank(bytes))
      lines.push({ record: undefined, finding: undefined, bytes, line, offset, terminated });
    else {
      const parsed = parseLine(bytes, file, line);
      const mayBeTorn = parsed.record === undefined || parsed.finding?.code === 'joined-lines';
      if (mayBeTorn && takeApart(bytes) !== undefined) isPlain = false;
      if (!terminated && parsed.record === undefined) parsed.finding = unfinished(file, line, false);
      lines.push({ ...parsed, bytes, line, offset, terminated });
    }
  });
  splitter.push(tail);
  splitter.end();
  return isPlain ? lines : undefined;
}

/** Times of the lines that are known, by key, as far as new ones may repeat them. */
interface Seen {
  newestUs: number;
  times: Map<string, number>;
}

async function seenBefore(
  index: LogIndex,
  kept: KeptLog,
  records: readonly ActionRecord[],
): Promise<Seen | undefined> {
  const newestUs = kept.state.lastUs ?? Number.NEGATIVE_INFINITY;
  const ids = new Set<number>();
  let latestUs = newestUs;
  for (const { atUs, snapshotId } of records) {
    if (atUs <= latestUs) ids.add(hashOf(snapshotId));
    latestUs = Math.max(latestUs, atUs);
  }
  const places = ids.size === 0 ? [] : index.placesOf('id', ids);
  if (places.length > maxLookedUp) return undefined;
  const times = new Map<string, number>();
  for (const { key, atUs } of await index.read(places)) times.set(key, atUs);
  return { newestUs, times };
}

/** How the actions stand that new lines belong to. */
async function actionsBefore(
  index: LogIndex,
  records: readonly ActionRecord[],
): Promise<Map<string, KnownAction> | undefined> {
  const ids = new Set(records.flatMap(({ actionId }) => actionId ?? []));
  const places = ids.size === 0 ? [] : index.placesOf('actionId', new Set([...ids].map(hashOf)));
  if (places.length > maxLookedUp) return undefined;
  const newest = new Map<number, { first: number; place: number; atUs: number }>();
  const at = (name: 'action' | 'at' | 'status' | 'type', place: number) =>
    index.column(Math.floor(place / blockRecords), name)[place % blockRecords]!;
  for (const place of places) {
    const action = at('action', place);
    const known = newest.get(action);
    const atUs = at('at', place);
    if (known === undefined) newest.set(action, { first: place, place, atUs });
    else if (atUs >= known.atUs) newest.set(action, { first: known.first, place, atUs });
  }
  const found = [...newest];
  const texts = await index.read(found.map(([, { first }]) => first));
  return new Map(
    found.flatMap(([action, { place, atUs }], number) => {
      const { actionId } = texts[number]!;
      const status = displayStatuses[at('status', place)]!;
      const type = index.state.types[at('type', place)]![0];
      return actionId !== undefined && ids.has(actionId) ? [[actionId, { action, status, type, atUs }]] : [];
    }),
  );
}

/** Takes one line as a reading of the whole log would; false where that takes more than the line. */
function takeLine(
  { record, finding, more = [], bytes, line, offset, terminated }: TailLine,
  writer: StateWriter,
  seen: Seen,
): boolean {
  const { totals, segments } = writer.state;
  if (record === undefined) {
    if (finding === undefined) totals.blank += 1;
    else {
      totals.broken += 1;
      writer.say(finding);
    }
    return true;
  }
  if (!terminated) writer.say(unfinished(record.file, line, true));
  if (finding !== undefined) writer.say(finding);
  totals.joined += more.length;
  for (const [part, each] of [record, ...more].entries()) {
    const isNewest = each.atUs > seen.newestUs;
    const { key, atUs } = each;
    const before = isNewest ? undefined : seen.times.get(key);
    if (before !== undefined && before !== atUs) return false;
    seen.newestUs = Math.max(seen.newestUs, atUs);
    seen.times.set(key, atUs);
    if (before === undefined) {
      totals.records += 1;
      writer.visit(each, { segment: segments.length - 1, offset, lengthBytes: bytes.length, part, bytes });
    } else {
      totals.repeated += 1;
      writer.say(repeated(each));
    }
  }
  return true;
}

/** The last block, where there is room in it. */
function lastBlock(kept: KeptLog): Block | undefined {
  const { blocks, segments } = kept.state;
  const info = blocks.at(-1);
  if (info === undefined || info.count === blockRecords || info.segment !== segments.length - 1)
    return undefined;
  const columns = Object.fromEntries(columnNames.map((name) => [name, kept.column(blocks.length - 1, name)]));
  return new Block({ ...info }, columns);
}
