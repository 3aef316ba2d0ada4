import { isObject, type JsonObject } from '../../base/json/json.ts';
import { parseJson, parsePlainJson } from '../../base/json/text.ts';

/** A line of our own taken apart: its small fields, and its details as they are written. */
export interface CutLine {
  /** The members of the line but for its id, type, time, action and checksum. */
  line: JsonObject;
  /** The members of the action but for type, status and details. */
  action: JsonObject;
  details: string;
}

const beforeDetails = ',"details":';
/** What a checksum takes at the end of a line, with the brace that ends it. */
const checksumCharacters = ',"checksum":"crc32:00000000"}'.length;
/** Kept so long that lines of one writer find each other. */
const mostHeads = 512;
const heads = new Map<string, JsonObject>();

/**
 * Takes a line apart whose checksum is right, given where its time, its type (with what stands before it) and its status end.
 * Undefined where its parts do not stand as our writers put them: details last in the action, and the action last.
 */
export function cutLine(
  text: string,
  at: { timeEnd: number; action: number; statusEnd: number },
): CutLine | undefined {
  const end = text.length - checksumCharacters - 1;
  const detailsAt = text.indexOf(beforeDetails, at.statusEnd);
  if (detailsAt < 0 || text.charCodeAt(end) !== closing) return undefined;
  const details = text.slice(detailsAt + beforeDetails.length, end);
  const line = headOf(text.slice(at.timeEnd + 1, at.action));
  if (line === undefined || details.includes(',"source":{')) return undefined;
  const action = membersIn(text.slice(at.statusEnd + 1, detailsAt));
  if (action === undefined || !isOneValue(details)) return undefined;
  // An id behind the details would be one all the same; whether it is takes reading them.
  if (action['id'] === undefined && details.includes(',"id":')) {
    try {
      parsePlainJson(details);
    } catch {
      return undefined;
    }
  }
  return { line, action, details };
}

const closing = 0x7d;

/** The members between time and action; lines without the one that all writers put there are written in another order. */
function headOf(text: string): JsonObject | undefined {
  const known = heads.get(text);
  if (known !== undefined) return known;
  const members = membersIn(text);
  if (members?.['metadata'] === undefined) return undefined;
  if (heads.size >= mostHeads) heads.clear();
  heads.set(text, members);
  return members;
}

function membersIn(text: string): JsonObject | undefined {
  if (text === '') return {};
  if (text.charCodeAt(0) !== comma) return undefined;
  try {
    const value = parseJson(`{${text.slice(1)}}`);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const comma = 0x2c;

/** Whether a text begins and ends as a single value does; nearly always that is one. */
function isOneValue(text: string): boolean {
  const [first, last] = [text[0], text[text.length - 1]];
  if (first === '{') return last === '}';
  if (first === '[') return last === ']';
  if (first === '"') return last === '"';
  return !text.includes(',');
}
