const mark: unique symbol = Symbol.for('daybook.exact-number') as never;

/**
 * A number with the characters it was written in, where a JavaScript number would not give them back: more digits than
 * a double holds (9007199254740993), more size (1e400), or another spelling (1.0, -0.0, 1E5). It counts as the nearest
 * double in arithmetic and comparisons, is its own characters as a text, and JSON.stringify writes it as it was.
 */
export class ExactNumber {
  /** As JSON spells it. */
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  valueOf(): number {
    return Number(this.text);
  }

  toString(): string {
    return this.text;
  }

  toJSON(): unknown {
    return rawJson === undefined ? this.valueOf() : rawJson(this.text);
  }

  // By a mark instead of `instanceof`: the site and the library may each bring a copy of this class.
  get [mark](): true {
    return true;
  }
}

/** Browsers before 2025 have none: there texts are shown as they were read, and only what a page writes again is rounded. */
const rawJson = (JSON as unknown as { rawJSON?: (text: string) => unknown }).rawJSON?.bind(JSON);

/** Whether a value is a number with characters of its own. */
export function isExactNumber(value: unknown): value is ExactNumber {
  return typeof value === 'object' && value !== null && (value as { [mark]?: true })[mark] === true;
}

/** A number of JSON: a JavaScript number where that gives the same characters back. */
export function exactNumber(text: string): number | ExactNumber {
  const value = Number(text);
  return String(value) === text ? value : new ExactNumber(text);
}

/** A recorded number as a double, for charts, sorting and sums; undefined for anything else. */
export function numberIn(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return isExactNumber(value) ? value.valueOf() : undefined;
}

/** Whether two numbers are one number, however they are spelled: 1.0 and 1 are, 9007199254740993 and …992 are not, nor 0 and -0. */
export function isSameNumber(one: number | ExactNumber, other: number | ExactNumber): boolean {
  if (typeof one === 'number' && typeof other === 'number') return Object.is(one, other);
  return numberKey(one) === numberKey(other);
}

/** Whether a double holds the number itself, so that only its spelling is lost with the characters. */
export function isHeldByDouble(value: ExactNumber): boolean {
  return numberKey(value) === numberKey(value.valueOf());
}

/** The same characters for every spelling of one number, whatever its size: "12e1" for 120, 120.0 and 1.2e2. */
export function numberKey(value: number | ExactNumber): string {
  const parts = Object.is(value, -0) ? undefined : partsOf(value);
  if (parts === undefined) return Object.is(value, -0) ? '-0' : String(value);
  const bare = parts.digits.replace(/0+$/, '');
  if (bare === '') return `${parts.sign}0`;
  return `${parts.sign}${bare}e${parts.power + BigInt(parts.digits.length - bare.length)}`;
}

/** Sizes so far apart that the smaller one is nothing beside the larger. */
const farApart = 400n;

/** How much a number changed, exactly where doubles would say nothing: 1 from 9007199254740992 to 9007199254740993. */
export function changeBetween(before: number | ExactNumber, after: number | ExactNumber): number {
  const rough = Number(after) - Number(before);
  const [from, to] = [partsOf(before), partsOf(after)];
  if ((typeof before === 'number' && typeof after === 'number') || from === undefined || to === undefined)
    return rough;
  const apart = from.power - to.power;
  if (apart > farApart || apart < -farApart) return rough;
  const power = apart > 0n ? to.power : from.power;
  const scaled = ({ sign, digits, power: own }: NumberParts) =>
    BigInt(`${digits}${'0'.repeat(Number(own - power))}`) * (sign === '' ? 1n : -1n);
  return Number(`${scaled(to) - scaled(from)}e${power}`);
}

interface NumberParts {
  sign: string;
  /** Without zeros before them; none for 0. */
  digits: string;
  /** What the digits are to be multiplied with, as a power of ten. */
  power: bigint;
}

/** Undefined for NaN and the infinities. */
function partsOf(value: number | ExactNumber): NumberParts | undefined {
  const match = /^(-?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(String(value));
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = '', power = '0'] = match;
  const digits = (whole + fraction).replace(/^0+/, '');
  return { sign, digits, power: BigInt(power.replace('+', '')) - BigInt(fraction.length) };
}
