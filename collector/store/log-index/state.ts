import { textWidth, visibleText } from '../../base/terminal.ts';
import type { ActionRecord } from '../../formats/actions/action.ts';
import { type DisplayStatus, displayStatuses } from '../../formats/actions/status.ts';
import type { Finding, Severity } from '../../formats/findings/finding.ts';
import {
  type FindingCounts,
  kindOfFinding,
  type LogTotals,
  maxFindings,
  noTotals,
  type RecordPlace,
  uncountedFindings,
} from '../log-visitor.ts';
import { type Block, type BlockInfo, blockRecords, emptyBlock, hashOf } from './columns.ts';

/** One file of the log as it was when it was read. */
export interface KeptSegment {
  name: string;
  /** What the system said of it, and whether that tells a later change: not of a file that had just been changed. */
  facts: string;
  isAtRest: boolean;
  /** Bytes that were read, and their CRC-32. */
  bytes: number;
  crc: number;
  lines: number;
  /** Whether places in it are known, so that what is appended can be read by itself. */
  isFaithful: boolean;
  /** Time of its last record. */
  lastUs: number;
}

/** What reading the log came to, but for its records; all of it is JSON. */
export interface LogState {
  /** What the system said of the folder of the log: as long as that is so, no file came or went. */
  folder: { facts: string; isAtRest: boolean };
  segments: KeptSegment[];
  totals: LogTotals;
  /** Whether damaged lines wait for what may still be appended, or a record was kept of one. */
  hasTorn: boolean;
  firstUs: number | undefined;
  lastUs: number | undefined;
  /** Days since 1970 with an action, ascending. */
  days: number[];
  actions: number;
  byStatus: Record<DisplayStatus, number>;
  /** Every type in the order in which they first came, with how many actions have it now. */
  types: [string, number][];
  blobs: string[];
  /** Columns of a terminal that the longest key takes. */
  keyWidth: number;
  severities: Record<Severity, number>;
  blocks: BlockInfo[];
}

/** The findings of a reading, apart from the rest because few commands show them. */
export interface KeptFindings {
  /** As many of each kind as are told one by one. */
  findings: Finding[];
  counts: [string, { count: number; last: Finding }][];
}

/** The newest line of an action so far. */
export interface KnownAction {
  action: number;
  status: DisplayStatus;
  type: string;
  atUs: number;
}

const dayUs = 86_400e6;

/** Takes records one by one and keeps what they come to; goes on where a state ends. */
export class StateWriter {
  readonly state: LogState;
  readonly findings: KeptFindings;
  /** Blocks that are new or have changed, by their number. */
  readonly blocks = new Map<number, Block>();
  /** Actions by id, as far as the records to come may ask for them. */
  readonly actions: Map<string, KnownAction>;
  /** Records that stand in no line of a file by themselves, by their place. */
  readonly apart = new Map<number, ActionRecord>();
  readonly #types: Map<string, number>;
  readonly #days: Set<number>;
  readonly #kinds: Map<string, { count: number; last: Finding }>;
  #block: Block | undefined;

