import { formatCount } from '../../../collector/base/format/number.ts';
import { formatTime } from '../../../collector/base/format/time.ts';
import { plural, shorten } from '../../../collector/base/format/words.ts';
import type { Difference } from '../book/types.ts';
import { hasMembers, isExactNumber, jsonText } from '../browser.ts';
import { unitSign } from '../values/unit.ts';
import { type Json, leafView, timeOf } from '../values/value.ts';
import { changedWords, type WordPart } from '../values/words.ts';

/** A difference in the words a page prints. */
export interface DifferenceText {
  /** `gathered` stands for several of one list. */
  kind: Difference['kind'] | 'gathered';
  path: string;
  before: string | undefined;
  /** The recorded value, where the text shortens or rounds it. */
  beforeWhole: string | undefined;
  after: string | undefined;
  afterWhole: string | undefined;
  /** What changed in a text by words; stands in place of old and new. */
  words: WordPart[] | undefined;
  sign: string;
  amount: string;
}

const maxChars = 60;
const maxWholeChars = 2000;

/** One difference as a sentence: path, old, sign, new, amount; long values are shortened, the whole kept beside. */
export function differenceText(change: Difference): DifferenceText {
  if (change.kind === 'moved') return movedText(change);
  const key = lastKey(change.path);
  const [before, after] = texts(change, key);
  return {
    kind: change.kind,
    path: change.path === '' ? 'everything' : change.path,
    before,
    beforeWhole: wholeOf(change.before, before),
    after,
    afterWhole: wholeOf(change.after, after),
    words: wordsOf(change),
    sign: change.kind === 'added' ? '+' : change.kind === 'removed' ? '−' : '→',
    amount: amountOf(change, key),
  };
}

/** "core from place 3 to 1, api from 7 to 2, and 4 more": places counted from 1, as people do. */
function movedText({ path, moves = [], amount }: Difference): DifferenceText {
  const told = moves.slice(0, maxMoves).map(({ name, from, to }) => {
    const who = name === undefined ? 'one' : shorten(name.replace(/\s+/g, ' '), maxNameChars);
    return `${who} from place ${formatCount(from + 1)} to ${formatCount(to + 1)}`;
  });
  const count = Number.parseInt(amount ?? '', 10) || moves.length;
  const rest = count > told.length ? `, and ${formatCount(count - told.length)} more` : '';
  return {
    kind: 'moved',
    path: path === '' ? 'everything' : path,
    before: undefined,
    beforeWhole: undefined,
    after: `${told.join(', ')}${rest}`,
    afterWhole: undefined,
    words: undefined,
    sign: '',
    amount: `${amount} moved`,
  };
}

const maxMoves = 3;
const maxNameChars = 40;

function wordsOf({ kind, before, after }: Difference): WordPart[] | undefined {
  const isText = kind === 'changed' && typeof before === 'string' && typeof after === 'string';
  return isText ? changedWords(before, after) : undefined;
}

/** A value in one line: texts bare, numbers with the unit their name gives, objects and arrays by what they hold. */
export function valueText(value: Json | undefined, key = ''): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') {
    if (/^(?=.*\d)(?=.*[a-f])[0-9a-f]{32,128}$/.test(value)) return value.slice(0, 7);
    const timeUs = timeOf(value);
    if (timeUs !== undefined) return formatTime(timeUs);
    return value === '' ? 'empty text' : value.slice(0, maxWholeChars).replace(/\s+/g, ' ');
  }
  if (!hasMembers(value)) return leafView(value, key).text;
  if (Array.isArray(value)) return arrayText(value);
  return objectText(value, key);
}

/** Whether a path names what makes a snapshot itself (its id and time): it differs always and says nothing. */
export function isOwnIdentity(path: string): boolean {
  return path === 'snapshot_id' || path === 'timestamp' || path === 'system_state.timestamp';
}

/** Both sides as texts; where rounding makes them equal, as they were recorded. */
function texts(change: Difference, key: string): [string | undefined, string | undefined] {
  const before = change.kind === 'added' ? undefined : shorten(valueText(change.before, key), maxChars);
  const after = change.kind === 'removed' ? undefined : shorten(valueText(change.after, key), maxChars);
  if (before !== after) return [before, after];
  return [shorten(exactText(change.before, key), maxChars), shorten(exactText(change.after, key), maxChars)];
}

function amountOf(change: Difference, key: string): string {
  const { before, after } = change;
  // Of numbers beyond a double the amount was worked out from their digits.
  if (typeof before !== 'number' || typeof after !== 'number') return change.amount ?? '';
  const more = after - before;
  const size = leafView(Number(Math.abs(more).toPrecision(6)), key).text;
  const share = before === 0 ? Number.NaN : (more / Math.abs(before)) * 100;
  const percent =
    Math.abs(share) >= 0.05 && Math.abs(share) < 1000
      ? ` (${signed(share, Math.abs(share).toFixed(1))} %)`
      : '';
  return `${signed(more, size)}${percent}`;
}

function signed(value: number, text: string): string {
  return `${value < 0 ? '−' : '+'}${text.replace(/\.0+(?= |$)/, '')}`;
}

function arrayText(values: Json[]): string {
  if (values.length === 0) return 'none';
  const simple = !values.some(hasMembers);
  return simple && values.length <= 5
    ? values
        .map((value) =>
          typeof value === 'number' || isExactNumber(value) ? leafView(value, '').text : String(value),
        )
        .join(', ')
    : plural(values.length, 'entry', 'entries');
}

/** What a record holds in its simple fields, without what its own path already tells and without its times. */
function objectText(value: { [key: string]: Json }, key: string): string {
  const entries = Object.entries(value).slice(0, 20);
  if (entries.length === 0) return 'no fields';
  const simple = entries.filter(([, one]) => !hasMembers(one) && String(one) !== key);
  const timeless = simple.filter(([, one]) => typeof one !== 'string' || !/^\d{4}-\d\d-\d\dT/.test(one));
  const told = timeless.length > 0 ? timeless : simple;
  if (told.length === 0) return `{ ${entries.map(([name]) => name).join(', ')} }`;
  return told
    .map(([name, one]) => (name === 'name' ? valueText(one, name) : `${name} ${valueText(one, name)}`))
    .join(', ');
}

function wholeOf(value: Json | undefined, text: string | undefined): string | undefined {
  if (text === undefined || value === undefined) return undefined;
  const whole = recorded(value);
  return whole === text ? undefined : shorten(whole, maxWholeChars);
}

function recorded(value: Json | undefined): string {
  return typeof value === 'string' ? value : (jsonText(value) ?? 'nothing');
}

function exactText(value: Json | undefined, key: string): string {
  if (typeof value !== 'number') return recorded(value);
  const text = Number.isInteger(value) ? formatCount(value) : String(value);
  return `${text.replace('-', '−')}${unitSign(key)}`;
}

/** The name that a path ends with: of "a.load[0]" it is "load". */
export function lastKey(path: string): string {
  return /([^.[\]]+)(?:\[\d+\])?$/.exec(path)?.[1] ?? '';
}
