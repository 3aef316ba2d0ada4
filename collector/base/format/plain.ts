const hidden =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/**
 * Text without control characters, halves of characters and marks that turn the direction of reading, so that it looks
 * like what it is. Marks that only help a line of mixed scripts along (U+200E, U+200F, U+061C) stay.
 */
export function plainText(text: string): string {
  return text.replace(hidden, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : '\ufffd';
  });
}

/** Attributes that a person gets to read or to hear. */
export const readAttributes: ReadonlySet<string> = new Set([
  'title',
  'aria-label',
  'aria-description',
  'aria-valuetext',
  'alt',
  'label',
  'placeholder',
]);
