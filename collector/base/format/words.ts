import { formatCount } from './number.ts';

const numberWords = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

/** A count and its noun: "1 snapshot", "12 snapshots". */
export function plural(count: number, noun: string, nouns = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : nouns}`;
}

/** A count in a sentence, small ones as words: "one snapshot", "nine snapshots", "12 snapshots". */
export function inWords(count: number, noun: string, nouns = `${noun}s`): string {
  return `${numberWords[count] ?? formatCount(count)} ${count === 1 ? noun : nouns}`;
}

/** The sentence with its first letter raised. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Beginning and end of a text that is too long for its place: "action_2025122…454420". */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  const letters = [...(text.length > 4 * most ? text.slice(0, 2 * most) + text.slice(-2 * most) : text)];
  if (letters.length <= most) return text;
  const tail = Math.floor((most - 1) / 3);
  return `${letters.slice(0, most - 1 - tail).join('')}…${letters.slice(letters.length - tail).join('')}`;
}
