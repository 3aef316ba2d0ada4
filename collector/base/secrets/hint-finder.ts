const tableSize = 4096;
const none: readonly never[] = [];

/**
 * Finds which of many short texts stand in a long one, several times faster than a regular expression of as many
 * alternatives: one look into a table per character. `lists` gives the texts of each subject, three characters or more.
 */
export class HintFinder<T> {
  readonly #table = new Uint8Array(tableSize);
  readonly #byStart = new Map<string, { hint: string; subject: T }[]>();

  constructor(subjects: readonly T[], hintsOf: (subject: T) => readonly string[]) {
    for (const subject of subjects) {
      for (const hint of hintsOf(subject)) {
        const start = hint.slice(0, 3);
        this.#table[slot(hint.charCodeAt(0), hint.charCodeAt(1), hint.charCodeAt(2))] = 1;
        this.#byStart.set(start, [...(this.#byStart.get(start) ?? none), { hint, subject }]);
      }
    }
  }

  /** The subjects that have a text in this one, once each, until `take` returns true; whether it did. */
  some(text: string, take: (subject: T) => boolean): boolean {
    const table = this.#table;
    let seen: Set<T> | undefined;
    let [one, two] = [text.charCodeAt(0), text.charCodeAt(1)];
    for (let at = 2; at < text.length; at++) {
      const three = text.charCodeAt(at);
      if (table[slot(one, two, three)] === 1) {
        for (const { hint, subject } of this.#byStart.get(text.slice(at - 2, at + 1)) ?? none) {
          if (seen?.has(subject) || !text.startsWith(hint, at - 2)) continue;
          seen = (seen ?? new Set()).add(subject);
          if (take(subject)) return true;
        }
      }
      one = two;
      two = three;
    }
    return false;
  }
}

function slot(one: number, two: number, three: number): number {
  return (one * 961 + two * 31 + three) & (tableSize - 1);
}
