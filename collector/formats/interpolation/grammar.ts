/** A text with interpolations: what stands as it is, and what is looked up. */
export type Piece = string | Interpolation;

/** `${a.b}`, `${..a[0]}`: a place in the configuration; `${oc.env:NAME,default}`: what a resolver says. */
export type Interpolation =
  | { kind: 'place'; dots: number; keys: Piece[] }
  | { kind: 'resolver'; name: Piece[]; args: Element[] };

/** What stands where a resolver takes an argument. `plain` texts of one piece may be numbers, booleans or null. */
export type Element =
  | { kind: 'plain' | 'quoted'; pieces: Piece[] }
  | { kind: 'list'; elements: Element[] }
  | { kind: 'map'; entries: [string, Element][] };

/** A text that is no interpolation as OmegaConf has them. */
export class InterpolationError extends Error {}

/** A value of a configuration, taken apart. @throws InterpolationError. Source: the grammar of OmegaConf 2.2. */
export function parseInterpolations(text: string): Piece[] {
  const scanner = { text, at: 0 };
  return readText(scanner);
}

/** A text as `oc.decode` takes it: one element. @throws InterpolationError. */
export function parseElement(text: string): Element {
  const scanner = { text, at: 0 };
  const element = readElement(scanner, '');
  if (scanner.at < text.length) throw unexpected(scanner);
  return element;
}

interface Scanner {
  text: string;
  at: number;
}

function unexpected({ text, at }: Scanner): InterpolationError {
  return new InterpolationError(
    at < text.length
      ? `"${text[at]}" at character ${at + 1} is not understood`
      : 'the end is missing, expected "}"',
  );
}

/** Up to the end, or behind the closing quote. Backslashes count only before an interpolation or that quote. */
function readText(scanner: Scanner, quote?: string): Piece[] {
  const pieces: Piece[] = [];
  while (scanner.at < scanner.text.length) {
    const slashes = countSlashes(scanner);
    const next = scanner.text[scanner.at + slashes];
    const opens = scanner.text.startsWith('${', scanner.at + slashes);
    if (slashes > 0 || opens || next === quote) {
      const counts = opens || (quote !== undefined && next === quote);
      add(pieces, '\\'.repeat(counts ? Math.floor(slashes / 2) : slashes));
      scanner.at += slashes;
      if (!counts) continue;
      if (slashes % 2 === 1) {
        const taken = opens ? '${' : quote!;
        add(pieces, taken);
        scanner.at += taken.length;
      } else if (opens) pieces.push(readInterpolation(scanner));
      else {
        scanner.at += 1;
        return pieces;
      }
    } else {
      add(pieces, scanner.text[scanner.at]!);
      scanner.at += 1;
    }
  }
  if (quote !== undefined) throw new InterpolationError(`the closing ${quote} is missing`);
  return pieces;
}

function countSlashes({ text, at }: Scanner): number {
  let end = at;
  while (text[end] === '\\') end += 1;
  return end - at;
}

function add(pieces: Piece[], text: string): void {
  const last = pieces.at(-1);
  if (text === '') return;
  if (typeof last === 'string') pieces[pieces.length - 1] = last + text;
  else pieces.push(text);
}

/** Nested interpolations call back here: texts nested deeper than this are nobody's configuration. */
const maxDepth = 50;
let depth = 0;

function readInterpolation(scanner: Scanner): Interpolation {
  if (depth >= maxDepth) throw new InterpolationError(`nested deeper than ${maxDepth} levels`);
  depth += 1;
  try {
    scanner.at += 2;
    skipBlanks(scanner);
    const start = scanner.at;
    const name = readDotted(scanner, resolverWord);
    skipBlanks(scanner);
    if (name !== undefined && scanner.text[scanner.at] === ':') {
      scanner.at += 1;
      return { kind: 'resolver', name, args: readSequence(scanner, '}') };
    }
    scanner.at = start;
    return readPlace(scanner);
  } finally {
    depth -= 1;
  }
}

