import { eastAsianWidth } from 'get-east-asian-width';
import { jsonText } from './json/text.ts';

/** Everything that could move the cursor, colour the screen or turn text around: C0, DEL, C1, bidi marks, invisible joiners, lone surrogates. */
const unsafeCharacters =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Letters of the West, all safe and one column wide: nearly every text, told without the costly rules for the others. */
const plainText = /^[\u0020-\u007e\u00a0-\u02ff]*$/;

const shortEscapes = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\u001b', '\\e'],
]);

/**
 * Recorded text on one line, safe to print: characters a terminal would act on are shown as escapes
 * ("\e[2J", "\u202e"). Recorded data is never sent to a terminal in any other way.
 */
export function visibleText(text: string): string {
  if (plainText.test(text)) return text;
  return text.replace(
    unsafeCharacters,
    (character) => shortEscapes.get(character) ?? unicodeEscape(character),
  );
}

/** Like visibleText, but line breaks stay and tabs become spaces: for blocks of several lines. */
export function visibleBlock(text: string): string {
  return text
    .split('\n')
    .map((line) => visibleText(line.replace(/\r$/, '').replaceAll('\t', '  ')))
    .join('\n');
}

/** A value as JSON that is safe to print and still parses to the same value; a negative `indent` means one line. */
export function visibleJson(value: unknown, indent = 2): string {
  const text = jsonText(value, Math.max(indent, 0)) ?? 'null';
  return text.replace(unsafeCharacters, (character) =>
    character === '\n' ? '\n' : unicodeEscape(character),
  );
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** How many columns a line of text takes on a terminal: wide characters count twice, combining marks not at all. */
export function textWidth(text: string): number {
  if (plainText.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/** Text cut to a width, with an ellipsis where something was cut off. */
export function ellipsis(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let taken = 0;
  let kept = '';
  for (const character of text) {
    taken += characterWidth(character);
    if (taken > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

const withoutWidth = /^[\p{Mn}\p{Me}\p{Cf}\p{Default_Ignorable_Code_Point}]$/u;

/** The marks of statuses and other signs, which every list has, are told without the tables of Unicode, which load slowly. */
const plainSigns = /^[\u2010-\u2027\u2030-\u205e\u2070-\u20cf\u2100-\u22ff\u2500-\u25f0\u270c-\u2727]$/;

function characterWidth(character: string): number {
  if (character <= '\u02ff' || plainSigns.test(character)) return 1;
  if (withoutWidth.test(character)) return 0;
  return eastAsianWidth(character.codePointAt(0)!);
}
