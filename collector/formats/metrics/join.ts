import { isObject } from '../../base/json/json.ts';
import { parsePlainJson } from '../../base/json/text.ts';

const newline = 10;

/**
 * Whole lines of `other` that `own` has not. A line with an id is there or it is not; of lines without one, which may well be equal
 * and both meant, as many are there as the copy has that holds more.
 */
export function linesLacking(own: Buffer, other: Buffer): Buffer {
  const whole = wholeLines(other);
  if (startsWith(own, whole)) return Buffer.alloc(0);
  const isBehind = own.length > 0 && own.at(-1) === newline && startsWith(whole, own);
  const known = isBehind ? new Map<string, number>() : countLines(own);
  // What own has already is told by its beginning; lines with ids may come a second time all the same.
  const rest = isBehind ? whole.subarray(own.length) : whole;
  const ids = isBehind ? countLines(own) : known;
  const seen = new Map<string, number>();
  const lacking: string[] = [];
  for (const line of linesOf(rest)) {
    const count = (seen.get(line) ?? 0) + 1;
    seen.set(line, count);
    if (hasId(line) ? ids.has(line) || count > 1 : count <= (known.get(line) ?? 0)) continue;
    lacking.push(line);
  }
  return Buffer.from(lacking.map((line) => `${line}\n`).join(''), 'latin1');
}

/** What stands up to the last line break: what follows may still be being written. */
export function wholeLines(bytes: Buffer): Buffer {
  return bytes.subarray(0, bytes.lastIndexOf(newline) + 1);
}

function startsWith(bytes: Buffer, start: Buffer): boolean {
  return start.length <= bytes.length && bytes.subarray(0, start.length).equals(start);
}

function countLines(bytes: Buffer): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of linesOf(bytes)) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}

/** latin1 keeps bytes apart, so that lines that are no valid UTF-8 are compared and copied exactly. */
function linesOf(bytes: Buffer): string[] {
  return bytes
    .toString('latin1')
    .split('\n')
    .map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
    .filter((line) => line !== '');
}

function hasId(line: string): boolean {
  if (!line.includes('"id"')) return false;
  try {
    const value: unknown = parsePlainJson(line);
    return isObject(value) && typeof value['id'] === 'string';
  } catch {
    return false;
  }
}