const resolverWord = /[A-Za-z_][\w-]*/y;
const placeWord = /[^\\{}()[\]:. \t'"]+/y;

/** `name`, `name.name`, with interpolations in place of names; undefined where there is none. */
function readDotted(scanner: Scanner, word: RegExp): Piece[] | undefined {
  const pieces: Piece[] = [];
  for (;;) {
    const piece = readName(scanner, word);
    if (piece === undefined) return undefined;
    pieces.push(piece);
    if (scanner.text[scanner.at] !== '.') return pieces;
    scanner.at += 1;
  }
}

function readName(scanner: Scanner, word: RegExp): Piece | undefined {
  if (scanner.text.startsWith('${', scanner.at)) return readInterpolation(scanner);
  word.lastIndex = scanner.at;
  const found = word.exec(scanner.text)?.[0];
  if (found !== undefined) scanner.at += found.length;
  return found;
}

function readPlace(scanner: Scanner): Interpolation {
  let dots = 0;
  while (scanner.text[scanner.at] === '.') {
    dots += 1;
    scanner.at += 1;
  }
  const keys: Piece[] = [];
  for (;;) {
    const inBrackets = scanner.text[scanner.at] === '[';
    if (inBrackets) scanner.at += 1;
    const key = readName(scanner, placeWord);
    if (key === undefined) throw unexpected(scanner);
    keys.push(key);
    if (inBrackets) expect(scanner, ']');
    if (scanner.text[scanner.at] === '.') scanner.at += 1;
    else if (scanner.text[scanner.at] !== '[') break;
  }
  skipBlanks(scanner);
  expect(scanner, '}');
  return { kind: 'place', dots, keys };
}

/** Elements between commas, up to and with the closing bracket; one that is left out is an empty text. */
function readSequence(scanner: Scanner, close: string): Element[] {
  const elements: Element[] = [];
  skipBlanks(scanner);
  if (scanner.text[scanner.at] === close) {
    scanner.at += 1;
    return elements;
  }
  for (;;) {
    elements.push(readElement(scanner, `,${close}`));
    const at = scanner.text[scanner.at];
    if (at !== ',' && at !== close) throw unexpected(scanner);
    scanner.at += 1;
    if (at === close) return elements;
  }
}

function readElement(scanner: Scanner, ends: string): Element {
  skipBlanks(scanner);
  const first = scanner.text[scanner.at];
  let element: Element;
  if (first === "'" || first === '"') {
    scanner.at += 1;
    element = { kind: 'quoted', pieces: readText(scanner, first) };
  } else if (first === '[') {
    scanner.at += 1;
    element = { kind: 'list', elements: readSequence(scanner, ']') };
  } else if (first === '{') {
    scanner.at += 1;
    element = { kind: 'map', entries: readEntries(scanner) };
  } else return readPlain(scanner, ends);
  skipBlanks(scanner);
  return element;
}

function readEntries(scanner: Scanner): [string, Element][] {
  const entries: [string, Element][] = [];
  skipBlanks(scanner);
  if (scanner.text[scanner.at] === '}') {
    scanner.at += 1;
    return entries;
  }
  for (;;) {
    const { pieces } = readPlain(scanner, ':');
    const key = pieces.length === 1 ? pieces[0] : undefined;
    if (typeof key !== 'string') throw unexpected(scanner);
    expect(scanner, ':');
    entries.push([key, readElement(scanner, ',}')]);
    const at = scanner.text[scanner.at];
    if (at !== ',' && at !== '}') throw unexpected(scanner);
    scanner.at += 1;
    if (at === '}') return entries;
  }
}

const plainCharacter = /[A-Za-z0-9_/\-\\+.$%*@?|: \t]/;

/** Up to one of `ends`, without the blanks around it. What a backslash stands before is taken as it is. */
function readPlain(scanner: Scanner, ends: string): { kind: 'plain' | 'quoted'; pieces: Piece[] } {
  const pieces: Piece[] = [];
  let isEscaped = false;
  let blanks = '';
  skipBlanks(scanner);
  while (scanner.at < scanner.text.length && !ends.includes(scanner.text[scanner.at]!)) {
    const character = scanner.text[scanner.at]!;
    if (character === ' ' || character === '\t') {
      blanks += character;
      scanner.at += 1;
      continue;
    }
    add(pieces, blanks);
    blanks = '';
    if (scanner.text.startsWith('${', scanner.at)) pieces.push(readInterpolation(scanner));
    else if (character === '\\' && /[\\()[\]{}:=, \t]/.test(scanner.text[scanner.at + 1] ?? '')) {
      isEscaped = true;
      add(pieces, scanner.text[scanner.at + 1]!);
      scanner.at += 2;
    } else if (plainCharacter.test(character)) {
      add(pieces, character);
      scanner.at += 1;
    } else throw unexpected(scanner);
  }
  return { kind: isEscaped ? 'quoted' : 'plain', pieces };
}

function expect(scanner: Scanner, character: string): void {
  if (scanner.text[scanner.at] !== character) throw unexpected(scanner);
  scanner.at += 1;
}

function skipBlanks(scanner: Scanner): void {
  while (scanner.text[scanner.at] === ' ' || scanner.text[scanner.at] === '\t') scanner.at += 1;
}
