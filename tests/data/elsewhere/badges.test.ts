import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { writeElsewhere } from '../../../src/build/elsewhere.ts';
import type { SiteBook } from '../../../src/data/book/types.ts';
import { badgeEndpoint, colorOf } from '../../../src/data/elsewhere/badges/badge.ts';
import { drawBadge } from '../../../src/data/elsewhere/badges/draw.ts';
import { badgesOf } from '../../../src/data/elsewhere/badges/list.ts';
import { textWidth } from '../../../src/data/elsewhere/badges/text-width.ts';
import { elsewherePageFacts } from '../../../src/data/elsewhere/page.ts';
import { noSettings } from '../../../src/data/elsewhere/settings.ts';
import { builtAtUs } from '../sample-action.ts';
import { sampleBook } from '../sample-book.ts';

const made: string[] = [];

afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const said = (book: SiteBook) =>
  Object.fromEntries(badgesOf(book).map(({ name, message, tone }) => [name, `${message} (${tone})`]));

describe('the badges of a book', () => {
  it('say when, and colour what was so at the build', () => {
    expect(said(sampleBook('typical'))).toMatchObject({
      health: 'operational, 2026-11-20 (good)',
      'last-snapshot': '2026-11-20 16:18 UTC (good)',
      'last-deployment': expect.stringMatching(/^(completed|failed|aborted), 2026-11-20 \d\d:\d\d UTC/),
      'action-train': expect.stringContaining('2026-11-20'),
    });
  });

  it('hold no age: the same book says the same a minute later, and tells by then that nothing came any more', () => {
    const book = sampleBook('typical');
    expect(said({ ...book, builtAtUs: builtAtUs + 60e6 })).toEqual(said(book));
    const stopped = { ...book.coverage!, newestUs: book.snapshots.at(-1)!.atUs };
    const later = {
      ...book,
      builtAtUs: builtAtUs + 30 * 86_400e6,
      coverage: { ...stopped, overdue: { fromUs: builtAtUs, toUs: builtAtUs + 30 * 86_400e6, missed: 1440 } },
    };
    expect(said(later)).toMatchObject({
      health: 'no snapshot since 2026-11-20 (bad)',
      'last-snapshot': '2026-11-20 16:18 UTC (bad)',
    });
  });

  it('are there for an empty book, too, so that no link breaks', () => {
    expect(said(sampleBook('empty'))).toEqual({
      health: 'no snapshot (idle)',
      'last-snapshot': 'none (idle)',
      'last-deployment': 'none recorded (idle)',
    });
  });

  it('show the field, the metric and the type that daybook.yaml chose, before the usual ones', () => {
    const book = {
      ...sampleBook('experiments'),
      fields: [
        { path: 'disk.used', value: 81.25, changes: 1, sinceUs: 0, sinceId: 'a' },
        { path: 'rail_status.deployment', value: 'blocked', changes: 1, sinceUs: 0, sinceId: 'a' },
      ],
    };
    const metric = Object.keys(book.runs.views[0]!.metrics)[0]!;
    const chosen = {
      ...book,
      elsewhere: {
        ...noSettings(),
        badges: [
          { field: 'disk.used', label: 'disk', name: 'disk', color: '#123456' },
          { field: 'rail_status.deployment' },
          { field: 'no.such.field' },
          { metric },
          { action: 'never seen' },
        ],
      },
    };
    const badges = badgesOf(chosen);
    expect(badges.slice(0, 5).map(({ name, label, message }) => [name, label, message])).toEqual([
      ['disk', 'disk', '81.25'],
      [expect.stringMatching(/^field-rail-status-deployment-[0-9a-f]{6}$/), 'deployment', 'blocked'],
      [expect.stringMatching(/^field-no-such-field-/), 'field', 'not recorded'],
      [`metric-${metric}`, metric, expect.stringMatching(/^[\d.e−-]+$/)],
      [expect.stringMatching(/^action-never-seen-/), 'never seen', 'none recorded'],
    ]);
    expect(badges[1]!.tone).toBe('warning');
    expect(badgeEndpoint(badges[0]!)).toEqual({
      schemaVersion: 1,
      label: 'disk',
      message: '81.25',
      color: '123456',
      cacheSeconds: 300,
    });
  });

  it('have names of their own, whatever types are called', () => {
    const types = ['a b', 'a-b', 'A B', 'ä', '', '../../x', 'x'.repeat(300)];
    const book = sampleBook('tiny');
    const lastOfTypes = types.map((type) => ({ type, status: 'failed' as const, atUs: builtAtUs }));
    const names = badgesOf({ ...book, actions: { ...book.actions, lastOfTypes } }).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toHaveLength(3 + types.length);
    for (const name of names) expect(name).toMatch(/^[a-z0-9-]{1,60}$/);
  });

  it('keeps to the endpoint schema of the service: a message, a colour without mark, isError where it failed', () => {
    for (const name of ['empty', 'typical', 'hostile', 'silent'] as const) {
      for (const badge of badgesOf(sampleBook(name))) {
        const endpoint = badgeEndpoint(badge);
        expect(endpoint).toMatchObject({ schemaVersion: 1, label: expect.any(String), cacheSeconds: 300 });
        expect(endpoint.message.length).toBeGreaterThan(0);
        expect(endpoint.color).toMatch(/^[0-9a-f]{6}$/);
        expect(endpoint.isError ?? false).toBe(badge.tone === 'bad');
      }
    }
  });
});

