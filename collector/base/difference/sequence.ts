/** Finds what two sequences of numbers have in common. Everything here is linear but for a fixed number of edits. */

/**
 * The longest common subsequence of two stretches by Myers' greedy algorithm: writes the position in `right` of every
 * kept position of `left` into `match`. False, with nothing written, where it takes more than `maxEdits` edits, or more
 * steps than a fraction of a second has.
 */
export function matchCommon(
  left: Int32Array,
  right: Int32Array,
  stretch: { left: [from: number, to: number]; right: [from: number, to: number] },
  maxEdits: number,
  match: Int32Array,
): boolean {
  const [leftFrom, rightFrom] = [stretch.left[0], stretch.right[0]];
  const lefts = stretch.left[1] - leftFrom;
  const rights = stretch.right[1] - rightFrom;
  const reached: Int32Array[] = [];
  let steps = 0;
  for (let edits = 0; edits <= Math.min(maxEdits, lefts + rights); edits++) {
    const before = reached[edits - 1];
    const row = new Int32Array(edits + 1);
    reached.push(row);
    if (steps > maxSteps) return false;
    for (let at = 0; at <= edits; at++) {
      const diagonal = 2 * at - edits;
      const start = before === undefined ? 0 : startOf(before, at);
      let x = start;
      while (x < lefts && x - diagonal < rights && left[leftFrom + x] === right[rightFrom + x - diagonal]) {
        x += 1;
      }
      row[at] = x;
      steps += x - start + 1;
      if (x >= lefts && diagonal === lefts - rights) {
        writeBack(reached, at, leftFrom, rightFrom, match);
        return true;
      }
    }
  }
  return false;
}

const maxSteps = 10_000_000;

/** Where a diagonal of the next row starts: one further down or one further over from the row before. */
function startOf(before: Int32Array, at: number): number {
  const down = at < before.length ? before[at]! : -1;
  const over = at > 0 ? before[at - 1]! + 1 : -1;
  return Math.max(down, over);
}

function writeBack(
  reached: Int32Array[],
  end: number,
  leftFrom: number,
  rightFrom: number,
  match: Int32Array,
): void {
  let at = end;
  for (let edits = reached.length - 1; edits >= 0; edits--) {
    const diagonal = 2 * at - edits;
    const before = reached[edits - 1];
    const start = before === undefined ? 0 : startOf(before, at);
    for (let x = start; x < reached[edits]![at]!; x++) match[leftFrom + x] = rightFrom + x - diagonal;
    const cameDown = before !== undefined && at < before.length && start === before[at];
    if (!cameDown) at -= 1;
  }
}

/** Which of these numbers, all different but for -1, form a longest rising subsequence; -1 stands for none. */
export function longestRising(numbers: ArrayLike<number>): Uint8Array {
  const ends = new Int32Array(numbers.length);
  const previous = new Int32Array(numbers.length);
  let length = 0;
  for (let at = 0; at < numbers.length; at++) {
    if (numbers[at] === -1) continue;
    let low = 0;
    let high = length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (numbers[ends[middle]!]! < numbers[at]!) low = middle + 1;
      else high = middle;
    }
    previous[at] = low > 0 ? ends[low - 1]! : -1;
    ends[low] = at;
    if (low === length) length += 1;
  }
  const chosen = new Uint8Array(numbers.length);
  for (let at = length > 0 ? ends[length - 1]! : -1; at >= 0; at = previous[at]!) chosen[at] = 1;
  return chosen;
}
