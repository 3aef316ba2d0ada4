import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agoPart } from '../../../src/parts/basics.tsx';
import { descriptionOf, twinOf } from '../../../src/parts/elsewhere/twin.ts';
import { healthPage } from '../../../src/parts/health/page.tsx';
import { boundedMarkdown, markdown } from '../../../src/parts/markdown/markdown.ts';
import { overviewPage } from '../../../src/parts/overview/page.tsx';
import { type Inside, part } from '../../../src/parts/part.ts';
import { builtAtUs } from '../../data/sample-action.ts';
import { type SampleName, sampleBook } from '../../data/sample-book.ts';

const print = (...inside: Inside[]) => markdown(part('div', {}, ...inside).children);

describe('parts as Markdown', () => {
  it('are headings, paragraphs, lists, tables and code', () => {
    const row = (tag: string, ...cells: string[]) =>
      part(
        'tr',
        {},
        cells.map((cell) => part(tag, {}, cell)),
      );
    expect(
      print(
        part('h1', {}, 'Title'),
        part(
          'p',
          {},
          'Some ',
          part('b', {}, 'strong'),
          ' words and a ',
          part('a', { href: 'runs.html' }, 'link'),
          '.',
        ),
        part('ul', {}, part('li', {}, 'one'), part('li', {}, 'two', part('ol', {}, part('li', {}, 'deep')))),
        part('table', {}, part('thead', {}, row('th', 'a', 'b')), part('tbody', {}, row('td', '1', '2|3'))),
        part('pre', {}, part('code', {}, 'x = `y`\n```\nz')),
        part('dl', {}, part('dt', {}, 'lr'), part('dd', {}, '0.1')),
      ),
    ).toBe(
      [
        '# Title',
        'Some **strong** words and a [link](runs.html).',
        '- one\n- two\n  1. deep',
        '| a | b |\n| --- | --- |\n| 1 | 2\\|3 |',
        '````\nx = `y`\n```\nz\n````',
        '- **lr**: 0.1',
      ].join('\n\n'),
    );
  });

  it('leave out what is for hands and eyes, and name charts', () => {
    expect(
      print(
        part('button', {}, 'Press'),
        part('p', { hidden: true }, 'never'),
        part('svg', { 'aria-hidden': 'true' }, part('path')),
        part('svg', { role: 'img', 'aria-label': 'Actions per day' }, part('text', {}, '12')),
        part('input', { value: 'x' }),
      ),
    ).toBe('\\[chart: Actions per day\\]');
  });

  it('part words that only a style sheet parts', () => {
    const words = part(
      'p',
      {},
      part('span', {}, 'degraded'),
      part('span', {}, 'every 30 minutes'),
      part('span', {}, ', late'),
    );
    expect(print(words)).toBe('degraded every 30 minutes, late');
    expect(print(part('p', {}, 'a_', part('wbr'), 'b.', part('wbr'), 'c'))).toBe('a_b.c');
  });

  it('say a time where pages say how long ago it was', () => {
    expect(print(part('p', {}, 'Seen ', agoPart(builtAtUs, builtAtUs + 60e6)))).toBe(
      'Seen 2026-11-20 16:30:00 UTC',
    );
  });

  it('hold recorded text as text: no heading, list, link, picture or tag comes of it', () => {
    for (const text of [
      '# a',
      '- a',
      '1. a',
      '> a',
      '<b>a</b>',
      '[a](b)',
      '![a](b)',
      '*a*',
      '_a_',
      '`a`',
      '~~a~~',
      '&lt;',
      '| a |',
      '---',
    ])
      expect(unescaped(print(part('p', {}, text))), text).not.toMatch(
        /^(?:#|[-+](?:\s|$)|\d+\.\s|>)|[<[`*~|]|(?<![\w])_|&lt;/,
      );
    expect(print(part('p', {}, 'snake_case and 1.5'))).toBe('snake_case and 1.5');
  });

  it('keeps fences and code closed, whatever is in them', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('`', '\n', 'a', ' ', '|', '~') }), (text) => {
        const fenced = print(part('pre', {}, text));
        if (fenced === '') return;
        const fence = /^`+/.exec(fenced)![0];
        expect(fenced.endsWith(`\n${fence}`)).toBe(true);
        expect(
          fenced
            .split('\n')
            .slice(1, -1)
            .some((line) => line.trim() === fence),
        ).toBe(false);
      }),
    );
  });

  it('are cut between blocks where they are too long', () => {
    const many = Array.from({ length: 100 }, (_, at) => part('p', {}, `paragraph ${at}`));
    const { text, whole } = boundedMarkdown(many, 200);
    expect(whole).toBe(false);
    expect(text.length).toBeLessThanOrEqual(200);
    expect(text).toMatch(/paragraph \d+$/);
    expect(boundedMarkdown(many.slice(0, 2), 200)).toEqual({
      text: 'paragraph 0\n\nparagraph 1',
      whole: true,
    });
  });
});

describe('the Markdown form of a page', () => {
  const place = { name: 'index', book: 'acme/atlas', up: '' };

  it.each<SampleName>(['empty', 'tiny', 'typical', 'hostile', 'silent', 'experiments'])(
    'has its heading and words, and nothing recorded as a mark: %s',
    (name) => {
      for (const page of [overviewPage, healthPage]) {
        const text = twinOf(page(sampleBook(name)), place);
        expect(text).toMatch(/^(?:[^#\n]*\n+)?# \S/m);
        expect(text.length).toBeLessThan(61_000);
        expect(text.replace(/```[\s\S]*?```|`[^`\n]+`/g, '')).not.toMatch(/(?<!\\)<\/?[a-z]/i);
        expect(text).toContain('[All pages as text](llms.txt)');
      }
    },
  );

  it('leads to the Markdown of other pages, and to the pages where only a script can answer', () => {
    const links = part(
      'p',
      {},
      [
        'runs.html',
        '../snapshots/a.html',
        'actions.html?action=x',
        'run.html',
        'run.html?run=x',
        'https://example.org/a.html',
      ].map((href) => part('a', { href }, href)),
    );
    const hrefs = [...twinOf(links, place).matchAll(/\]\(([^)]+)\)/g)].map(([, href]) => href);
    expect(hrefs.slice(0, 6)).toEqual([
      'runs.md',
      '../snapshots/a.md',
      'actions.html?action=x',
      'run.html',
      'run.html?run=x',
      'https://example.org/a.html',
    ]);
  });

  it('is described by its lead, without a mark and without an age', () => {
    const said = descriptionOf(overviewPage(sampleBook('typical')));
    expect(said).toMatch(/^[A-Z].*2026-11-20 16:\d\d:\d\d UTC/);
    expect(said).not.toMatch(/ ago|\*\*/);
    expect(said.length).toBeLessThanOrEqual(240);
  });
});

/** Text without the marks that are escaped. */
function unescaped(text: string): string {
  return text.replace(/\\./g, '').replaceAll('&amp;', '');
}
