import { type ExactNumber, isExactNumber, isHeldByDouble, numberKey } from './json/exact-number.ts';
import { hasMembers, type JsonObject, type JsonValue } from './json/json.ts';

/**
 * Gives equal JSON values the same small number and different ones different numbers, whatever the order of their
 * keys. Each value is looked at once, however often it is asked for, and no depth exhausts the stack.
 */
export class ValueIds {
  readonly #simple = new Map<JsonValue, number>();
  readonly #shapes = new Map<string, number>();
  readonly #known = new Map<object, number>();
  #count = 0;

  /** How many different values there are so far: all numbers are below it. */
  get count(): number {
    return this.#count;
  }

  /** The number of a value. */
  of(value: JsonValue): number {
    return hasMembers(value) ? this.#ofNested(value) : this.#ofSimple(value);
  }

  #ofSimple(value: JsonValue): number {
    if (isExactNumber(value)) return this.#ofExact(value);
    const known = this.#simple.get(value);
    if (known !== undefined) return known;
    this.#simple.set(value, this.#count);
    return this.#count++;
  }

  /** Another spelling of a double is that double; other numbers are told apart by their digits. */
  #ofExact(value: ExactNumber): number {
    return isHeldByDouble(value) ? this.#ofSimple(value.valueOf()) : this.#ofShape(`#${numberKey(value)}`);
  }

  #ofNested(root: object): number {
    const open: object[] = [root];
    while (open.length > 0) {
      const value = open[open.length - 1]!;
      const depth = open.length;
      if (!this.#known.has(value)) this.#openMembers(value, open);
      if (open.length > depth) continue;
      open.pop();
      if (!this.#known.has(value)) this.#known.set(value, this.#ofShape(this.#shapeOf(value)));
    }
    return this.#known.get(root)!;
  }

  #openMembers(value: object, open: object[]): void {
    for (const member of Array.isArray(value) ? value : Object.values(value)) {
      if (hasMembers(member) && !this.#known.has(member)) open.push(member);
    }
  }

  /** A value written with the numbers of its members, all of which are known. */
  #shapeOf(value: object): string {
    let shape = Array.isArray(value) ? '[' : '{';
    if (Array.isArray(value)) {
      for (const member of value as JsonValue[]) shape += `${this.#ofMember(member)},`;
      return shape;
    }
    const object = value as JsonObject;
    const keys = Object.keys(object);
    if (keys.length > 1) keys.sort();
    for (const key of keys) shape += `${this.#ofSimple(key)}:${this.#ofMember(object[key]!)},`;
    return shape;
  }

  #ofMember(member: JsonValue): number {
    return hasMembers(member) ? this.#known.get(member)! : this.#ofSimple(member);
  }

  #ofShape(shape: string): number {
    const known = this.#shapes.get(shape);
    if (known !== undefined) return known;
    this.#shapes.set(shape, this.#count);
    return this.#count++;
  }
}
