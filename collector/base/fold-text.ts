/**
 * A stretch of text that stayed the same, folded to what stands next to a change, in whole words: "… by hand", "by hand …",
 * "by hand … we had". Unchanged where it has at most `most` letters.
 */
export function foldText(text: string, most: number, position: 'first' | 'between' | 'last'): string {
  if (text.length <= most) return text;
  const half = Math.max(4, Math.floor(most / 2));
  const start = position === 'first' ? '' : text.slice(0, half).replace(/(\s)\S*$/, '$1');
  const end = position === 'last' ? '' : text.slice(-half).replace(/^\S*(\s)/, '$1');
  return `${start.trimEnd().toWellFormed()}${start === '' ? '' : ' '}…${end === '' ? '' : ' '}${end.trimStart().toWellFormed()}`;
}
