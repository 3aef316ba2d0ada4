/** Room that is used again and again, for what is read, looked at and forgotten: what is never freed need not be collected. */
export class Scratch {
  #room = new Uint8Array(0);
  #used = 0;

  /** Bytes of any content; good until `reset`. */
  take(length: number): Uint8Array {
    if (this.#used + length > this.#room.length) {
      // What was taken before keeps the old room as long as it is in use.
      this.#room = new Uint8Array(Math.max(2 * this.#room.length, length));
      this.#used = 0;
    }
    this.#used += length;
    return this.#room.subarray(this.#used - length, this.#used);
  }

  /** Gives everything back. */
  reset(): void {
    this.#used = 0;
  }
}
