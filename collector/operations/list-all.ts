import { textWidth, visibleText } from '../base/terminal.ts';
import { type DisplayStatus, displayStatuses } from '../formats/actions/status.ts';
import { blockRecords } from '../store/log-index/columns.ts';
import type { LogIndex } from '../store/log-index/log-index.ts';
import { withLogIndex } from '../store/log-index/open.ts';
import { type Candidate, inOrder } from '../store/log-index/select.ts';
import { readPeriodicFacts } from '../store/periodic-facts.ts';

/** One snapshot in the list of all. */
export interface ListedSnapshot {
  /** Unique in the book; the snapshot id alone may occur twice in foreign logs. */
  key: string;
  snapshotId: string;
  kind: 'action' | 'periodic';
  atUs: number;
  /** Status of an action, health of a periodic snapshot. */
  status: DisplayStatus | 'operational' | 'degraded' | 'failing';
  /** Type of an action; empty for periodic snapshots. */
  label: string;
  file: string;
  line: number | undefined;
}

/** Every snapshot, in pieces, and what a table of them has to have room for. */
export interface AllSnapshots {
  /** Columns of a terminal that the longest key, and the longest label, take. */
  keyWidth: number;
  labelWidth: number;
  statuses: ListedSnapshot['status'][];
  pieces: AsyncIterable<ListedSnapshot[]>;
}

const pieceLength = 2048;

/**
 * Hands every snapshot of a book to `use`, newest first and a piece at a time; those without a readable time come last. What is
 * held in memory are some forty bytes of each action. `build` names this build, where what it kept of the log may be used.
 */
export async function withAll<Result>(
  root: string,
  { kind, build }: { kind?: ListedSnapshot['kind'] | undefined; build?: string | undefined },
  use: (all: AllSnapshots) => Promise<Result>,
): Promise<Result> {
  const periodic = kind === 'action' ? [] : await listPeriodicOf(root, build);
  if (kind === 'periodic') return use(allOf(periodic, undefined));
  return withLogIndex(root, { build }, (index) => use(allOf(periodic, index)));
}

function allOf(periodic: ListedSnapshot[], index: LogIndex | undefined): AllSnapshots {
  const widths = periodic.map(({ key }) => textWidth(visibleText(key)));
  const types = index?.state.types.map(([type]) => textWidth(visibleText(type))) ?? [];
  const statuses = new Set<ListedSnapshot['status']>(periodic.map(({ status }) => status));
  for (const block of index?.blocks.keys() ?? [])
    for (const status of new Set(index!.column(block, 'status'))) statuses.add(displayStatuses[status]!);
  return {
    keyWidth: widths.reduce((most, width) => Math.max(most, width), index?.state.keyWidth ?? 0),
    labelWidth: types.reduce((most, width) => Math.max(most, width), 0),
    statuses: [...statuses],
    pieces: piecesOf(periodic, index),
  };
}

async function* piecesOf(
  periodic: readonly ListedSnapshot[],
  index: LogIndex | undefined,
): AsyncGenerator<ListedSnapshot[]> {
  let next = 0;
  if (index !== undefined) {
    for await (const places of batches(inOrder(index, (block) => candidatesOf(index, block), laterFirst))) {
      const piece: ListedSnapshot[] = [];
      for (const { key, snapshotId, atUs, status, type, file, line } of await index.read(places)) {
        while (next < periodic.length && periodic[next]!.atUs >= atUs) piece.push(periodic[next++]!);
        piece.push({ key, snapshotId, kind: 'action', atUs, status, label: type, file, line });
      }
      yield piece;
    }
  }
  for (; next < periodic.length; next += pieceLength) yield periodic.slice(next, next + pieceLength);
}

async function candidatesOf(index: LogIndex, block: number): Promise<Candidate[]> {
  return Array.from(index.column(block, 'at'), (atUs, row) => ({
    place: block * blockRecords + row,
    segment: 0,
    atUs,
    action: 0,
    isWanted: true,
  }));
}

/** Later lines come first also within one microsecond. */
function laterFirst(a: Candidate, b: Candidate): number {
  return b.atUs - a.atUs || b.place - a.place;
}

async function* batches(candidates: AsyncIterable<Candidate>): AsyncGenerator<number[]> {
  let batch: number[] = [];
  for await (const { place } of candidates) {
    if (batch.push(place) < pieceLength) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** The periodic snapshots, newest first. */
async function listPeriodicOf(root: string, build: string | undefined): Promise<ListedSnapshot[]> {
  const all: ListedSnapshot[] = [];
  await readPeriodicFacts(
    root,
    build,
    ({ id, atUs, health, file }) =>
      all.push({
        key: id,
        snapshotId: id,
        kind: 'periodic',
        atUs,
        status: health,
        label: '',
        file,
        line: undefined,
      }),
    () => undefined,
  );
  const order = ({ atUs }: ListedSnapshot) => (Number.isNaN(atUs) ? Number.NEGATIVE_INFINITY : atUs);
  return all.reverse().sort((a, b) => order(b) - order(a) || 0);
}
