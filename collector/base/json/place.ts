/** Where a text stops being JSON: line and column from 1, what was expected there, and the line with a caret below the place. */
export interface JsonPlace {
  line: number;
  column: number;
  expected: string;
  excerpt: string;
}

/** Finds the first place at which a text is not JSON; undefined where it is. JSON.parse alone often does not say where. */
export function findJsonMistake(text: string): JsonPlace | undefined {
  const scanner = { text, at: 0, expected: '' };
  const whole = scanValue(scanner, 0) && scanEnd(scanner);
  return whole ? undefined : placeOf(text, Math.min(scanner.at, text.length), scanner.expected);
}

interface Scanner {
  text: string;
  at: number;
  expected: string;
}

/** Deeper than this no details are ever written, so the scanner need not go further. */
const deepest = 1000;

function scanValue(scanner: Scanner, depth: number): boolean {
  skipSpace(scanner);
  if (depth > deepest) return fail(scanner, `at most ${deepest} levels of nesting`);
  const character = scanner.text[scanner.at];
  if (character === '{') return scanItems(scanner, depth, '}', true);
  if (character === '[') return scanItems(scanner, depth, ']', false);
  if (character === '"') return scanString(scanner);
  return scanWord(scanner);
}

function scanItems(scanner: Scanner, depth: number, close: '}' | ']', named: boolean): boolean {
  scanner.at += 1;
  skipSpace(scanner);
  if (scanner.text[scanner.at] === close) return step(scanner);
  for (;;) {
    if (named && !scanName(scanner)) return false;
    if (!scanValue(scanner, depth + 1)) return false;
    skipSpace(scanner);
    if (scanner.text[scanner.at] === close) return step(scanner);
    if (scanner.text[scanner.at] !== ',') return fail(scanner, `"," or "${close}"`);
    scanner.at += 1;
  }
}

function scanName(scanner: Scanner): boolean {
  skipSpace(scanner);
  if (scanner.text[scanner.at] !== '"') return fail(scanner, 'a name in double quotes');
  if (!scanString(scanner)) return false;
  skipSpace(scanner);
  if (scanner.text[scanner.at] !== ':') return fail(scanner, '":"');
  return step(scanner);
}

function scanString(scanner: Scanner): boolean {
  const { text } = scanner;
  const openedAt = scanner.at;
  for (scanner.at += 1; scanner.at < text.length; scanner.at += 1) {
    const character = text[scanner.at]!;
    if (character === '"') return step(scanner);
    if (character < ' ') return fail(scanner, 'an escape such as \\n instead of a raw control character');
    if (character === '\\') {
      const known = /^(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.exec(text.slice(scanner.at + 1, scanner.at + 6));
      if (known === null) return fail(scanner, 'a known escape after "\\"');
      scanner.at += known[0].length;
    }
  }
  scanner.at = openedAt;
  return fail(scanner, 'a closing quote for the text that begins here');
}

function scanWord(scanner: Scanner): boolean {
  const word = /^(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/.exec(
    scanner.text.slice(scanner.at, scanner.at + 400),
  );
  if (word === null)
    return fail(scanner, 'a value (text in double quotes, number, true, false, null, { or [)');
  scanner.at += word[0].length;
  return true;
}

function scanEnd(scanner: Scanner): boolean {
  skipSpace(scanner);
  return scanner.at >= scanner.text.length || fail(scanner, 'the end');
}

function skipSpace(scanner: Scanner): void {
  while (' \t\n\r'.includes(scanner.text[scanner.at] ?? 'x')) scanner.at += 1;
}

function step(scanner: Scanner): true {
  scanner.at += 1;
  return true;
}

function fail(scanner: Scanner, expected: string): false {
  scanner.expected = expected;
  return false;
}

function placeOf(text: string, at: number, expected: string): JsonPlace {
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  const lineStart = before.lastIndexOf('\n') + 1;
  const lineEnd = text.indexOf('\n', at);
  const column = at - lineStart + 1;
  const from = Math.max(lineStart, at - 40);
  const shown = text
    .slice(from, Math.min(lineEnd < 0 ? text.length : lineEnd, at + 30))
    .replaceAll('\t', ' ');
  return { line, column, expected, excerpt: `${shown}\n${' '.repeat(at - from)}^` };
}
