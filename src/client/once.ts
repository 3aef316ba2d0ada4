/** Work that is asked for often and done once, the way it was asked for last. */
export class Once {
  #frame = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Does it with the next picture of the screen. */
  next(work: () => void): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(work);
  }

  /** Does it when nothing has asked for it for a moment. */
  later(work: () => void, waitMs = 150): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(work, waitMs);
  }

  /** Leaves undone what waits. */
  forget(): void {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
  }
}
