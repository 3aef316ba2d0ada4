/** A piece of a condition. */
export interface FilterToken {
  kind: 'word' | 'operator' | 'open' | 'close' | 'and' | 'or' | 'not' | 'end' | 'open-quote';
  /** Without its quotes. */
  text: string;
  /** Whether any part of it was in quotes. */
  quoted: boolean;
  /** Where it begins, in characters from 0. */
  at: number;
}

const space = /\s/;
const ends = new Set(['(', ')', '=', '!', '<', '>', '~', '"', "'"]);
const keywords = new Map<string, FilterToken['kind']>([
  ['and', 'and'],
  ['or', 'or'],
  ['not', 'not'],
  ['&&', 'and'],
  ['||', 'or'],
]);

/** Cuts a condition into pieces; the last one is always the end. Takes time in proportion to the text. */
export function filterTokens(text: string): FilterToken[] {
  const tokens: FilterToken[] = [];
  let at = 0;
  while (at < text.length) {
    if (space.test(text[at]!)) {
      at += 1;
      continue;
    }
    const token = tokenAt(text, at);
    tokens.push(token.token);
    at = token.end;
  }
  tokens.push({ kind: 'end', text: '', quoted: false, at: text.length });
  return tokens;
}

function tokenAt(text: string, at: number): { token: FilterToken; end: number } {
  const character = text[at]!;
  const one = (kind: FilterToken['kind'], length = 1, as = text.slice(at, at + length)) => ({
    token: { kind, text: as, quoted: false, at },
    end: at + length,
  });
  if (character === '(') return one('open');
  if (character === ')') return one('close');
  if (character === '~') return one('operator');
  if (character === '=') return text[at + 1] === '=' ? one('operator', 2, '=') : one('operator');
  if (character === '<' || character === '>') return one('operator', text[at + 1] === '=' ? 2 : 1);
  if (character === '!') return text[at + 1] === '=' ? one('operator', 2) : one('not');
  return wordAt(text, at);
}

/** A word: letters and signs, and parts in quotes, in which a backslash takes the next character as it is. */
function wordAt(text: string, start: number): { token: FilterToken; end: number } {
  let word = '';
  let quoted = false;
  let at = start;
  while (at < text.length) {
    const character = text[at]!;
    if (character !== '"' && character !== "'") {
      if (space.test(character) || ends.has(character)) break;
      word += character;
      at += 1;
      continue;
    }
    quoted = true;
    for (at += 1; at < text.length && text[at] !== character; at += 1) {
      if (text[at] === '\\' && at + 1 < text.length) at += 1;
      word += text[at];
    }
    if (at >= text.length) {
      return { token: { kind: 'open-quote', text: word, quoted, at: start }, end: at };
    }
    at += 1;
  }
  const keyword = quoted ? undefined : keywords.get(word.toLowerCase());
  return { token: { kind: keyword ?? 'word', text: word, quoted, at: start }, end: at };
}
