import { type Letter, lettersOf } from './letters.ts';

type Color = readonly [red: number, green: number, blue: number];

const gap = 5;
const lineHeight = 20;

/** Pixels in memory, three bytes each, with what a small picture needs: fields and lines of text. */
export class Canvas {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;

  constructor(width: number, height: number, ground: string) {
    [this.width, this.height] = [width, height];
    this.pixels = new Uint8Array(width * height * 3);
    const ink = colorOf(ground);
    for (let at = 0; at < this.pixels.length; at++) this.pixels[at] = ink[at % 3]!;
  }

  /** Fills a field; edges between pixels are as strong as the part of the pixel that they cover. */
  field(x: number, y: number, width: number, height: number, color: string): void {
    const ink = colorOf(color);
    for (let row = Math.floor(y); row < Math.ceil(y + height); row++) {
      const down = Math.min(row + 1, y + height) - Math.max(row, y);
      for (let column = Math.floor(x); column < Math.ceil(x + width); column++) {
        const across = Math.min(column + 1, x + width) - Math.max(column, x);
        this.#blend(column, row, ink, down * across);
      }
    }
  }

  /** Writes a line of text whose large letters are `size` high and end above `y`; false where it has letters that are not known. */
  text(
    text: string,
    x: number,
    y: number,
    { size, color, weight }: { size: number; color: string; weight: number },
  ): boolean {
    const letters = lettersOf(text);
    if (letters === undefined) return false;
    const scale = size / lineHeight;
    let left = x;
    for (const letter of letters) {
      this.#letter(letter, left, y - size, scale, weight / 2, colorOf(color));
      left += (letter.width + gap) * scale;
    }
    return true;
  }

  /** Draws a letter at once, so that strokes that meet are no darker there. */
  #letter(
    { width, strokes }: Letter,
    left: number,
    top: number,
    scale: number,
    radius: number,
    ink: Color,
  ): void {
    const margin = radius + 2;
    const [fromX, fromY] = [Math.floor(left - margin), Math.floor(top - 2 * scale - margin)];
    const [across, down] = [Math.ceil(width * scale + 2 * margin + 2), Math.ceil(30 * scale + 2 * margin)];
    const cover = new Float32Array(across * down);
    for (const stroke of strokes) {
      for (let at = 0; at + 3 < stroke.length; at += 2) {
        const [ax, ay] = [left + stroke[at]! * scale - fromX, top + stroke[at + 1]! * scale - fromY];
        const [bx, by] = [left + stroke[at + 2]! * scale - fromX, top + stroke[at + 3]! * scale - fromY];
        coverLine(cover, across, down, [ax, ay, bx, by], radius);
      }
    }
    for (let row = 0; row < down; row++) {
      for (let column = 0; column < across; column++) {
        const strength = cover[row * across + column]!;
        if (strength > 0) this.#blend(fromX + column, fromY + row, ink, strength);
      }
    }
  }

  #blend(x: number, y: number, ink: Color, strength: number): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return;
    const at = (y * this.width + x) * 3;
    for (let part = 0; part < 3; part++) {
      const under = this.pixels[at + part]!;
      this.pixels[at + part] = Math.round(under + (ink[part]! - under) * strength);
    }
  }
}

/** How wide a line of text is; undefined where it has letters that are not known. */
export function lineWidth(text: string, size: number): number | undefined {
  const letters = lettersOf(text);
  if (letters === undefined) return undefined;
  return letters.reduce((sum, { width }) => sum + width + gap, -gap) * (size / lineHeight);
}

/** Marks the pixels of a line with round ends, each as strong as it lies within the radius. */
function coverLine(
  cover: Float32Array,
  across: number,
  down: number,
  [ax, ay, bx, by]: readonly [number, number, number, number],
  radius: number,
): void {
  const [dx, dy] = [bx - ax, by - ay];
  const long = dx * dx + dy * dy || 1;
  const reach = radius + 1;
  const [fromX, toX] = [
    Math.max(0, Math.floor(Math.min(ax, bx) - reach)),
    Math.min(across - 1, Math.ceil(Math.max(ax, bx) + reach)),
  ];
  const [fromY, toY] = [
    Math.max(0, Math.floor(Math.min(ay, by) - reach)),
    Math.min(down - 1, Math.ceil(Math.max(ay, by) + reach)),
  ];
  for (let y = fromY; y <= toY; y++) {
    for (let x = fromX; x <= toX; x++) {
      const [px, py] = [x + 0.5 - ax, y + 0.5 - ay];
      const t = Math.max(0, Math.min(1, (px * dx + py * dy) / long));
      const strength = radius + 0.5 - Math.hypot(px - t * dx, py - t * dy);
      const at = y * across + x;
      if (strength > cover[at]!) cover[at] = Math.min(1, strength);
    }
  }
}

function colorOf(text: string): Color {
  return [1, 3, 5].map((at) => Number.parseInt(text.slice(at, at + 2), 16)) as unknown as Color;
}
