/** So many bits that of the characters that went through nothing but the last three matters. */
const bits = 15;
const mask = (1 << bits) - 1;

/**
 * Finds which of many short texts stand in a long one, several times faster than a regular expression of as many
 * alternatives: one look into a table per character. `lists` gives the texts of each subject, three characters or more.
 */
export class HintFinder<T> {
  readonly #table = new Uint8Array(1 << bits);
  readonly #byStart = new Map<number, { hint: string; subject: T }[]>();

  constructor(subjects: readonly T[], hintsOf: (subject: T) => readonly string[]) {
    for (const subject of subjects) {
      for (const hint of hintsOf(subject)) {
        let start = 0;
        for (let at = 0; at < 3; at++) start = followed(start, hint.charCodeAt(at));
        this.#table[start] = 1;
        this.#byStart.set(start, [...(this.#byStart.get(start) ?? []), { hint, subject }]);
      }
    }
  }

  /** The subjects that have a text in this one, once each, until `take` returns true; whether it did. */
  some(text: string, take: (subject: T) => boolean): boolean {
    const table = this.#table;
    let seen: Set<T> | undefined;
    let last = followed(followed(0, text.charCodeAt(0)), text.charCodeAt(1));
    for (let at = 2; at < text.length; at++) {
      last = followed(last, text.charCodeAt(at));
      if (table[last] === 0) continue;
      for (const { hint, subject } of this.#byStart.get(last)!) {
        if (seen?.has(subject) || !text.startsWith(hint, at - 2)) continue;
        seen = (seen ?? new Set()).add(subject);
        if (take(subject)) return true;
      }
    }
    return false;
  }
}

function followed(last: number, code: number): number {
  return ((last << 5) ^ code) & mask;
}
