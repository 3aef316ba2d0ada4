import type { JsonValue } from '../json/json.ts';
import type { Place } from '../json/path.ts';
import type { Comparison, Move, PlacedDifference } from './difference.ts';

/** Differences sorted into the shape of the older value: what happens at one place, and what below it. */
export interface ChangeNode {
  /** The value that takes the place; of a whole value that went, undefined in the box. */
  replaced: { by: JsonValue | undefined } | undefined;
  /** Fields and list elements that went, by their place in the older value. */
  removed: (string | number)[];
  /** Fields that came by name, list elements by their position in the newer list. */
  added: [step: string | number, value: JsonValue][];
  moves: Move[];
  /** The newer state of the list that stands here, where it is known. */
  list: JsonValue[] | undefined;
  below: Map<string | number, ChangeNode>;
}

/** The tree of some differences. */
export function changeTree(found: readonly PlacedDifference[], lists: Comparison['lists'] = []): ChangeNode {
  const root = emptyNode();
  for (const difference of found) addDifference(root, difference);
  for (const { place, after } of lists) nodeAt(root, place).list = after;
  return root;
}

function addDifference(root: ChangeNode, { kind, place, after, moves }: PlacedDifference): void {
  const last = place.at(-1);
  if (kind === 'moved') nodeAt(root, place).moves = moves ?? [];
  else if (kind === 'changed' || last === undefined) nodeAt(root, place).replaced = { by: after };
  else if (kind === 'removed') nodeAt(root, place.slice(0, -1)).removed.push(last);
  else nodeAt(root, place.slice(0, -1)).added.push([last, after!]);
}

function nodeAt(root: ChangeNode, place: Place): ChangeNode {
  let node = root;
  for (const step of place) {
    let next = node.below.get(step);
    if (next === undefined) {
      next = emptyNode();
      node.below.set(step, next);
    }
    node = next;
  }
  return node;
}

function emptyNode(): ChangeNode {
  return { replaced: undefined, removed: [], added: [], moves: [], list: undefined, below: new Map() };
}
