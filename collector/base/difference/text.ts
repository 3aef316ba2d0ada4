import { ValueIds } from '../value-ids.ts';
import { alignLists } from './lists.ts';

/** A stretch of a text that both have, or that only the older or only the newer one has. */
export interface TextPart {
  kind: 'same' | 'removed' | 'added';
  text: string;
}

const longestWord = 40;

/** "1.2.0", "feature/login", "2026-01-03": one thing that is told whole. */
function isShortWord(text: string): boolean {
  return text.length <= longestWord && /^[\x21-\x7e]*$/.test(text);
}

/** What is longer between a common beginning and a common end is not compared by words. */
const maxChars = 200_000;
const maxTokens = 20_000;
const longestToken = 500;

/** Words, spaces and single marks; scripts without spaces letter by letter. */
const tokens =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]|(?:(?![\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}])[\p{L}\p{N}\p{M}_])+|\s+|./gsu;

/**
 * What changed in a text, by words: stretches in reading order, of which the same and the removed ones make up the
 * older text, the same and the added ones the newer. Undefined where the texts have too little in common for that to
 * say more than both of them whole. Takes time in proportion to the texts.
 */
export function textChange(before: string, after: string): TextPart[] | undefined {
  if (isShortWord(before) || isShortWord(after)) return undefined;
  const [start, end] = commonEnds(before, after);
  const middles = [before.slice(start, before.length - end), after.slice(start, after.length - end)] as const;
  const isHuge = middles[0].length + middles[1].length > maxChars;
  const [left, right] = isHuge ? [[], []] : [middles[0].match(tokens) ?? [], middles[1].match(tokens) ?? []];
  const parts = new PartList();
  parts.add('same', before.slice(0, start));
  if (isHuge || left.length + right.length > maxTokens) {
    parts.add('removed', middles[0]);
    parts.add('added', middles[1]);
  } else {
    addTokens(parts, left, right);
  }
  parts.add('same', before.slice(before.length - end));
  const told = parts.finish();
  return saysMore(told, before.length + after.length) ? told : undefined;
}

/** How many letters both begin and end with, in whole words unless words are very long. */
function commonEnds(before: string, after: string): [start: number, end: number] {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start += 1;
  start = toWordStart(start, (at) => splits(before, at) || splits(after, at));
  let end = 0;
  while (
    end < shorter - start &&
    before.charCodeAt(before.length - 1 - end) === after.charCodeAt(after.length - 1 - end)
  ) {
    end += 1;
  }
  end = toWordStart(end, (at) => splits(before, before.length - at) || splits(after, after.length - at));
  return [start, end];
}

/** The nearest smaller count at which no word is cut; texts without spaces are cut where their signs are whole. */
function toWordStart(count: number, cutsWord: (count: number) => boolean): number {
  let at = count;
  while (at > 0 && count - at < longestToken && cutsWord(at)) at -= 1;
  return at > 0 && cutsWord(at) ? Math.max(0, count - longestToken) : at;
}

/** Whether a cut there would split a word, a space, or a sign made of two halves. */
function splits(text: string, at: number): boolean {
  if (at <= 0 || at >= text.length) return false;
  const around = text.slice(at - 1, at + 1);
  return (
    /^(?:[\p{L}\p{N}\p{M}_\ud800-\udfff]{2}|\s{2}|.\p{M})$/su.test(around) || /^[\ud800-\udbff]/.test(around)
  );
}

function addTokens(parts: PartList, left: string[], right: string[]): void {
  const ids = new ValueIds();
  const idOf = (token: string) => ids.of(token);
  const { kept } = alignLists(Int32Array.from(left, idOf), Int32Array.from(right, idOf));
  let told = 0;
  for (let at = 0; at < left.length; at++) {
    const to = kept[at]!;
    if (to === -1) {
      parts.add('removed', left[at]!);
      continue;
    }
    for (; told < to; told++) parts.add('added', right[told]!);
    parts.add('same', left[at]!);
    told = to + 1;
  }
  for (; told < right.length; told++) parts.add('added', right[told]!);
}

/** Gathers parts; a space or comma alone between two changes belongs to both of them. */
class PartList {
  readonly #parts: TextPart[] = [];
  #removed = '';
  #added = '';
  /** What is the same since the last change, if it may yet turn out to lie between two changes. */
  #between = '';

  add(kind: TextPart['kind'], text: string): void {
    if (text === '') return;
    if (kind === 'same') {
      this.#between += text;
      if (!isThin(this.#between)) this.#endChange();
      return;
    }
    if (this.#removed !== '' || this.#added !== '') {
      this.#removed += this.#between;
      this.#added += this.#between;
    } else if (this.#between !== '') {
      this.#push('same', this.#between);
    }
    this.#between = '';
    if (kind === 'removed') this.#removed += text;
    else this.#added += text;
  }

  finish(): TextPart[] {
    this.#endChange();
    return this.#parts;
  }

  #endChange(): void {
    this.#push('removed', this.#removed);
    this.#push('added', this.#added);
    this.#push('same', this.#between);
    [this.#removed, this.#added, this.#between] = ['', '', ''];
  }

  #push(kind: TextPart['kind'], text: string): void {
    const last = this.#parts.at(-1);
    if (text === '') return;
    if (last?.kind === kind) last.text += text;
    else this.#parts.push({ kind, text });
  }
}

function isThin(text: string): boolean {
  return text.length <= 2 && /^[\s\p{P}]*$/u.test(text) && !text.includes('\n');
}

/** Less than a third in common, or nothing but marks and spaces: two whole texts are easier to read. */
function saysMore(parts: TextPart[], length: number): boolean {
  let same = 0;
  let words = false;
  for (const { kind, text } of parts) {
    if (kind !== 'same') continue;
    same += text.length;
    words ||= /[\p{L}\p{N}]/u.test(text);
  }
  return words && same * 2 >= length / 3;
}
