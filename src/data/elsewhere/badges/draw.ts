import { xmlText } from '../xml.ts';
import { type Badge, colorOf } from './badge.ts';
import { textWidth } from './text-width.ts';

const [height, size, padding] = [20, 11, 7];
const labelColor = '#3a404b';

/**
 * A badge as SVG. Where the reader has another font, the text is set to the width that was measured, so that it never
 * leaves its field; a reader that sees nothing is told all of it. White on black and on white: a badge stands on both.
 */
export function drawBadge(badge: Badge): string {
  const { label, message } = badge;
  const [left, right] = [label, message].map((text) => Math.round(textWidth(text, size) * 10) / 10) as [
    number,
    number,
  ];
  const [leftWidth, rightWidth] = [Math.ceil(left) + 2 * padding, Math.ceil(right) + 2 * padding];
  const width = leftWidth + rightWidth;
  const said = xmlText(`${label}: ${message}`);
  const text = (inside: string, long: number, at: number) =>
    `<text x="${round(at - long / 2)}" y="14" textLength="${long}" lengthAdjust="spacingAndGlyphs">${xmlText(inside)}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${said}">`,
    `<title>${said}</title>`,
    `<path fill="${labelColor}" d="M3 0h${leftWidth - 3}v20H3a3 3 0 0 1-3-3V3a3 3 0 0 1 3-3z"/>`,
    `<path fill="${colorOf(badge)}" d="M${leftWidth} 0h${rightWidth - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3H${leftWidth}z"/>`,
    `<g fill="#fff" font-family="Verdana,Geneva,DejaVu Sans,sans-serif" font-size="${size}" text-rendering="geometricPrecision">`,
    text(label, left, leftWidth / 2),
    text(message, right, leftWidth + rightWidth / 2),
    '</g></svg>\n',
  ].join('');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
