import { resolvePlainScalar } from '../yaml/scalar.ts';

/** How a text stands in YAML: plain (""), or between single or double quotes. */
export type ScalarStyle = '' | "'" | '"';

const breaks = '\n\u0085\u2028\u2029';
const isBreak = (character: string | undefined) => character !== undefined && breaks.includes(character);

/** Words and numbers that OmegaConf puts into quotes, so that they stay texts: what Python's int() and float() take. */
const omegaBoolean =
  /^(?:y|Y|n|N|yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/;
const pythonNumber =
  /^\s*[-+]?(?:\p{Nd}(?:_?\p{Nd})*|(?:\p{Nd}(?:_?\p{Nd})*\.?(?:\p{Nd}(?:_?\p{Nd})*)?|\.\p{Nd}(?:_?\p{Nd})*)(?:e[-+]?\p{Nd}(?:_?\p{Nd})*)?|inf(?:inity)?|nan)\s*$/iu;

/** What PyYAML takes for something else than a text when it stands there without quotes. */
const otherPlain = /^(?:<<|=|[!&*])$/;

/** The style that OmegaConf and PyYAML choose for a text, as a key or as a value. */
export function chooseStyle(text: string, isKey: boolean): ScalarStyle {
  const { allowsPlain, allowsSingle, isMultiline } = analyze(text);
  const isQuoted = omegaBoolean.test(text) || pythonNumber.test(text);
  const { value, written } = resolvePlainScalar(text);
  const isText = value === text && written === undefined && !otherPlain.test(text);
  if (!isQuoted && isText && allowsPlain && !(isKey && (text === '' || isMultiline))) return '';
  return allowsSingle && !(isKey && isMultiline) ? "'" : '"';
}

interface Analysis {
  allowsPlain: boolean;
  allowsSingle: boolean;
  isMultiline: boolean;
}

const special = /[^\n\u0020-\u007e\u0085\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10fffe}]/u;

