import { LineSplitter } from '../base/lines.ts';
import { showText } from '../base/show.ts';
import { type TornLine, type TornPiece, takeApart } from '../formats/actions/torn-line.ts';
import type { Finding } from '../formats/findings/finding.ts';
import type { LogSegment } from './layout.ts';
import { makeFinding, parseLine } from './line-parser.ts';
import { readChunks } from './read-file.ts';

/** A line that cannot be read as it stands, and where that is. */
export interface DamagedLine {
  file: string;
  line: number;
  /** Where it begins in its file. */
  offset: number;
  /** Without the newline. */
  bytes: Buffer;
  /** False for what follows the last newline. */
  terminated: boolean;
  /** Whether what is whole on it was read. */
  isRead: boolean;
  /** What is said of it where it is more than the trace of a writer that was stopped. */
  finding: Finding;
}

/** A line that a writer was stopped at, of which nothing is missing that was acknowledged. */
export interface HarmlessLine extends Omit<DamagedLine, 'finding'> {
  /** What of it is whole and stands nowhere else: to be kept as lines of their own. */
  keep: Buffer[];
}

/** Longer lists are damage of another kind. */
const maxLines = 10_000;
/** Writes that are cut short end where a block of the disk or a page of memory does. */
const blockBytes = 512;

/**
 * Tells harmless traces of killed writers from real damage. That takes the whole log: from the first line on that may be
 * harmless, findings wait here, so that they are reported in the order of the log.
 */
export class TornLines {
  readonly #report: (finding: Finding) => void;
  readonly #held: HeldLine[] = [];
  readonly #queue: (Finding | HeldLine)[] = [];

  constructor(report: (finding: Finding) => void) {
    this.#report = report;
  }

  /** Whether a line waits whose record may stand whole elsewhere. */
  get hasHeld(): boolean {
    return this.#held.length > 0;
  }

  say(finding: Finding): void {
    if (this.#held.length === 0) this.#report(finding);
    else this.#queue.push(finding);
  }

  /** Whether the line may be harmless: then nothing is said of it until `settle`. */
  hold(damaged: DamagedLine): boolean {
    const torn = this.#held.length < maxLines ? takeApart(damaged.bytes) : undefined;
    if (torn === undefined) return false;
    const held = { damaged: { ...damaged, bytes: Buffer.from(damaged.bytes) }, torn };
    this.#held.push(held);
    this.#queue.push(held);
    return true;
  }

  /** Looks through the log for the records whose pieces were held, and says what there is to say. */
  async settle(segments: readonly LogSegment[], onHarmless: (line: HarmlessLine) => void): Promise<void> {
    if (this.#held.length === 0) return;
    const whole = await findWhole(segments, this.#held);
    for (const one of this.#queue) {
      if (!('torn' in one)) {
        this.#report(one);
      } else if (isHarmless(one.damaged, one.torn, whole)) {
        this.#report(tornFinding(one.damaged));
        onHarmless({ ...one.damaged, keep: toKeep(one.damaged, one.torn, whole) });
      } else {
        this.#report(one.damaged.finding);
      }
    }
  }
}

interface HeldLine {
  damaged: DamagedLine;
  torn: TornLine;
}

/** What is said of a harmless one: that it is there, and that nothing is missing. */
function tornFinding({ file, line, bytes }: DamagedLine): Finding {
  return makeFinding(
    'torn-line',
    'note',
    file,
    line,
    'whole lines',
    `what is left of a line whose writer was stopped: ${showText(bytes.toString('utf8', 0, 200), 60)}`,
    'Nothing that was acknowledged is missing. `daybook doctor --repair` moves the piece to .daybook/quarantine/.',
  );
}

/** Lines that stand whole in the log by themselves: by their id, and the ends of all of them. */
interface WholeLines {
  byId: ReadonlyMap<string, readonly string[]>;
  ends: ReadonlySet<string>;
}

/** Ids of Daybook's own lines, of which no two records share one; other writers' records may. */
const ownId = /^action_\d{8}_\d{6}_\d{6}_[0-9a-f]{6}$/;

function standsWhole({ kind, id, from, to }: TornPiece, bytes: Buffer, { byId }: WholeLines): boolean {
  const lines = (id === undefined ? undefined : byId.get(id)) ?? [];
  const piece = bytes.toString('latin1', from, to);
  return kind === 'whole'
    ? lines.includes(piece)
    : lines.some((line) => ownId.test(id!) || line.startsWith(piece));
}

const endBytes = 32;

/**
 * Every piece must be accounted for: its record stands whole elsewhere, or it is whole itself, or it is a beginning that
 * was provably cut: at the border of a block, or in front of a line that its writer found glued and appended again.
 */
function isHarmless({ bytes, offset }: DamagedLine, { pieces }: TornLine, whole: WholeLines): boolean {
  return pieces.every((piece, number) => {
    const { kind, from, to } = piece;
    if (kind === 'whole') return true;
    if (kind === 'rest') return whole.ends.has(endOf(bytes.subarray(from, to)));
    if (standsWhole(piece, bytes, whole)) return true;
    const wasNoticed = pieces
      .slice(number + 1)
      .some((next) => next.kind === 'whole' && standsWhole(next, bytes, whole));
    return wasNoticed || (offset + to) % blockBytes === 0;
  });
}

function toKeep({ bytes }: DamagedLine, { pieces }: TornLine, whole: WholeLines): Buffer[] {
  return pieces
    .filter((piece) => piece.kind === 'whole' && !standsWhole(piece, bytes, whole))
    .map(({ from, to }) => bytes.subarray(from, to));
}

async function findWhole(segments: readonly LogSegment[], held: readonly HeldLine[]): Promise<WholeLines> {
  const wantedIds = new Set<string>();
  const wantedEnds = new Set<string>();
  for (const { damaged, torn } of held) {
    for (const { id, kind, from, to } of torn.pieces) {
      if (id !== undefined) wantedIds.add(id);
      if (kind === 'rest') wantedEnds.add(endOf(damaged.bytes.subarray(from, to)));
    }
  }
  const byId = new Map<string, string[]>();
  const ends = new Set<string>();
  const splitter = () =>
    new LineSplitter((bytes) => {
      if (bytes === undefined || bytes.length < endBytes) return;
      const id = /^\{ ?"snapshot_id": ?"([^"\\]+)"/.exec(bytes.toString('latin1', 0, 240))?.[1];
      const end = endOf(bytes);
      if ((id === undefined || !wantedIds.has(id)) && !wantedEnds.has(end)) return;
      const { record, finding } = parseLine(bytes, '', 0);
      if (record === undefined || finding !== undefined) return;
      if (id !== undefined && wantedIds.has(id))
        byId.set(id, [...(byId.get(id) ?? []), bytes.toString('latin1')]);
      ends.add(end);
    });
  for (const segment of segments) {
    const lines = splitter();
    try {
      for await (const chunk of readChunks(segment)) lines.push(chunk);
      lines.end();
    } catch {
      // What cannot be read proves nothing; that it cannot has been said.
    }
  }
  return { byId, ends };
}

/** Of a line: its last bytes, which hold its checksum and more. */
function endOf(bytes: Buffer): string {
  return bytes.toString('latin1', Math.max(0, bytes.length - endBytes));
}
