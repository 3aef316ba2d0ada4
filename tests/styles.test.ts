import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const read = (path: string) => readFileSync(new URL(`../src/${path}`, import.meta.url), 'utf8');
const tokens = read('styles/tokens.css');

/** How colours arrive at eyes without one kind of cone (Machado, Oliveira and Fernandes 2009), as matrices of linear light. */
const visions: Record<string, number[]> = {
  'full sight': [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritanopia: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
};

describe('tokens', () => {
  const light = valuesOf(tokens.slice(0, tokens.indexOf('@media')));
  const dark = valuesOf(tokens.slice(tokens.indexOf(':root[data-theme="dark"]')));
  const pairs = ['ink', 'ink-2', 'ink-3', 'good', 'bad', 'active', 'warning', 'idle'].flatMap((ink) =>
    ['paper', 'panel', 'sunken'].map((ground) => [ink, ground] as const),
  );
  const tinted = ['good', 'bad', 'active', 'warning', 'idle'].map((name) => [name, `${name}-tint`] as const);

  it.each([...pairs, ...tinted])('%s on %s can be read in both themes', (ink, ground) => {
    expect(contrast(light.get(ink), light.get(ground)), 'light').toBeGreaterThanOrEqual(4.5);
    expect(contrast(dark.get(ink), dark.get(ground)), 'dark').toBeGreaterThanOrEqual(4.5);
  });

  it('are the same dark theme by preference and by choice', () => {
    const preferred = valuesOf(
      tokens.slice(tokens.indexOf('@media screen and'), tokens.indexOf(':root[data-theme="light"] {')),
    );
    for (const [name, value] of preferred) expect(dark.get(name), name).toBe(value);
    expect(preferred.size).toBeGreaterThan(25);
  });
});

describe('the colours of curves', () => {
  const themes = {
    light: valuesOf(tokens.slice(0, tokens.indexOf('@media'))),
    dark: valuesOf(tokens.slice(tokens.indexOf(':root[data-theme="dark"]'))),
  };
  const coloursIn = (theme: keyof typeof themes) =>
    Array.from({ length: 8 }, (_, at) => themes[theme].get(`curve-${at}`) ?? 'missing');

  it.each(['light', 'dark'] as const)('stand out from the page in %s', (theme) => {
    for (const colour of coloursIn(theme)) {
      expect(colour).toMatch(/^#[0-9a-f]{6}$/);
      expect(contrast(colour, themes[theme].get('panel')), colour).toBeGreaterThanOrEqual(3);
    }
  });

  it.each(
    (['light', 'dark'] as const).flatMap((theme) =>
      Object.keys(visions).map((vision) => [theme, vision] as const),
    ),
  )('stay apart in %s for %s', (theme, vision) => {
    const seen = coloursIn(theme).map((colour) => perceived(colour, visions[vision]!));
    const distances = seen.flatMap((one, at) =>
      seen.slice(0, at).map((other) => Math.hypot(...one.map((part, axis) => part - other[axis]!))),
    );
    // In the units of OKLab a difference of 0.02 can just be seen.
    expect(Math.min(...distances)).toBeGreaterThan(0.06);
  });
});

describe('pages and parts', () => {
  const files = readdirSync(new URL('../src', import.meta.url), { recursive: true })
    .map((path) => String(path).replaceAll('\\', '/'))
    .filter((path) => /\.(?:astro|tsx)$/.test(path));

  it.each(files)('%s has no inline style, no clock and no markup from data', (path) => {
    const source = read(path);
    expect(source).not.toMatch(/\sstyle=|<style|Date\.now|new Date\(\)/);
    expect(source.replace(/set:html=\{(?:themeScript|html\(body\))\}/g, '')).not.toContain('set:html');
    expect(source).not.toMatch(/(?:href|src)=["'{`]+\/(?!\/)/);
  });
});

function valuesOf(css: string): Map<string, string> {
  return new Map(
    [...css.matchAll(/--([a-z0-9-]+):\s*(#[0-9a-f]{6});/g)].map(([, name, value]) => [
      name as string,
      value as string,
    ]),
  );
}

function contrast(a: string | undefined, b: string | undefined): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour: string | undefined): number {
  const [red, green, blue] = linear(colour) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function linear(colour: string | undefined): number[] {
  const parts = [1, 3, 5].map((at) => Number.parseInt((colour ?? '').slice(at, at + 2), 16) / 255);
  return parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
}

function perceived(colour: string, vision: number[]): number[] {
  const light = linear(colour);
  const [red, green, blue] = [0, 3, 6].map((row) =>
    Math.min(
      1,
      Math.max(
        0,
        light.reduce((sum, part, at) => sum + vision[row + at]! * part, 0),
      ),
    ),
  ) as [number, number, number];
  const long = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const medium = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const short = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  return [
    0.2104542553 * long + 0.793617785 * medium - 0.0040720468 * short,
    1.9779984951 * long - 2.428592205 * medium + 0.4505937099 * short,
    0.0259040371 * long + 0.7827717662 * medium - 0.808675766 * short,
  ];
}
