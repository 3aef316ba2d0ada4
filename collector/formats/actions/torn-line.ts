import { parseLenientJson } from '../../base/json/lenient.ts';
import { parsePlainJson } from '../../base/json/text.ts';
import { checkLine } from './action.ts';

/**
 * What is left of a line whose writer was stopped half way, alone or with whole lines of others glued behind it. A write
 * that is cut short was never acknowledged; that it was cut, and not the line damaged later, is to be shown.
 */
export interface TornLine {
  pieces: TornPiece[];
}

/** One piece of such a line, in its order. */
export interface TornPiece {
  /** Where it begins and ends on the line, in bytes. */
  from: number;
  to: number;
  /**
   * whole: a line with a right checksum, or of another writer and whole JSON. start: one that stops before its end. rest: the end of one, whose checksum is
   * not that of the piece.
   */
  kind: 'whole' | 'start' | 'rest';
  /** Of what record, where it says so. */
  id: string | undefined;
}

/** How lines of actions begin; Daybook writes no spaces, others do. */
const lineStart = /\{ ?"snapshot_id": ?"(action_[^"\\]{1,200})", ?"snapshot_type"/g;
/** A line that stops within these characters says nothing of whose it is. */
const shortStart = '{"snapshot_id":"action_';
const lineEnd = /,"checksum":"crc32:[0-9a-f]{8}"\}$/;

/** Takes a line apart that is no record; undefined where it is anything else than pieces of lines of actions. */
export function takeApart(bytes: Buffer): TornLine | undefined {
  // latin1 gives every byte a character, so that places in the text are places in the bytes.
  const text = bytes.toString('latin1');
  const starts = [...text.matchAll(lineStart)];
  const [first] = starts;
  const pieces: TornPiece[] = [];
  const head = text.slice(0, first?.index ?? text.length);
  if (head !== '') {
    const kind = lineEnd.test(head) ? 'rest' : isStart(head) ? 'start' : undefined;
    if (kind === undefined) return undefined;
    pieces.push({ from: 0, to: head.length, kind, id: undefined });
  }
  starts.forEach((start, number) => {
    const from = start.index;
    const to = starts[number + 1]?.index ?? text.length;
    pieces.push({ from, to, kind: kindOf(bytes.subarray(from, to)), id: start[1]! });
  });
  return { pieces };
}

function kindOf(piece: Buffer): TornPiece['kind'] {
  const checked = checkLine(piece);
  if (checked !== 'none') return checked === 'right' ? 'whole' : 'rest';
  // Other writers' lines have no checksum: what is JSON to its end is whole.
  return parseLenientJson(piece.toString('utf8'), parsePlainJson).ok ? 'whole' : 'start';
}

/** Whether a text can be the beginning of a line of an action that was cut before its id was complete. */
function isStart(text: string): boolean {
  return shortStart.startsWith(text) || /^\{ ?"snapshot_id": ?"action_[\w-]*"?,?[^{}]{0,20}$/.test(text);
}
