/** So many numbers stand together at least, and at most: what comes later costs no copy of what came before. */
const [leastRoom, mostRoom] = [256, 65_536];

/** Numbers that come one by one, in eight bytes each. */
export class NumberColumn {
  readonly #full: Float64Array[] = [];
  #open = new Float64Array(leastRoom);
  #used = 0;
  #before = 0;

  get length(): number {
    return this.#before + this.#used;
  }

  push(value: number): void {
    if (this.#used === this.#open.length) this.#goOn();
    this.#open[this.#used++] = value;
  }

  /** All of them. */
  numbers(): Float64Array {
    const all = new Float64Array(this.length);
    let at = 0;
    for (const part of this.#full) {
      all.set(part, at);
      at += part.length;
    }
    all.set(this.#open.subarray(0, this.#used), at);
    return all;
  }

  #goOn(): void {
    this.#full.push(this.#open);
    this.#before += this.#used;
    this.#open = new Float64Array(Math.min(mostRoom, this.#open.length * 2));
    this.#used = 0;
  }
}

/** Whether one of the numbers is less than the one before; what is missing is passed over. */
export function isFalling(numbers: Float64Array): boolean {
  let before = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < numbers.length; at++) {
    const each = numbers[at]!;
    if (each < before) return true;
    if (!Number.isNaN(each)) before = each;
  }
  return false;
}
