/** Lines of numbers that have the same names in the same order, and the same characters between them. */
export class PlainLine {
  /** What the numbers are called, in their order. */
  readonly names: readonly string[];
  /** The numbers of the line that was read last. */
  readonly numbers: Float64Array;
  /** What stands before each number, and behind the last. */
  readonly #pieces: readonly Buffer[];

  private constructor(names: readonly string[], pieces: readonly Buffer[]) {
    this.names = names;
    this.#pieces = pieces;
    this.numbers = new Float64Array(names.length);
  }

  /** What a line looks like that is one object of numbers; undefined for any other. `bytes` are those of a line that is JSON. */
  static of(bytes: Buffer): PlainLine | undefined {
    const names: string[] = [];
    const pieces: Buffer[] = [];
    for (let at = 0; ; ) {
      const from = at;
      at = skipSpaces(bytes, at);
      if (bytes[at] !== (names.length === 0 ? openBrace : comma)) {
        if (names.length === 0 || bytes[at] !== closeBrace) return undefined;
        return skipSpaces(bytes, at + 1) < bytes.length
          ? undefined
          : new PlainLine(names, [...pieces, Buffer.from(bytes.subarray(from))]);
      }
      at = skipSpaces(bytes, at + 1);
      const end = bytes[at] === quote ? bytes.indexOf(quote, at + 1) : -1;
      if (end === -1) return undefined;
      const name = bytes.toString('utf8', at + 1, end);
      // Objects have names that are numbers before all others, and a name that stands there twice once.
      if (!/^[^\\_\d]/.test(name) || name.includes('\\') || names.includes(name)) return undefined;
      at = skipSpaces(bytes, end + 1);
      if (bytes[at] !== colon) return undefined;
      at = skipSpaces(bytes, at + 1);
      names.push(name);
      pieces.push(Buffer.from(bytes.subarray(from, at)));
      const first = at;
      while (isOfNumber(bytes[at])) at++;
      if (at === first) return undefined;
    }
  }

  /** Reads a line that begins at `from` and looks so; gives where the next begins, -1 where it is none of these. */
  read(bytes: Buffer, from: number): number {
    const { numbers } = this;
    const pieces = this.#pieces;
    let at = from;
    for (let number = 0; number < numbers.length; number++) {
      const piece = pieces[number]!;
      for (let each = 0; each < piece.length; each++) if (bytes[at++] !== piece[each]) return -1;
      const first = at;
      let code = bytes[at]!;
      const isNegative = code === minus;
      if (isNegative) code = bytes[++at]!;
      const whole = at;
      let digits = 0;
      let isLong = false;
      for (; code >= zero && code <= nine; code = bytes[++at]!) digits = digits * 10 + (code - zero);
      if (at === whole || (at - whole > 1 && bytes[whole] === zero)) return -1;
      let length = at - whole;
      let scale = 0;
      if (code === point) {
        code = bytes[++at]!;
        const fraction = at;
        for (; code >= zero && code <= nine; code = bytes[++at]!) digits = digits * 10 + (code - zero);
        scale = at - fraction;
        if (scale === 0) return -1;
        length += scale;
      }
      if ((code | 0x20) === 0x65) {
        code = bytes[++at]!;
        if (code === minus || code === plus) code = bytes[++at]!;
        const power = at;
        while (code >= zero && code <= nine) code = bytes[++at]!;
        if (at === power) return -1;
        isLong = true;
      }
      // Up to fifteen digits and this power of ten are exact, and so is their quotient, rounded once as JSON.parse does.
      if (isLong || length > exactDigits) numbers[number] = Number(bytes.toString('latin1', first, at));
      else {
        const value = scale === 0 ? digits : digits / powers[scale]!;
        numbers[number] = isNegative ? -value : value;
      }
    }
    const end = pieces[numbers.length]!;
    for (let each = 0; each < end.length; each++) if (bytes[at++] !== end[each]) return -1;
    if (bytes[at] === carriageReturn) at += 1;
    return bytes[at] === newline ? at + 1 : -1;
  }
}

const [newline, carriageReturn, space, tab] = [0x0a, 0x0d, 0x20, 0x09];
const [quote, comma, colon, openBrace, closeBrace] = [0x22, 0x2c, 0x3a, 0x7b, 0x7d];
const [zero, nine, minus, plus, point] = [0x30, 0x39, 0x2d, 0x2b, 0x2e];
const exactDigits = 15;
const powers = Array.from({ length: exactDigits + 1 }, (_, exponent) => 10 ** exponent);

function skipSpaces(bytes: Buffer, from: number): number {
  let at = from;
  while (bytes[at] === space || bytes[at] === tab) at++;
  return at;
}

function isOfNumber(code: number | undefined): boolean {
  if (code === undefined) return false;
  return (
    (code >= zero && code <= nine) ||
    code === minus ||
    code === plus ||
    code === point ||
    (code | 0x20) === 0x65
  );
}
