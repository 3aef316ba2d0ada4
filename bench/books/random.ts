/** A source of random numbers and of what is drawn with them; the same for a seed, everywhere. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 to below 1. */
  number(): number {
    // Mulberry32: four operations a number, and good enough that nothing in a book repeats by its period.
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** From 0 to below `end`. */
  below(end: number): number {
    return Math.floor(this.number() * end);
  }

  isWithin(share: number): boolean {
    return this.number() < share;
  }

  one<Value>(values: readonly Value[]): Value {
    return values[this.below(values.length)]!;
  }

  /** One of the values, as often as their weights say. */
  weighted<Value>(values: readonly (readonly [Value, number])[]): Value {
    let at = this.number() * values.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [value, weight] of values) {
      at -= weight;
      if (at < 0) return value;
    }
    return values[values.length - 1]![0];
  }

  hex(length: number): string {
    let text = '';
    while (text.length < length)
      text += this.below(2 ** 32)
        .toString(16)
        .padStart(8, '0');
    return text.slice(0, length);
  }

  /** A value between quantiles that were measured: [share, value], from share 0 to 1, both rising. */
  quantile(measured: readonly (readonly [number, number])[]): number {
    const share = this.number();
    const above = measured.findIndex(([at]) => at > share);
    const [from, low] = measured[above - 1]!;
    const [to, high] = measured[above]!;
    return low + ((share - from) / (to - from)) * (high - low);
  }
}
