import { isExactNumber, isObject, type JsonObject, type JsonValue, jsonText } from '../browser.ts';

/** A state as a chunk holds it: whole, or as a list of what differs from the one before it. */
export type Frame = JsonObject | StateChange[];

/** Where something differs, and what stands there now; no value where it is gone. */
export type StateChange = [place: FrameStep[]] | [place: FrameStep[], value: JsonValue];

/** The name of a field, a position in a list, or, as the last step, a stretch of a list: from, and up to. */
export type FrameStep = string | number | [from: number, to: number];

/** Deeper parts are replaced as a whole, so that hostile nesting cannot exhaust the stack. */
const maxDepth = 200;

/** The frame of a state behind another one: its changes, where they are fewer than half of what it holds. */
export function frameOf(before: JsonObject, after: JsonObject): Frame {
  if (!hasSameOrder(before, after)) return after;
  const walk = new Walk();
  walk.objects(before, after);
  return walk.changes.length * 2 > walk.looked ? after : walk.changes;
}

/** Lays a frame on the state before it. That stays as it is; what did not change is shared between both. */
export function layFrame(before: JsonObject, frame: Frame): JsonObject {
  if (!Array.isArray(frame)) return frame;
  const fresh = new Set<Holder>();
  const own = <Each extends Holder>(value: Each): Each => {
    if (fresh.has(value)) return value;
    const copy = (Array.isArray(value) ? value.slice() : { ...value }) as Each;
    fresh.add(copy);
    return copy;
  };
  const state = own(before);
  for (const [place, value] of frame) {
    let at: Holder = state;
    for (const step of place.slice(0, -1)) {
      const inner: Holder = own(memberOf(at, step as string | number));
      setMember(at, step as string | number, inner);
      at = inner;
    }
    const last = place[place.length - 1]!;
    if (Array.isArray(last))
      (at as JsonValue[]).splice(last[0], last[1] - last[0], ...(value as JsonValue[]));
    else if (value === undefined) delete (at as JsonObject)[last];
    else setMember(at, last, value);
  }
  return state;
}

/** Whether two values are the same to the last character: the order of fields and the spelling of numbers, too. */
export function isIdentical(one: JsonValue, other: JsonValue, depth = 0): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (isExactNumber(one) || isExactNumber(other))
    return isExactNumber(one) && isExactNumber(other) && one.text === other.text;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  if (depth > maxDepth) return jsonText(one) === jsonText(other);
  if (Array.isArray(one)) {
    const list = other as JsonValue[];
    if (one.length !== list.length) return false;
    for (let at = 0; at < one.length; at++) if (!isIdentical(one[at]!, list[at]!, depth + 1)) return false;
    return true;
  }
  const object = other as JsonObject;
  const [keys, others] = [Object.keys(one), Object.keys(object)];
  if (keys.length !== others.length) return false;
  for (let at = 0; at < keys.length; at++) {
    const key = keys[at]!;
    if (key !== others[at] || !isIdentical(one[key]!, object[key]!, depth + 1)) return false;
  }
  return true;
}

type Holder = JsonObject | JsonValue[];

class Walk {
  readonly changes: StateChange[] = [];
  /** How many values were looked at. */
  looked = 0;
  readonly #place: (string | number)[] = [];

  /** Compares two objects whose fields stand in the same order. */
  objects(before: JsonObject, after: JsonObject): void {
    for (const key of Object.keys(before)) if (!Object.hasOwn(after, key)) this.#note(key);
    for (const key of Object.keys(after)) {
      if (Object.hasOwn(before, key)) this.#step(key, before[key]!, after[key]!);
      else this.#note(key, after[key]!);
    }
  }

  #step(step: string | number, before: JsonValue, after: JsonValue): void {
    const isDeep = this.#place.length >= maxDepth;
    if (!isDeep && Array.isArray(before) && Array.isArray(after)) {
      this.#place.push(step);
      this.#lists(before, after);
      this.#place.pop();
    } else if (!isDeep && isObject(before) && isObject(after) && hasSameOrder(before, after)) {
      this.#place.push(step);
      this.objects(before, after);
      this.#place.pop();
    } else if (isIdentical(before, after)) this.looked += 1;
    else this.#note(step, after);
  }

  /** Of lists of one length each place is looked at, else the stretch between what both begin and end with is replaced. */
  #lists(before: JsonValue[], after: JsonValue[]): void {
    if (before.length === after.length) {
      for (let at = 0; at < after.length; at++) this.#step(at, before[at]!, after[at]!);
      return;
    }
    const shorter = Math.min(before.length, after.length);
    let [first, last] = [0, 0];
    while (first < shorter && isIdentical(before[first]!, after[first]!)) first += 1;
    while (
      last < shorter - first &&
      isIdentical(before[before.length - 1 - last]!, after[after.length - 1 - last]!)
    )
      last += 1;
    this.looked += first + last;
    this.#note([first, before.length - last], after.slice(first, after.length - last));
  }

  #note(last: FrameStep, value?: JsonValue): void {
    this.looked += 1;
    const place = [...this.#place, last];
    this.changes.push(value === undefined ? [place] : [place, value]);
  }
}

/** Whether taking fields away and adding others at the end makes one of the other: then their order comes out right. */
function hasSameOrder(before: JsonObject, after: JsonObject): boolean {
  const kept = Object.keys(before).filter((key) => Object.hasOwn(after, key));
  const keys = Object.keys(after);
  for (let at = 0; at < kept.length; at++) if (kept[at] !== keys[at]) return false;
  return true;
}

function memberOf(holder: Holder, step: string | number): Holder {
  return (holder as JsonObject)[step] as Holder;
}

/** "__proto__" is a name like any other. */
function setMember(holder: Holder, step: string | number, value: JsonValue): void {
  if (step !== '__proto__') (holder as JsonObject)[step] = value;
  else Object.defineProperty(holder, step, { value, writable: true, enumerable: true, configurable: true });
}
