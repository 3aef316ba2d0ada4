/** When a site is built again. */
export interface RebuildTiming {
  /** How long the book must be quiet before it is built. */
  quietMs: number;
  /** A book that is never quiet is built after so many times that. */
  patience?: number;
  /** After a build that took a while it rests so many times as long. */
  rest?: number;
  /** How long what can wait does, and how many times as long as a build. */
  sometimeMs?: number;
  sometimeRest?: number;
}

/**
 * Builds again when it is wished, a moment after the last wish; never twice at once, and never so often that building is all
 * that is done. Wishes that come while it builds are one wish for the next time.
 */
export class Rebuilds {
  readonly #build: () => Promise<void>;
  readonly #timing: Required<RebuildTiming>;
  #timer: NodeJS.Timeout | undefined;
  #sometime: NodeJS.Timeout | undefined;
  #isBuilding = false;
  #isStopped = false;
  #wishedSince: number | undefined;
  #endedAt = 0;
  #tookMs = 0;

  constructor(build: () => Promise<void>, timing: RebuildTiming) {
    this.#build = build;
    this.#timing = { patience: 10, rest: 1, sometimeMs: 60_000, sometimeRest: 20, ...timing };
  }

  /** Builds for the first time. */
  async first<Result>(build: () => Promise<Result>): Promise<Result> {
    const result = await this.#timed(build);
    if (this.#wishedSince !== undefined) this.wish();
    return result;
  }

  /** Says that the book is another one now. */
  wish(): void {
    const now = performance.now();
    this.#wishedSince ??= now;
    if (this.#isBuilding || this.#isStopped) return;
    const { quietMs, patience, rest } = this.#timing;
    const patientUntil = this.#wishedSince + quietMs * patience;
    const at = Math.max(Math.min(now + quietMs, patientUntil), this.#endedAt + this.#tookMs * rest);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#run(), Math.max(0, at - now));
  }

  /** Says that what was built is older than the book, in what pages get in another way. */
  wishSometime(): void {
    if (this.#sometime !== undefined || this.#isStopped) return;
    const { sometimeMs, sometimeRest } = this.#timing;
    const restsUntil = this.#endedAt + this.#tookMs * sometimeRest;
    this.#sometime = setTimeout(() => this.wish(), Math.max(sometimeMs, restsUntil - performance.now()));
  }

  /** Builds no more. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#sometime);
  }

  async #run(): Promise<void> {
    await this.#timed(this.#build);
    if (this.#wishedSince !== undefined) this.wish();
  }

  async #timed<Result>(build: () => Promise<Result>): Promise<Result> {
    this.#isBuilding = true;
    this.#wishedSince = undefined;
    clearTimeout(this.#sometime);
    this.#sometime = undefined;
    const begun = performance.now();
    try {
      return await build();
    } finally {
      this.#endedAt = performance.now();
      this.#tookMs = this.#endedAt - begun;
      this.#isBuilding = false;
    }
  }
}
