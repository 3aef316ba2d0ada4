import { DaybookError } from '../base/errors.ts';
import { readSize } from '../formats/config/size.ts';

/** One option of a command: how help names it, and what a command gets of what was typed. */
export interface Option<Value> {
  short?: string | undefined;
  /** Name of the value in the help, e.g. "file"; absent for flags. */
  value?: string;
  /** True where it may be given more than once. */
  many?: true;
  description: string;
  /** What the command gets of all the texts that were given, in order; a flag was given where there is one. */
  read(given: readonly string[], name: string): Value;
}

/** Options by the name that is typed behind "--". */
export type Options = Readonly<Record<string, Option<unknown>>>;

/** What a command gets of its options: those that are declared, each of its type, and no other. */
export type ValuesOf<Declared extends Options> = {
  readonly [Name in keyof Declared]: Declared[Name] extends Option<infer Value> ? Value : never;
};

/** Given or not. */
export function flag(description: string, { short }: { short?: string } = {}): Option<boolean> {
  return { short, description, read: (given) => given.length > 0 };
}

/** A text; of several the last. */
export function text(
  value: string,
  description: string,
  { short }: { short?: string } = {},
): Option<string | undefined> {
  return { short, value, description, read: (given) => given.at(-1) };
}

/** Any number of texts, in the order given. */
export function texts(value: string, description: string): Option<readonly string[]> {
  return { value, many: true, description, read: (given) => given };
}

/** A whole number within bounds. */
export function count<const Otherwise extends number | undefined = undefined>(
  value: string,
  description: string,
  { short, least = 1, most, otherwise }: Bounds & { short?: string; otherwise?: Otherwise } = {},
): Option<number | Otherwise> {
  const read = (given: readonly string[], name: string) => {
    const last = given.at(-1);
    return last === undefined ? (otherwise as Otherwise) : parseCount(last, `--${name}`, { least, most });
  };
  return { short, value, description, read };
}

/** One of some words. */
export function oneOf<const Word extends string, const Otherwise extends Word | undefined = undefined>(
  value: string,
  words: readonly Word[],
  description: string,
  { otherwise }: { otherwise?: Otherwise } = {},
): Option<Word | Otherwise> {
  const read = (given: readonly string[], name: string) => {
    const last = given.at(-1);
    if (last === undefined) return otherwise as Otherwise;
    const found = words.find((word) => word === last);
    if (found !== undefined) return found;
    const known = words.join(', ');
    throw new DaybookError('usage', `Expected --${name} to be one of ${known}, found "${last}".`);
  };
  return { value, description, read };
}

interface Bounds {
  least?: number | undefined;
  most?: number | undefined;
}

/** A whole number from the command line. @throws DaybookError `usage` that shows what was given. */
export function parseCount(
  given: string,
  what: string,
  { least = 1, most = Number.MAX_SAFE_INTEGER }: Bounds = {},
): number {
  const number = Number(given);
  if (/^\d+$/.test(given) && number >= least && number <= most) return number;
  const upper = most === Number.MAX_SAFE_INTEGER ? ' upwards' : ` to ${most}`;
  throw new DaybookError(
    'usage',
    `Expected ${what} as a whole number from ${least}${upper}, found "${given}".`,
  );
}

/** A size in bytes from the command line: "64MB", "1.5 GiB", "500000"; K, M and G alone are of 1,024. @throws DaybookError `usage`. */
export function parseSize(given: string, what: string): number {
  const bytes = readSize(given);
  if (bytes !== undefined) return bytes;
  throw new DaybookError('usage', `Expected ${what} as a size from 4K upwards, found "${given}".`, {
    hint: 'For example: 64MB',
  });
}
