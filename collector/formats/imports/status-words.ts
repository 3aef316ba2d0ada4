import { displayStatusOf, knownStatusWords } from '../actions/status.ts';

/** Words of other programs for how something went, beyond those that records of Daybook have. */
const others: Readonly<Record<string, string>> = {
  ok: 'completed',
  pass: 'completed',
  succeeded: 'completed',
  successful: 'completed',
  info: 'completed',
  debug: 'completed',
  warn: 'completed',
  warning: 'completed',
  notice: 'completed',
  fail: 'failed',
  fatal: 'failed',
  critical: 'failed',
  down: 'failed',
  timed_out: 'failed',
  canceled: 'aborted',
  started: 'running',
  start: 'running',
  waiting: 'pending',
};

/** The word of Daybook for one of another program; the word itself where there is none: it is then shown as unknown. */
export function importedStatus(word: string): string {
  const plain = word.trim().toLowerCase();
  if (knownStatusWords.includes(plain)) return plain;
  const display = displayStatusOf(plain);
  return others[plain] ?? (display === 'unknown' ? word.trim().slice(0, 40) : display);
}

/** Whether a word says how something went. */
export function isStatusWord(word: string): boolean {
  return displayStatusOf(importedStatus(word)) !== 'unknown';
}
