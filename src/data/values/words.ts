import { shorten } from '../../../collector/base/format/words.ts';
import { foldText, textChange } from '../browser.ts';

/** A stretch of a changed text as a page prints it. */
export interface WordPart {
  kind: 'same' | 'removed' | 'added';
  text: string;
}

const maxSameChars = 40;
const maxChangedChars = 120;
const maxParts = 40;

/**
 * What changed in a text by words, long stretches that stayed the same folded to an ellipsis. Undefined where both texts
 * whole say more, and where so many places changed that nobody would read them.
 */
export function changedWords(before: string, after: string): WordPart[] | undefined {
  const parts = textChange(before, after);
  if (parts === undefined || parts.length > maxParts) return undefined;
  return parts.map(({ kind, text }, at) => {
    const plain = text.replace(/\s+/g, ' ');
    if (kind !== 'same') return { kind, text: shorten(plain, maxChangedChars) };
    const position = at === 0 ? 'first' : at === parts.length - 1 ? 'last' : 'between';
    return { kind, text: foldText(plain, maxSameChars, position) };
  });
}