/** PyYAML's analysis of a text, as far as block style needs it. */
function analyze(text: string): Analysis {
  if (text === '') return { allowsPlain: true, allowsSingle: true, isMultiline: false };
  const isMultiline = /[\n\u0085\u2028\u2029]/.test(text);
  const hasIndicator =
    /^(?:---|\.\.\.)/.test(text) ||
    /^[#,[\]{}&*!|>'"%@`]/.test(text) ||
    /^[?:-](?:[\0 \t\r\n\u0085\u2028\u2029]|$)/.test(text) ||
    /:(?:[\0 \t\r\n\u0085\u2028\u2029]|$)/.test(text) ||
    /[\0 \t\r\n\u0085\u2028\u2029]#/.test(text);
  const hasOuterSpace = /^[ \n\u0085\u2028\u2029]|[ \n\u0085\u2028\u2029]$/.test(text);
  const hasBreakSpace = /[\n\u0085\u2028\u2029] /.test(text);
  const isSpecial = / [\n\u0085\u2028\u2029]/.test(text) || special.test(text);
  return {
    allowsPlain: !hasOuterSpace && !hasBreakSpace && !isSpecial && !isMultiline && !hasIndicator,
    allowsSingle: !hasBreakSpace && !isSpecial,
    isMultiline,
  };
}

const bestWidth = 80;

const escapes: Record<string, string> = {
  '\0': '0',
  '\x07': 'a',
  '\b': 'b',
  '\t': 't',
  '\n': 'n',
  '\v': 'v',
  '\f': 'f',
  '\r': 'r',
  '\x1b': 'e',
  '"': '"',
  '\\': '\\',
  '\u0085': 'N',
  '\u00a0': '_',
  '\u2028': 'L',
  '\u2029': 'P',
};

/** Writes YAML the way PyYAML's emitter does, which knows at each place the column and what stood before. Counts characters, not halves. */
export class PythonYamlWriter {
  text = '';
  #column = 0;
  /** Whether the last thing written was white space. */
  #isWhite = true;
  /** Whether nothing but indention and dashes stand on the line. */
  #isIndention = true;

  get isAtIndention(): boolean {
    return this.#isIndention;
  }

  /** "-", "?" and ":" (with `isIndention`, for what follows may stand on the same line), "{}" and "[]". */
  indicator(mark: string, isIndention = false): void {
    this.#write(this.#isWhite ? mark : ` ${mark}`);
    this.#isWhite = false;
    this.#isIndention &&= isIndention;
  }

  /** The colon behind a key. */
  colon(): void {
    this.#write(':');
    this.#isWhite = false;
    this.#isIndention = false;
  }

  startLine(indent: number): void {
    const isThere =
      this.#isIndention && (this.#column < indent || (this.#column === indent && this.#isWhite));
    if (!isThere) this.#break();
    if (this.#column < indent) {
      this.#isWhite = true;
      this.#write(' '.repeat(indent - this.#column));
    }
  }

  endLine(): void {
    if (this.#column > 0) this.#break();
  }

  scalar(text: string, style: ScalarStyle, { indent, isKey }: { indent: number; isKey: boolean }): void {
    const characters = [...text];
    if (style === '"') this.#double(characters, indent, !isKey);
    else if (style === "'") this.#single(characters, indent, !isKey);
    else if (text !== '') this.#plain(characters, indent, !isKey);
  }

  #plain(text: string[], indent: number, mayFold: boolean): void {
    if (!this.#isWhite) this.#write(' ');
    this.#enterText();
    let [start, isInSpaces] = [0, false];
    for (let end = 0; end <= text.length; end++) {
      const character = text[end];
      if (isInSpaces) {
        if (character === ' ') continue;
        if (start + 1 === end && this.#column > bestWidth && mayFold) {
          this.startLine(indent);
          this.#enterText();
        } else this.#write(text.slice(start, end).join(''));
        start = end;
      } else if (character === undefined || character === ' ') {
        this.#write(text.slice(start, end).join(''));
        start = end;
      }
      isInSpaces = character === ' ';
    }
  }

  #single(text: string[], indent: number, mayFold: boolean): void {
    this.indicator("'");
    let [start, isInSpaces, isInBreaks] = [0, false, false];
    for (let end = 0; end <= text.length; end++) {
      const character = text[end];
      if (isInSpaces) {
        if (character !== ' ') {
          const isOne = start + 1 === end && start !== 0 && end !== text.length;
          if (isOne && this.#column > bestWidth && mayFold) this.startLine(indent);
          else this.#write(text.slice(start, end).join(''));
          start = end;
        }
      } else if (isInBreaks) {
        if (!isBreak(character)) {
          if (text[start] === '\n') this.#break();
          for (const each of text.slice(start, end)) this.#break(each);
          this.startLine(indent);
          start = end;
        }
      } else if (character === undefined || character === ' ' || character === "'" || isBreak(character)) {
        if (start < end) this.#write(text.slice(start, end).join(''));
        start = end;
      }
      if (character === "'") {
        this.#write("''");
        start = end + 1;
      }
      if (character !== undefined) [isInSpaces, isInBreaks] = [character === ' ', isBreak(character)];
    }
    this.#closeQuote("'");
  }

  #double(text: string[], indent: number, mayFold: boolean): void {
    this.indicator('"');
    let start = 0;
    for (let end = 0; end <= text.length; end++) {
      const character = text[end];
      if (character === undefined || mustBeEscaped(character)) {
        if (start < end) this.#write(text.slice(start, end).join(''));
        start = end;
        if (character !== undefined) {
          this.#write(escaped(character));
          start = end + 1;
        }
      }
      const mayBreak = end > 0 && end < text.length - 1 && (character === ' ' || start >= end);
      if (mayBreak && this.#column + (end - start) > bestWidth && mayFold) {
        this.#write(`${text.slice(start, end).join('')}\\`);
        if (start < end) start = end;
        this.startLine(indent);
        this.#enterText();
        if (text[start] === ' ') this.#write('\\');
      }
    }
    this.#closeQuote('"');
  }

  #closeQuote(mark: string): void {
    this.#write(mark);
    this.#enterText();
  }

  #enterText(): void {
    this.#isWhite = false;
    this.#isIndention = false;
  }

  #break(mark = '\n'): void {
    this.#isWhite = true;
    this.#isIndention = true;
    this.text += mark;
    this.#column = 0;
  }

  #write(part: string): void {
    this.text += part;
    this.#column += [...part].length;
  }
}

function mustBeEscaped(character: string): boolean {
  if ('"\\\u0085\u2028\u2029\ufeff'.includes(character)) return true;
  return !/^[\u0020-\u007e\u00a0-\ud7ff\ue000-\ufffd]$/u.test(character);
}

function escaped(character: string): string {
  const known = escapes[character];
  if (known !== undefined) return `\\${known}`;
  const code = character.codePointAt(0)!;
  const [mark, width] = code <= 0xff ? ['x', 2] : code <= 0xffff ? ['u', 4] : ['U', 8];
  return `\\${mark}${code.toString(16).toUpperCase().padStart(Number(width), '0')}`;
}
