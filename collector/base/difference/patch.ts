import type { JsonValue } from '../json/json.ts';
import { jsonText } from '../json/text.ts';
import { compareValues, type PlacedDifference } from './difference.ts';
import { type ChangeNode, changeTree } from './tree.ts';

/** One operation of a JSON Patch (RFC 6902), as far as differences need them. */
export type PatchOperation =
  | { op: 'add' | 'replace'; path: string; value: JsonValue }
  | { op: 'remove'; path: string }
  | { op: 'move'; from: string; path: string };

/**
 * The JSON Patch that leads from one value to another. A list that would take more text to rearrange than to write again
 * is replaced as a whole. Takes time in proportion to the values.
 */
export function jsonPatch(before: JsonValue | undefined, after: JsonValue | undefined): PatchOperation[] {
  const { found, lists } = compareValues(before, after);
  return write(changeTree(found, lists), '', before === undefined);
}

/** Differences as JSON Patch: operations are valid one after another, moved elements are moves. */
export function toJsonPatch(found: readonly PlacedDifference[]): PatchOperation[] {
  const isNew = found.length === 1 && found[0]!.place.length === 0 && found[0]!.kind === 'added';
  return write(changeTree(found), '', isNew);
}

/**
 * What is below comes first, while all positions are still those of the older value; then what went, from the end; then
 * what moved and came, in the order of the newer list.
 */
function write(node: ChangeNode, path: string, isNew = false): PatchOperation[] {
  if (node.replaced !== undefined) {
    if (node.replaced.by === undefined) return [{ op: 'remove', path }];
    return [{ op: isNew ? 'add' : 'replace', path, value: node.replaced.by }];
  }
  const whole = node.list === undefined ? undefined : wholeList(node, path, node.list);
  if (whole?.isSurelyShorter === true) return [whole.operation];
  const operations: PatchOperation[] = [];
  for (const [step, below] of node.below) {
    for (const operation of write(below, `${path}/${escapeStep(step)}`)) operations.push(operation);
  }
  const positions = node.removed.filter((step) => typeof step === 'number').sort((a, b) => b - a);
  for (const step of [...node.removed.filter((one) => typeof one === 'string'), ...positions]) {
    operations.push({ op: 'remove', path: `${path}/${escapeStep(step)}` });
  }
  arrange(node, path, operations);
  return whole !== undefined && isLonger(operations, whole.length) ? [whole.operation] : operations;
}

interface WholeList {
  operation: PatchOperation;
  length: number;
  isSurelyShorter: boolean;
}

/** Fewer operations than this are kept whatever they hold: they say more than a list written again. */
const fewest = 3;

function wholeList(node: ChangeNode, path: string, list: JsonValue[]): WholeList | undefined {
  const count = node.removed.length + node.added.length + node.moves.length + node.below.size;
  if (count <= fewest) return undefined;
  const length = textLength(list) + path.length;
  const shortest = (path.length + 30) * (node.removed.length + node.added.length + 2 * node.moves.length);
  return {
    operation: { op: 'replace', path, value: list },
    length,
    isSurelyShorter: shortest > length + 100,
  };
}

function isLonger(operations: PatchOperation[], length: number): boolean {
  let sum = 0;
  for (const operation of operations) {
    sum += textLength(operation) + 1;
    if (sum > length + 40) return true;
  }
  return false;
}

/** How long a value is as JSON; too deep ones are as long as can be. */
function textLength(value: unknown): number {
  try {
    return jsonText(value).length;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/** Elements that come or move, in the order of their new positions; those that move later are still in between. */
function arrange(node: ChangeNode, path: string, operations: PatchOperation[]): void {
  const come: Slot[] = [];
  for (const [step, value] of node.added) {
    if (typeof step === 'string') operations.push({ op: 'add', path: `${path}/${escapeStep(step)}`, value });
    else come.push({ at: step, value, from: undefined });
  }
  for (const { from, to } of node.moves) come.push({ at: to, value: null, from });
  if (come.length === 0) return;
  come.sort((a, b) => a.at - b.at);
  const gone = [...(node.removed as number[]), ...node.moves.map(({ from }) => from)].sort((a, b) => a - b);
  const waiting = node.moves.map(({ from }) => from).sort((a, b) => a - b);
  const order = orderOf(come, gone, waiting);
  const present = new Counter(order.size);
  for (const from of waiting) present.add(order.placeOfWaiting(from), 1);
  come.forEach(({ value, from }, index) => {
    const { place, before } = order.placeOfCome(index);
    if (from === undefined) {
      operations.push({ op: 'add', path: `${path}/${before + present.below(place)}`, value });
    } else {
      const old = order.placeOfWaiting(from);
      const position = order.keptBefore(from) + present.below(old);
      present.add(old, -1);
      const target = before + present.below(place);
      if (position !== target) {
        operations.push({ op: 'move', from: `${path}/${position}`, path: `${path}/${target}` });
      }
    }
    present.add(place, 1);
  });
}

interface Slot {
  at: number;
  value: JsonValue;
  from: number | undefined;
}

/**
 * One common order for what comes and for what waits to be moved: by how many kept elements stand before it. Of those
 * with as many, what comes stands first.
 */
function orderOf(come: Slot[], gone: number[], waiting: number[]) {
  const keptBeforeCome = come.map(({ at }, index) => at - index);
  const keptBeforeWaiting = new Map<number, number>();
  let passed = 0;
  for (const from of waiting) {
    while (passed < gone.length && gone[passed]! < from) passed += 1;
    keptBeforeWaiting.set(from, from - passed);
  }
  const places = new Map<number, number>();
  const comePlaces: number[] = [];
  let [nextCome, size] = [0, 0];
  for (const from of waiting) {
    while (nextCome < come.length && keptBeforeCome[nextCome]! <= keptBeforeWaiting.get(from)!) {
      comePlaces[nextCome++] = size++;
    }
    places.set(from, size++);
  }
  while (nextCome < come.length) comePlaces[nextCome++] = size++;
  return {
    size,
    keptBefore: (from: number) => keptBeforeWaiting.get(from)!,
    placeOfWaiting: (from: number) => places.get(from)!,
    placeOfCome: (index: number) => ({ place: comePlaces[index]!, before: keptBeforeCome[index]! }),
  };
}

/** Counts what is below a place, and changes it, in logarithmic time (a Fenwick tree). */
class Counter {
  readonly #sums: Int32Array;

  constructor(size: number) {
    this.#sums = new Int32Array(size + 1);
  }

  add(place: number, change: number): void {
    for (let at = place + 1; at < this.#sums.length; at += at & -at) this.#sums[at]! += change;
  }

  below(place: number): number {
    let sum = 0;
    for (let at = place; at > 0; at -= at & -at) sum += this.#sums[at]!;
    return sum;
  }
}

/** A step of a JSON Pointer (RFC 6901). */
function escapeStep(step: string | number): string {
  return typeof step === 'number' ? String(step) : step.replaceAll('~', '~0').replaceAll('/', '~1');
}
