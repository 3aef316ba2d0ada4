import { shortNumber } from '../format/number.ts';
import {
  changeBetween,
  type ExactNumber,
  isExactNumber,
  isSameNumber,
  numberIn,
} from '../json/exact-number.ts';
import { hasMembers, isObject, type JsonObject, type JsonValue } from '../json/json.ts';
import { formatPath, identityKeyOf, ownValue, type Place } from '../json/path.ts';
import { ValueIds } from '../value-ids.ts';
import { alignLists, pairLeftovers, takenPositions } from './lists.ts';

/** One change between two JSON values; `path` reads as in a sentence: "git.head", "modules[3]". */
export interface Difference {
  /** `moved`: elements of the list at `path` stand in another order; they are told once, in `moves`. */
  kind: 'added' | 'removed' | 'changed' | 'moved';
  path: string;
  before: JsonValue | undefined;
  after: JsonValue | undefined;
  /** How much that is, where it can be said: "+3 (+1.6 %)", "2 of 7". */
  amount: string | undefined;
  moves?: Move[];
}

/** An element of a list that stands elsewhere among the others now. */
export interface Move {
  from: number;
  to: number;
  /** Its identity, or the element itself where it is simple. */
  name: string | undefined;
}

/** A difference that also says where it is for programs. */
export interface PlacedDifference extends Difference {
  /** Field names and positions in the older value; of what was added to a list the last is its position in the newer. */
  place: Place;
}

/** Deeper parts are compared as a whole, so that hostile nesting cannot exhaust the stack. */
const maxDepth = 200;

/**
 * The structural difference of two JSON values, in the order of the older one. Lists of objects that share an
 * identity key (id, pid, name, key or path) are compared by it, other lists by what they have in common in order;
 * elements that only changed places are one difference. Takes time in proportion to the values.
 */
export function differences(before: JsonValue | undefined, after: JsonValue | undefined): PlacedDifference[] {
  return compareValues(before, after).found;
}

/** How many of the differences `counts` takes, by their path, step for step, and the newer value. Says no amounts, which is most of the work. */
export function countDifferences(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  counts: (path: Place, after: JsonValue | undefined) => boolean,
): number {
  let count = 0;
  const walk = new Walk((path, now) => {
    if (counts(path, now)) count += 1;
  });
  walk.compare(before, after);
  return count;
}

/** Differences, and the newer state of every list whose elements came, went or moved. */
export interface Comparison {
  found: PlacedDifference[];
  lists: { place: Place; after: JsonValue[] }[];
}

/** As `differences`, with what the makers of patches need. */
export function compareValues(before: JsonValue | undefined, after: JsonValue | undefined): Comparison {
  const walk = new Walk();
  walk.compare(before, after);
  return { found: walk.found, lists: walk.lists };
}

class Walk {
  readonly found: PlacedDifference[] = [];
  readonly lists: Comparison['lists'] = [];
  readonly #ids = new ValueIds();
  readonly #hear: ((path: Place, after: JsonValue | undefined) => void) | undefined;
  /** Where we are: as a sentence says it, and in the older value. */
  readonly #spoken: (string | number)[] = [];
  readonly #place: (string | number)[] = [];

  /** With `hear`, differences are handed to it one by one, and none is kept. */
  constructor(hear?: (path: Place, after: JsonValue | undefined) => void) {
    this.#hear = hear;
  }

  compare(before: JsonValue | undefined, after: JsonValue | undefined): void {
    if (before === after) return;
    const isShallow = this.#place.length < maxDepth;
    if (before === undefined) {
      this.#note('added', before, after);
    } else if (after === undefined) {
      this.#note('removed', before, after);
    } else if (isShallow && Array.isArray(before) && Array.isArray(after)) {
      this.#compareLists(before, after);
    } else if (isShallow && isObject(before) && isObject(after)) {
      this.#compareObjects(before, after);
    } else if (!this.#isSame(before, after)) {
      this.#note('changed', before, after);
    }
  }