  constructor(
    from?: { state: LogState; findings: KeptFindings; last: Block | undefined },
    actions = new Map<string, KnownAction>(),
  ) {
    this.state = structuredClone(from?.state) ?? emptyState();
    this.findings = structuredClone(from?.findings) ?? { findings: [], counts: [] };
    this.actions = actions;
    this.#types = new Map(this.state.types.map(([type], number) => [type, number]));
    this.#days = new Set(this.state.days);
    this.#kinds = new Map(this.findings.counts);
    this.#block = from?.last;
    if (this.#block !== undefined) {
      this.blocks.set(this.state.blocks.length - 1, this.#block);
      this.state.blocks[this.state.blocks.length - 1] = this.#block.info;
    }
  }

  visit(record: ActionRecord, { segment, offset = -1, lengthBytes, part }: RecordPlace): void {
    const { state } = this;
    const { atUs, type, status, actionId, snapshotId } = record;
    const block = this.#blockFor(segment);
    const place = (state.blocks.length - 1) * blockRecords + block.info.count;
    if (segment === -1) this.apart.set(place, record);
    const known = actionId === undefined ? undefined : this.actions.get(actionId);
    const action = known?.action ?? (actionId === undefined ? 0 : place + 1);
    block.add({
      at: atUs,
      offset,
      length: lengthBytes,
      line: record.line,
      type: this.#typeNumber(type),
      status: displayStatuses.indexOf(status),
      part,
      id: hashOf(snapshotId),
      actionId: actionId === undefined ? 0 : hashOf(actionId),
      action,
    });
    this.#addTime(atUs);
    state.keyWidth = Math.max(state.keyWidth, widthOfKey(record));
    if (record.blob !== undefined) state.blobs.push(record.blob.$blob);
    if (known !== undefined && known.atUs > atUs) return;
    if (known !== undefined) this.#count(known.status, known.type, -1);
    this.#count(status, type, 1);
    if (actionId !== undefined) this.actions.set(actionId, { action, status, type, atUs });
  }

  /** Takes a finding as it comes: those of a kind beyond the first are only counted. */
  say(finding: Finding): void {
    const kind = kindOfFinding(finding);
    const count = (this.#kinds.get(kind)?.count ?? 0) + 1;
    this.#kinds.set(kind, { count, last: finding });
    if (count <= maxFindings) this.findings.findings.push(finding);
  }

  /** Sets how often each kind was said, where that was counted elsewhere. */
  setCounts(counts: FindingCounts): void {
    for (const [kind, count] of counts) this.#kinds.set(kind, count);
  }

  /** Brings up to date what is worked out once. */
  finish(): void {
    const { state, findings } = this;
    findings.counts = [...this.#kinds];
    state.days = [...this.#days].sort((a, b) => a - b);
    state.severities = { error: 0, warning: 0, note: 0 };
    for (const { severity } of allFindings(findings)) state.severities[severity] += 1;
  }

  #blockFor(segment: number): Block {
    if (this.#block === undefined || this.#block.isFull || this.#block.info.segment !== segment) {
      this.#block = emptyBlock(segment);
      this.blocks.set(this.state.blocks.length, this.#block);
      this.state.blocks.push(this.#block.info);
    }
    return this.#block;
  }

  #typeNumber(type: string): number {
    const known = this.#types.get(type);
    if (known !== undefined) return known;
    const number = this.state.types.length;
    this.#types.set(type, number);
    this.state.types.push([type, 0]);
    return number;
  }

  #count(status: DisplayStatus, type: string, by: 1 | -1): void {
    this.state.actions += by;
    this.state.byStatus[status] += by;
    this.state.types[this.#typeNumber(type)]![1] += by;
  }

  #addTime(atUs: number): void {
    if (!Number.isFinite(atUs)) return;
    const { state } = this;
    state.firstUs = Math.min(state.firstUs ?? atUs, atUs);
    state.lastUs = Math.max(state.lastUs ?? atUs, atUs);
    this.#days.add(Math.floor(atUs / dayUs));
  }
}

/** All findings, with one for each kind of which there are more than are told. */
export function allFindings({ findings, counts }: KeptFindings): Finding[] {
  return [...findings, ...uncountedFindings(new Map(counts))];
}

/** Columns that the key takes; that of other writers' lines ends with "~" and eight digits. */
function widthOfKey(record: ActionRecord): number {
  const { snapshotId } = record;
  return record.sameness === snapshotId && snapshotId !== ''
    ? textWidth(visibleText(snapshotId))
    : textWidth(visibleText(snapshotId || 'action')) + 9;
}

function emptyState(): LogState {
  return {
    folder: { facts: '', isAtRest: false },
    segments: [],
    totals: noTotals(),
    hasTorn: false,
    firstUs: undefined,
    lastUs: undefined,
    days: [],
    actions: 0,
    byStatus: Object.fromEntries(displayStatuses.map((status) => [status, 0])) as Record<
      DisplayStatus,
      number
    >,
    types: [],
    blobs: [],
    keyWidth: 0,
    severities: { error: 0, warning: 0, note: 0 },
    blocks: [],
  };
}