describe('the drawing of a badge', () => {
  const badge = { name: 'x', about: '', tone: 'good' } as const;

  it('is as wide as its texts, has a title, and fits texts to what was measured', () => {
    const svg = drawBadge({ ...badge, label: 'health', message: 'operational' });
    const [left, right] = [textWidth('health', 11), textWidth('operational', 11)];
    const width = Math.ceil(left) + Math.ceil(right) + 28;
    expect(svg).toContain(`width="${width}" height="20"`);
    expect(svg).toContain('role="img" aria-label="health: operational"');
    expect(svg).toContain('<title>health: operational</title>');
    expect(svg).toContain(`textLength="${Math.round(left * 10) / 10}"`);
  });

  it('holds recorded text as text alone, in well-formed XML', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (label, message) => {
        const svg = drawBadge({ ...badge, label, message });
        expect(svg).not.toMatch(/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/);
        expect(svg.match(/<[a-z]+/g)).toEqual(['<svg', '<title', '<path', '<path', '<g', '<text', '<text']);
        expect(Buffer.from(svg).toString('utf8')).toBe(svg);
      }),
    );
  });

  it('has colours on which white is read', () => {
    for (const tone of ['good', 'bad', 'warning', 'active', 'idle', 'ink'] as const)
      expect(contrastToWhite(colorOf({ tone })), tone).toBeGreaterThanOrEqual(4.5);
  });

  it('knows wide, narrow, marked and joined letters', () => {
    expect(textWidth('W', 10)).toBeGreaterThan(3 * textWidth('i', 10));
    expect(textWidth('é', 10)).toBe(textWidth('e', 10));
    expect(textWidth('e\u0301', 10)).toBe(textWidth('e', 10));
    expect(textWidth('日本', 10)).toBe(20);
    expect(textWidth('Ж', 10)).toBeGreaterThan(textWidth('ж', 10));
  });
});

describe('badges on disk', () => {
  it('are written once, linked while they say the same, and left out where the book says so', () => {
    const folder = mkdtempSync(join(tmpdir(), 'daybook-badges-'));
    made.push(folder);
    const build = (name: string, book: SiteBook) => {
      const out = join(folder, name);
      mkdirSync(out);
      writeElsewhere(book, { out, cache: join(folder, 'cache') });
      return out;
    };
    const book = sampleBook('typical');
    const [first, second] = [build('a', book), build('b', book)];
    const file = (site: string) => statSync(join(site, 'badges', 'health.svg'));
    expect(file(second)).toMatchObject({ ino: file(first).ino, mtimeMs: file(first).mtimeMs });
    const failing = { ...book.snapshots.at(-1)!, health: 'failing' as const };
    const third = build('c', { ...book, snapshots: [...book.snapshots.slice(0, -1), failing] });
    expect(file(third).ino).not.toBe(file(first).ino);
    expect(readFileSync(join(third, 'badges', 'health.svg'), 'utf8')).toContain('failing, 2026-11-20');
    expect(readFileSync(join(first, 'badges', 'health.svg'), 'utf8')).toContain('operational, 2026-11-20');
    const none = build('d', { ...book, elsewhere: { ...noSettings(), leaveOut: ['badges', 'feeds'] } });
    expect(readdirSync(none)).toEqual(expect.not.arrayContaining(['badges', 'feeds']));
  });

  it('are listed with Markdown that leads to where the site is', () => {
    const book = sampleBook('typical');
    const at = { ...book, elsewhere: { ...noSettings(), address: 'https://example.com/a/b/' } };
    const { badges, byService } = elsewherePageFacts(at);
    expect(badges[0]!.markdown).toBe(
      '[![health](https://example.com/a/b/badges/health.svg)](https://example.com/a/b/)',
    );
    expect(byService).toContain('url=https%3A%2F%2Fexample.com%2Fa%2Fb%2Fbadges%2Fhealth.json');
    expect(elsewherePageFacts(book).byService).toBeUndefined();
  });
});

function contrastToWhite(color: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05);
}
