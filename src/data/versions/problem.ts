import { shorten } from '../../../collector/base/format/words.ts';
import { oneLine } from '../actions/text.ts';
import type { Finding } from './types.ts';

const maxChars = 240;

/** Why a version cannot be read, as a phrase in one line. */
export function problemText({ code, expected, found }: Finding): string {
  const text = code === 'python-only' ? found : `expected ${expected}, found ${found}`;
  return shorten(oneLine(text), maxChars);
}