  #isSame(before: JsonValue, after: JsonValue): boolean {
    if (isNumber(before) && isNumber(after)) return isSameNumber(before, after);
    if (!hasMembers(before) || !hasMembers(after)) return before === after;
    return this.#ids.of(before) === this.#ids.of(after);
  }

  #note(
    kind: Difference['kind'],
    before: JsonValue | undefined,
    after: JsonValue | undefined,
    amount?: string,
  ): void {
    if (this.#hear !== undefined) {
      this.#hear(this.#spoken, after);
      return;
    }
    const path = formatPath(this.#spoken);
    const told = kind === 'changed' ? amountOf(before!, after!) : amount;
    this.found.push({ kind, path, before, after, amount: told, place: this.#place.slice() });
  }

  #step(
    spoken: string | number,
    place: string | number,
    before: JsonValue | undefined,
    after: JsonValue | undefined,
  ): void {
    this.#spoken.push(spoken);
    this.#place.push(place);
    this.compare(before, after);
    this.#spoken.pop();
    this.#place.pop();
  }

  #compareObjects(before: JsonObject, after: JsonObject): void {
    let shared = 0;
    for (const key of Object.keys(before)) {
      const now = ownValue(after, key);
      if (now !== undefined) shared += 1;
      this.#step(key, key, before[key], now);
    }
    const keys = Object.keys(after);
    if (keys.length === shared) return;
    for (const key of keys) if (!Object.hasOwn(before, key)) this.#step(key, key, undefined, after[key]);
  }

  #compareLists(before: JsonValue[], after: JsonValue[]): void {
    if (isMeasurement(before, after)) {
      for (const [at, value] of before.entries()) this.#step(at, at, value, after[at]);
      return;
    }
    const identity = before.length + after.length > 0 ? identityKeyOf(before, after) : undefined;
    const alignment = alignLists(this.#idsOf(before, identity), this.#idsOf(after, identity));
    if (identity === undefined) pairLeftovers(alignment, after.length);
    this.#tellList(before, after, alignment, identity);
  }

  #idsOf(list: JsonValue[], identity: string | undefined): Int32Array {
    const ids = new Int32Array(list.length);
    for (let at = 0; at < list.length; at++) {
      const value = list[at]!;
      ids[at] = this.#ids.of(identity === undefined ? value : String((value as JsonObject)[identity]));
    }
    return ids;
  }

  /** What went and what changed in the order of the older list, what came where it stands now, what moved at the end. */
  #tellList(
    before: JsonValue[],
    after: JsonValue[],
    { kept, moved }: ReturnType<typeof alignLists>,
    identity: string | undefined,
  ): void {
    const speak = (value: JsonValue, at: number) =>
      identity === undefined ? at : String((value as JsonObject)[identity]);
    const taken = takenPositions(kept, moved, after.length);
    const moves: Move[] = [];
    let [told, structural] = [0, false];
    const tellCome = (until: number) => {
      for (; told < until; told++) {
        if (taken[told] !== 0) continue;
        structural = true;
        this.#step(speak(after[told]!, told), told, undefined, after[told]);
      }
    };
    for (let from = 0; from < before.length; from++) {
      const value = before[from]!;
      const to = kept[from] !== -1 ? kept[from]! : moved[from]!;
      if (kept[from] !== -1 && identity === undefined) tellCome(to);
      if (to === -1) structural = true;
      else if (moved[from] !== -1) moves.push({ from, to, name: nameOf(value, identity) });
      this.#step(speak(value, to === -1 ? from : to), from, value, to === -1 ? undefined : after[to]);
    }
    tellCome(after.length);
    if (moves.length > 0) this.#noteMoves(moves, before.length);
    if (structural || moves.length > 0) this.lists.push({ place: this.#place.slice(), after });
  }

  #noteMoves(moves: Move[], length: number): void {
    this.#note('moved', undefined, undefined, `${moves.length} of ${length}`);
    if (this.#hear === undefined) this.found[this.found.length - 1]!.moves = moves;
  }
}

const isNumber = (value: JsonValue): value is number | ExactNumber =>
  typeof value === 'number' || isExactNumber(value);

const longestVector = 16;

/** Short lists of as many numbers, not all whole ("load": [0.75, 1.08]): each place has a meaning of its own. */
function isMeasurement(before: JsonValue[], after: JsonValue[]): boolean {
  if (before.length !== after.length || before.length > longestVector) return false;
  const numbers = [...before, ...after];
  return numbers.every(isNumber) && numbers.some((one) => !Number.isInteger(numberIn(one)));
}

const longestName = 200;

function nameOf(value: JsonValue, identity: string | undefined): string | undefined {
  if (identity !== undefined) return String((value as JsonObject)[identity]);
  if (typeof value === 'string') return value.length > longestName ? value.slice(0, longestName) : value;
  return value === null || hasMembers(value) ? undefined : String(value);
}

function amountOf(before: JsonValue, after: JsonValue): string | undefined {
  if (!isNumber(before) || !isNumber(after)) return undefined;
  const change = changeBetween(before, after);
  // Sizes beyond a double, or the sign of a zero: nothing that can be said as an amount.
  if (!Number.isFinite(change) || change === 0) return undefined;
  const sign = change > 0 ? '+' : '\u2212';
  const size = `${sign}${shortNumber(Math.abs(change))}`;
  if (Number(before) === 0 || !Number.isFinite(Number(before))) return size;
  const percent = Math.abs(change / Number(before)) * 100;
  // Beside a huge number the last digit is no share to speak of.
  if (percent < 1e-6) return size;
  return `${size} (${sign}${percent >= 100 ? Math.round(percent) : shortNumber(percent, 2)} %)`;
}
