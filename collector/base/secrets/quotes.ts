/** A quote as it stands in a text: `"`, or `\"` inside of a JSON string, or `\\\"` one level deeper. */
export interface Quote {
  mark: string;
  /** Backslashes before it. */
  depth: number;
}

const maxNested = 8;
/** Before the quotes of four levels. */
const maxSlashes = 15;

/** Which quotes are open at a place of a text; asked from left to right, each character is looked at once. */
export class OpenQuotes {
  readonly #text: string;
  readonly #open: Quote[] = [];
  readonly #marks = /(?<!\\)\\*(?:["'`]|\n)/g;
  #next: RegExpExecArray | null;

  constructor(text: string) {
    this.#text = text;
    this.#next = this.#marks.exec(text);
  }

  /** The innermost quote that is open at a place; places must not go back. */
  at(place: number): Quote | undefined {
    for (let next = this.#next; next !== null && next.index + next[0].length <= place; next = this.#next) {
      this.#take(next[0], next.index);
      this.#next = this.#marks.exec(this.#text);
    }
    return this.#open.at(-1);
  }

  #take(found: string, index: number): void {
    const mark = found.at(-1)!;
    if (mark === '\n') {
      this.#open.length = 0;
      return;
    }
    const depth = found.length - 1;
    const known = this.#open.findIndex((quote) => quote.mark === mark && quote.depth === depth);
    if (known !== -1) this.#open.length = known;
    // An apostrophe within a word quotes nothing.
    else if (mark === "'" && index > 0 && /\w/.test(this.#text[index - 1]!)) return;
    else if (this.#open.length < maxNested) this.#open.push({ mark, depth });
  }
}

/** Reads a quote that begins at a place: its backslashes and its mark. */
export function quoteAt(text: string, place: number): (Quote & { end: number }) | undefined {
  let at = place;
  while (text[at] === '\\' && at < place + maxSlashes) at += 1;
  const mark = text[at];
  return mark === '"' || mark === "'" || mark === '`' ? { mark, depth: at - place, end: at + 1 } : undefined;
}

/**
 * Where a quoted text that begins at `from` (behind its quote) ends: before its closing quote. Quotes that are escaped
 * deeper belong to it; the end of what is quoted around it ends it, too. Without either it is the end of the line.
 */
export function endOfQuoted(
  text: string,
  from: number,
  { mark, depth }: Quote,
  around: Quote | undefined,
): { end: number; after: number } {
  for (let at = from; at < text.length; at++) {
    const char = text[at]!;
    if (char === '\n') return { end: at, after: at };
    if (char !== '\\' && char !== mark && char !== around?.mark) continue;
    const found = at;
    while (text[at] === '\\') at += 1;
    const slashes = at - found;
    if (text[at] === mark && closes(slashes, depth, mark)) return { end: at - depth, after: at + 1 };
    const isOuter = text[at] === mark && slashes < depth;
    if (isOuter || endsAround(text, found, around)) return { end: found, after: found };
  }
  return { end: text.length, after: text.length };
}

/** Whether the quote around a text ends here. */
export function endsAround(text: string, at: number, around: Quote | undefined): boolean {
  if (around === undefined) return false;
  const quote = quoteAt(text, at);
  return quote !== undefined && quote.mark === around.mark && quote.depth <= around.depth;
}

/** In single quotes a backslash is a character like any other; elsewhere it escapes the quote behind it. */
function closes(slashes: number, depth: number, mark: string): boolean {
  if (depth > 0) return slashes === depth;
  return mark === "'" || slashes % 2 === 0;
}
