import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressParameters } from '../../src/client/actions/view-state.ts';
import { anchorIn, fragmentOf, placeIn, placeOfLink } from '../../src/client/address.ts';

describe('a place in a site that is one file', () => {
  it.each([
    ['#/', { page: 'index.html', search: '', anchor: '' }],
    ['#/runs', { page: 'runs.html', search: '', anchor: '' }],
    ['#/runs/a.b', { page: 'runs/a.b.html', search: '', anchor: '' }],
    ['#/runs?where=lr%3C1#chart', { page: 'runs.html', search: '?where=lr%3C1', anchor: '#chart' }],
    ['#/data/artifacts/a/0-x.png', { page: 'data/artifacts/a/0-x.png', search: '', anchor: '' }],
  ])('%s is named by its fragment, and names it', (fragment, place) => {
    expect(placeIn(fragment)).toEqual(place);
    expect(fragmentOf(place)).toBe(fragment);
  });

  it('is none on a site of many files', () => {
    for (const hash of ['', '#find', '#q=a/b', '#=', undefined]) expect(placeIn(hash)).toBeUndefined();
    expect([anchorIn('#find'), anchorIn('#/actions#find'), anchorIn('#/actions')]).toEqual([
      '#find',
      '#find',
      '',
    ]);
  });

  it('comes back from its fragment whatever a page is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (name) => {
        fc.pre(name.isWellFormed() && !name.includes('/'));
        const place = { page: `runs/${name}.html`, search: '?a=1', anchor: '#b' };
        expect(placeIn(fragmentOf(place))).toEqual(place);
        const href = `../runs/${encodeURIComponent(name)}.html?a=1#b`;
        expect(placeOfLink(href, 'snapshots/x.html')).toEqual(place);
      }),
    );
  });

  it('is what links mean from where they stand; addresses elsewhere are none', () => {
    expect(placeOfLink('index.html', 'runs.html')?.page).toBe('index.html');
    expect(placeOfLink('../actions.html?run=a#find', 'runs/a.html')).toEqual({
      page: 'actions.html',
      search: '?run=a',
      anchor: '#find',
    });
    for (const href of [
      'https://example.org/a.html',
      'mailto:a@b',
      'javascript:1',
      '/etc/passwd',
      '//host/a',
    ])
      expect(placeOfLink(href, 'index.html'), href).toBeUndefined();
  });

  it('says itself what is asked of its page', () => {
    expect(addressParameters('?status=failed', '#/actions').toString()).toBe('');
    expect(addressParameters('', '#/actions?status=failed#find').toString()).toBe('status=failed');
    expect(addressParameters('?status=failed', '#find').toString()).toBe('status=failed');
    expect(addressParameters('', '#status=failed').toString()).toBe('status=failed');
  });
});
