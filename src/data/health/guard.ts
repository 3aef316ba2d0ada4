import type { Finding } from '../../../collector/formats/findings/finding.ts';

/** A part of the site whose records could not be read or published. */
export interface Trouble {
  part: SitePart;
  why: string;
}

/** What a page may be about. */
export type SitePart = 'actions' | 'snapshots' | 'runs' | 'versions' | 'schedule' | 'code';

const places: Record<SitePart, string> = {
  actions: 'snapshots/action_log.jsonl',
  snapshots: 'snapshots',
  runs: '.',
  versions: 'snapshots/store',
  schedule: 'daybook.yaml',
  code: '.',
};

/**
 * Keeps the parts of a build apart: nothing found in a book may fail the whole. What one part throws becomes a finding, and
 * the pages of that part say so; all others are whole.
 */
export class Guard {
  readonly troubles: Trouble[] = [];

  /** The result of `work`, or of `instead` where that throws. @throws what the disk says, which is no fault of the book. */
  async run<Result>(
    part: SitePart,
    work: () => Result | Promise<Result>,
    instead: () => Result | Promise<Result>,
  ): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      this.#note(part, error);
      return instead();
    }
  }

  /** The same for what is asked for while pages are rendered. */
  runNow<Result>(part: SitePart, work: () => Result, instead: Result): Result {
    try {
      return work();
    } catch (error) {
      this.#note(part, error);
      return instead;
    }
  }

  findings(): Finding[] {
    return this.troubles.map(({ part, why }) => ({
      code: 'unshown',
      severity: 'error',
      file: places[part],
      expected: `${part} that can be shown`,
      found: why,
      hint: 'All other pages are whole. `daybook doctor` may say which file it is; move that away or correct it.',
    }));
  }

  #note(part: SitePart, error: unknown): void {
    if (isOfTheDisk(error)) throw error;
    const why = reasonOf(error);
    if (!this.troubles.some((known) => known.part === part && known.why === why))
      this.troubles.push({ part, why });
  }
}

const diskCodes = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'disk-full']);

/** Whether an error says that the disk cannot be written, which no other part of a build would escape. */
export function isOfTheDisk(error: unknown): boolean {
  return error instanceof Error && 'code' in error && diskCodes.has(String(error.code));
}

/** The first line of what an error says. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n')[0]!.slice(0, 300) || 'an error without a reason';
}
