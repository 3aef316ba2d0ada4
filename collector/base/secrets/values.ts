import { spacedPlaceholder } from './placeholders.ts';
import { endOfQuoted, endsAround, type Quote, quoteAt } from './quotes.ts';

/** A piece of a text. */
export interface Span {
  from: number;
  to: number;
}

/** A word of a command line or of a list such as `a=1&b=2`, from `from` on; quotes, escapes and `{{ … }}` are within it. */
export function wordAt(text: string, from: number, around: Quote | undefined, isQuery: boolean): Span {
  let at = from;
  while (at < text.length) {
    const char = text[at]!;
    if (isSpace(char) || isLineEnd(text, at, around) || endsAround(text, at, around)) break;
    if ((char === '&' || char === ';') && separates(text, at, isQuery)) break;
    if (isQuery && char === '#') break;
    const unit = unitAt(text, at);
    if (unit > at) at = unit;
    else if (char === '\\' && around === undefined && at + 1 < text.length && text[at + 1] !== '\n') at += 2;
    else if ((char === '"' || char === "'") && around?.mark !== char) {
      at = endOfQuoted(text, at + 1, { mark: char, depth: 0 }, around).after;
    } else at += 1;
  }
  return { from, to: Math.min(at, text.length) };
}

/** The rest of a line; `isShell` ends it before what separates commands, assignments and options. */
export function lineAt(text: string, from: number, around: Quote | undefined, isShell: boolean): Span {
  const stop = isShell ? shellStop : lineStop;
  let at = from;
  for (;;) {
    stop.lastIndex = at;
    const found = stop.exec(text);
    if (found === null) return trimmed(text, from, text.length);
    at = found.index;
    const mark = found[0];
    if (mark === '\n' || mark === '\r' || isShellMark(mark)) return trimmed(text, from, at);
    if (isLineEnd(text, at, around) || endsAround(text, at, around)) return trimmed(text, from, at);
    at += Math.max(1, mark.length);
  }
}

/** A text in quotes; where it is a word of a shell, what is glued to it belongs to it: `'it'\''s'`. */
export function quotedAt(
  text: string,
  from: number,
  quote: Quote & { end: number },
  around: Quote | undefined,
  isShell: boolean,
): Span & { after: number } {
  const triple = quote.mark.repeat(3);
  if (quote.depth === 0 && text.startsWith(triple, from)) {
    const end = text.indexOf(triple, from + 3);
    const to = end === -1 ? text.length : end;
    return { from: from + 3, to, after: Math.min(text.length, to + 3) };
  }
  let { end, after } = endOfQuoted(text, quote.end, quote, around);
  if (isShell && after > end && quote.depth === 0 && isGlued(text, after, around)) {
    // The whole word is the value then, with its quotes.
    const word = wordAt(text, after, around, false);
    return { from, to: word.to, after: word.to };
  }
  // A quote of YAML or SQL that is doubled stands for itself.
  while (!isShell && quote.depth === 0 && quote.mark === "'" && text[after] === "'" && after > end) {
    ({ end, after } = endOfQuoted(text, after + 1, quote, around));
  }
  return { from: quote.end, to: end, after };
}

/** A value of a connection string, up to the next `;`: it may hold spaces. */
export function connectionValueAt(text: string, from: number, around: Quote | undefined): Span {
  const line = lineAt(text, from, around, false);
  const end = text.indexOf(';', from);
  return end === -1 || end > line.to ? line : { from, to: end };
}

/** A list or map in brackets up to the bracket that closes it; undefined where none does. */
export function bracketsAt(text: string, from: number): Span | undefined {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const char = text[at]!;
    if (char === '[' || char === '{') depth += 1;
    else if (char === ']' || char === '}') {
      depth -= 1;
      if (depth === 0) return { from, to: at + 1 };
    } else if (char === '"' || char === "'" || char === '\\') {
      const quote = quoteAt(text, at);
      if (quote === undefined) continue;
      at = Math.max(at, endOfQuoted(text, quote.end, quote, undefined).after - 1);
    }
  }
  return undefined;
}

/** Where a placeholder ends that may hold spaces; the place itself where none stands there. */
export function unitAt(text: string, at: number): number {
  const char = text[at];
  if (char !== '‹' && char !== '{' && char !== '$' && char !== '<') return at;
  spacedPlaceholder.lastIndex = at;
  return spacedPlaceholder.test(text) ? spacedPlaceholder.lastIndex : at;
}

const lineStop = /\r|\n|(?<!\\)\\*["'`]|(?<!\\)\\+[nr]/g;
// Spaces are looked at where they begin only, so that a long row of them is read once.
const shellStop =
  /\r|\n|(?<!\\)\\*["'`]|(?<!\\)\\+[nr]|(?<![ \t])[ \t]+(?:--?[A-Za-z]|[A-Za-z_][\w.-]{0,60}=|&&|\|\|?(?=[ \t])|>)|[;&](?=[ \t]{0,4}(?:export )?[A-Za-z_][\w.-]{0,60}=)/g;

const isShellMark = (mark: string) => /^[ \t;&]/.test(mark);
const isSpace = (char: string) => char === ' ' || char === '\t' || char === '\n' || char === '\r';

/** In a quoted text `\n` ends a line as a line break does elsewhere. */
function isLineEnd(text: string, at: number, around: Quote | undefined): boolean {
  if (around === undefined || around.mark === "'" || text[at] !== '\\') return false;
  let slashes = 0;
  while (text[at + slashes] === '\\' && slashes < 16) slashes += 1;
  const next = text[at + slashes];
  return slashes === around.depth + 1 && (next === 'n' || next === 'r');
}

function separates(text: string, at: number, isQuery: boolean): boolean {
  if (isQuery && text[at] === '&') return true;
  return /^[;&](?:[\s;&]|$|[A-Za-z_][\w.-]{0,60}=)/.test(text.slice(at, at + 64));
}

function isGlued(text: string, at: number, around: Quote | undefined): boolean {
  return at < text.length && !/[\s,;&|)\]}>:<`]/.test(text[at]!) && !endsAround(text, at, around);
}

function trimmed(text: string, from: number, to: number): Span {
  let end = to;
  while (end > from && isSpace(text[end - 1]!)) end -= 1;
  return { from, to: end };
}
