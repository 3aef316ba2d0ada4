import { longestRising, matchCommon } from './sequence.ts';

/** How the elements of two lists belong together. Positions without a partner hold -1. */
export interface Alignment {
  /** For every element of the older list that stayed in order: its position in the newer one. */
  kept: Int32Array;
  /** For every element that changed its place among the others: its position in the newer list. */
  moved: Int32Array;
}

/** Up to so many insertions and removals the shortest script is found; beyond, unique elements are the anchors. */
const maxEdits = 1024;
const maxEditsBetweenAnchors = 32;

/**
 * Aligns two lists whose elements are given as numbers, equal ones for elements that are the same. Takes time in
 * proportion to the lists, also for 100,000 shuffled elements. An element counts as moved where it is the only one of
 * its kind, or where the whole list was only put in another order.
 */
export function alignLists(left: Int32Array, right: Int32Array): Alignment {
  const kept = new Int32Array(left.length).fill(-1);
  const shorter = Math.min(left.length, right.length);
  let start = 0;
  while (start < shorter && left[start] === right[start]) kept[start] = start++;
  let [leftEnd, rightEnd] = [left.length, right.length];
  while (leftEnd > start && rightEnd > start && left[leftEnd - 1] === right[rightEnd - 1]) {
    kept[--leftEnd] = --rightEnd;
  }
  const stretch = {
    left: [start, leftEnd] as [number, number],
    right: [start, rightEnd] as [number, number],
  };
  const moved = new Int32Array(left.length).fill(-1);
  if (!matchCommon(left, right, stretch, maxEdits, kept)) {
    alignByAnchors(left, right, stretch, { kept, moved });
  }
  findMoved(left, right, { kept, moved });
  return { kept, moved };
}

/** Pairs what is left over between kept elements, first with first: those are changes of one element. */
export function pairLeftovers({ kept, moved }: Alignment, rightLength: number): void {
  const taken = takenPositions(kept, moved, rightLength);
  let right = 0;
  for (let left = 0; left < kept.length; left++) {
    if (kept[left] !== -1) {
      right = kept[left]! + 1;
    } else if (moved[left] === -1) {
      while (right < rightLength && taken[right] === movedMark) right += 1;
      if (right < rightLength && taken[right] === 0) kept[left] = right++;
    }
  }
}

const keptMark = 1;
const movedMark = 2;

/** Which positions of the newer list have a partner: 0 none, 1 a kept one, 2 a moved one. */
export function takenPositions(kept: Int32Array, moved: Int32Array, rightLength: number): Uint8Array {
  const taken = new Uint8Array(rightLength);
  for (const position of kept) if (position !== -1) taken[position] = keptMark;
  for (const position of moved) if (position !== -1) taken[position] = movedMark;
  return taken;
}

type Stretch = Parameters<typeof matchCommon>[2];

function alignByAnchors(
  left: Int32Array,
  right: Int32Array,
  stretch: Stretch,
  { kept, moved }: Alignment,
): void {
  const { partners, isReordering } = pairUp(left.subarray(...stretch.left), right.subarray(...stretch.right));
  const chosen = longestRising(partners);
  let [leftFrom, rightFrom] = [stretch.left[0], stretch.right[0]];
  const keepBetween = (leftTo: number, rightTo: number) => {
    if (isReordering || leftFrom === leftTo || rightFrom === rightTo) return;
    const between: Stretch = { left: [leftFrom, leftTo], right: [rightFrom, rightTo] };
    matchCommon(left, right, between, maxEditsBetweenAnchors, kept);
  };
  for (let at = 0; at < partners.length; at++) {
    if (partners[at] === -1) continue;
    const [leftTo, rightTo] = [stretch.left[0] + at, stretch.right[0] + partners[at]!];
    if (chosen[at] === 1) {
      keepBetween(leftTo, rightTo);
      kept[leftTo] = rightTo;
      [leftFrom, rightFrom] = [leftTo + 1, rightTo + 1];
    } else if (isReordering) {
      moved[leftTo] = rightTo;
    }
  }
  keepBetween(stretch.left[1], stretch.right[1]);
}

/**
 * For every element of the older list the position it surely belongs to in the newer one, else -1: those that occur once
 * on either side, and of lists with the same elements all, each with its like in turn.
 */
function pairUp(left: Int32Array, right: Int32Array): { partners: Int32Array; isReordering: boolean } {
  const [lefts, rights, count] = withSmallIds(left, right);
  const [leftCounts, rightCounts] = [countsOf(lefts, count), countsOf(rights, count)];
  const isReordering =
    left.length === right.length && leftCounts.every((each, id) => each === rightCounts[id]);
  const [first, next] = [startsOf(rightCounts), startsOf(rightCounts)];
  const positions = new Int32Array(right.length);
  for (let at = 0; at < rights.length; at++) positions[next[rights[at]!]!++] = at;
  const partners = new Int32Array(left.length).fill(-1);
  for (let at = 0; at < lefts.length; at++) {
    const id = lefts[at]!;
    const isUnique = leftCounts[id] === 1 && rightCounts[id] === 1;
    if (isReordering || isUnique) partners[at] = positions[first[id]!++]!;
  }
  return { partners, isReordering };
}

function countsOf(ids: Int32Array, count: number): Int32Array {
  const counts = new Int32Array(count);
  for (const id of ids) counts[id]! += 1;
  return counts;
}

/** Where the positions of each element begin, when all positions are written one group after another. */
function startsOf(counts: Int32Array): Int32Array {
  const starts = new Int32Array(counts.length);
  for (let id = 1; id < counts.length; id++) starts[id] = starts[id - 1]! + counts[id - 1]!;
  return starts;
}

/** The same lists with numbers that are not much larger than the lists are long. */
function withSmallIds(
  left: Int32Array,
  right: Int32Array,
): [left: Int32Array, right: Int32Array, count: number] {
  let most = -1;
  for (const id of left) if (id > most) most = id;
  for (const id of right) if (id > most) most = id;
  if (most < 4 * (left.length + right.length)) return [left, right, most + 1];
  const small = new Map<number, number>();
  const renumber = (id: number) => {
    const known = small.get(id) ?? small.size;
    small.set(id, known);
    return known;
  };
  return [left.map(renumber), right.map(renumber), small.size];
}

/** What is left over on both sides and is the same has moved. */
function findMoved(left: Int32Array, right: Int32Array, { kept, moved }: Alignment): void {
  const taken = takenPositions(kept, moved, right.length);
  const gone = positionsWhere(left.length, (at) => kept[at] === -1 && moved[at] === -1);
  const come = positionsWhere(right.length, (at) => taken[at] === 0);
  if (gone.length === 0 || come.length === 0) return;
  const { partners, isReordering } = pairUp(
    gone.map((at) => left[at]!),
    come.map((at) => right[at]!),
  );
  const remains = isReordering ? undefined : keptIds(left, kept);
  for (let at = 0; at < partners.length; at++) {
    const isAnother = partners[at] === -1 || remains?.has(left[gone[at]!]!) === true;
    if (!isAnother) moved[gone[at]!] = come[partners[at]!]!;
  }
}

/** The elements that stayed in order: their like that is left over says nothing by its place. */
function keptIds(left: Int32Array, kept: Int32Array): Set<number> {
  return new Set(left.filter((_, at) => kept[at] !== -1));
}

function positionsWhere(length: number, holds: (at: number) => boolean): Int32Array {
  const positions: number[] = [];
  for (let at = 0; at < length; at++) if (holds(at)) positions.push(at);
  return Int32Array.from(positions);
}
