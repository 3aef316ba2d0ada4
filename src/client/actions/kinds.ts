import type { CodedTexts } from '../flat-columns.ts';
import type { Dictionary } from './dictionary.ts';

/** What rows have in common, as codes of dictionaries. */
export const kindParts = ['status', 'type', 'run', 'writer', 'word'] as const;
type KindPart = (typeof kindParts)[number];

/**
 * The kinds of rows there are. A million rows are of a few thousand kinds: all rows of one have the same status, type, run,
 * writer and word. Whatever is asked of these is asked of kinds and not of rows.
 */
export class RowKinds {
  /** The codes of each kind. */
  readonly codes: Record<KindPart, number[]> = { status: [], type: [], run: [], writer: [], word: [] };
  /** How many rows of each kind there are. */
  readonly counts: number[] = [];
  readonly #known = new Map<string, number>();

  size(): number {
    return this.counts.length;
  }

  /** Takes rows in and writes the kind of each into `to`. */
  take(
    parts: Record<KindPart, CodedTexts>,
    dictionaries: Record<KindPart, Pick<Dictionary, 'codeOf'>>,
    to: Uint32Array,
  ): void {
    const { codes, firsts } = combined(kindParts.map((part) => parts[part]));
    const codesOf = kindParts.map((part) =>
      parts[part].texts.map((text, code) => (code === 0 ? 0 : dictionaries[part].codeOf(text))),
    );
    const kinds = Uint32Array.from(firsts, (row) =>
      this.#kindOf(kindParts.map((part, at) => codesOf[at]![parts[part].codes[row]!]!)),
    );
    for (let row = 0; row < codes.length; row++) {
      const kind = kinds[codes[row]!]!;
      to[row] = kind;
      this.counts[kind]! += 1;
    }
  }

  #kindOf(codes: number[]): number {
    const key = codes.join(' ');
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    for (const [at, part] of kindParts.entries()) this.codes[part].push(codes[at]!);
    this.#known.set(key, this.counts.length);
    return this.counts.push(0) - 1;
  }
}

/** Up to so many combinations are looked up in a table. */
const largestTable = 1 << 20;

/** Numbers the combinations that occur in the rows of some columns; `firsts` are the first row of each. */
function combined(columns: readonly CodedTexts[]): { codes: Uint32Array; firsts: number[] } {
  let codes = columns[0]!.codes;
  let size = columns[0]!.texts.length;
  let firsts: number[] = [];
  for (const { codes: others, texts } of columns.slice(1)) {
    const pairs = numbering(size * texts.length);
    const next = new Uint32Array(codes.length);
    firsts = [];
    for (let row = 0; row < codes.length; row++) {
      const number = pairs(codes[row]! * texts.length + others[row]!);
      if (number === firsts.length) firsts.push(row);
      next[row] = number;
    }
    [codes, size] = [next, firsts.length];
  }
  return { codes, firsts };
}

/** Numbers keys in the order in which they are first asked for. */
function numbering(keys: number): (key: number) => number {
  let count = 0;
  if (keys > largestTable) {
    const numbers = new Map<number, number>();
    return (key) => {
      const known = numbers.get(key);
      if (known === undefined) numbers.set(key, count);
      return known ?? count++;
    };
  }
  const numbers = new Uint32Array(keys);
  return (key) => {
    if (numbers[key] === 0) numbers[key] = ++count;
    return numbers[key]! - 1;
  };
}
