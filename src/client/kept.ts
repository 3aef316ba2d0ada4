/** What is loaded by key: each key once at a time, the ones used last are kept, and what failed is tried again. */
export class Kept<Key, Value> {
  readonly #load: (key: Key) => Promise<Value>;
  readonly #max: number;
  readonly #known = new Map<Key, Promise<Value>>();

  constructor(load: (key: Key) => Promise<Value>, max = Number.POSITIVE_INFINITY) {
    this.#load = load;
    this.#max = max;
  }

  /** The value of a key: the one that is there or on its way, or else loaded now. */
  get(key: Key): Promise<Value> {
    const value = this.#known.get(key) ?? this.#load(key);
    this.#known.delete(key);
    this.#known.set(key, value);
    if (this.#known.size > this.#max) this.#known.delete(this.#known.keys().next().value!);
    value.catch(() => {
      if (this.#known.get(key) === value) this.#known.delete(key);
    });
    return value;
  }
}
