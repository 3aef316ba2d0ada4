import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const read = (path: string) => readFileSync(new URL(`../src/${path}`, import.meta.url), 'utf8');
const tokens = read('styles/tokens.css');

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
  const parts = [1, 3, 5].map((at) => Number.parseInt((colour ?? '').slice(at, at + 2), 16) / 255);
  const [red, green, blue] = parts.map((part) =>
    part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4,
  ) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
