import fc from 'fast-check';
import { expect, it } from 'vitest';
import { html } from '../../src/parts/html.ts';
import { group, part } from '../../src/parts/part.ts';

const hostile = fc.string({
  unit: fc.constantFrom(
    '<',
    '>',
    '&',
    '"',
    "'",
    '/',
    '=',
    ' ',
    'a',
    ';',
    '#',
    'script',
    '\u202e',
    '\u0007',
    '\ud83d',
    '😀',
  ),
});

it('prints elements with their attributes and text, and closes what HTML does not close by itself', () => {
  const of = part(
    'p',
    { class: 'a', hidden: true, title: undefined, id: false, 'data-n': 0 },
    'x',
    part('br'),
    7,
    part('i'),
  );
  expect(html(of)).toBe('<p class="a" hidden data-n="0">x<br>7<i></i></p>');
});

it('prints what stands side by side without anything around it', () => {
  expect(html(part(group, null, 'a', part('b', {}, 'c'), false, undefined, '', ['d']))).toBe('a<b>c</b>d');
  expect(html(['a', undefined, part('b')])).toBe('a<b></b>');
  expect(part('p', {}, part(group, null, 'a', part(group, null, 'b'))).children).toEqual(['a', 'b']);
});

it('never lets a recorded text become markup, nor turn the direction of reading', () => {
  fc.assert(
    fc.property(hostile, hostile, (text, title) => {
      const printed = html(part('p', { title, 'data-key': title }, text, part('b', {}, text)));
      const found =
        /^<p(?: title(?:="([^"<>]*)")?)(?: data-key(?:="([^"<>]*)")?)>([^<>"]*)<b>([^<>"]*)<\/b><\/p>$/.exec(
          printed,
        );
      expect(found, printed).not.toBeNull();
      expect(printed).not.toMatch(/&(?!(?:amp|lt|gt|quot);)/);
      expect(`${found![1] ?? ''}${found![3]}${found![4]}`).not.toMatch(/[\u202e\u0007]/);
      expect(unescaped(found![2] ?? '')).toBe(title);
    }),
  );
});

function unescaped(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}
