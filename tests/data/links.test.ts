import { describe, expect, it } from 'vitest';
import { actionHref, commitHref, safeHref, snapshotHref } from '../../src/data/links.ts';

describe('safeHref', () => {
  it.each([
    'https://example.org/a?b=c#d',
    'http://localhost:8080/',
    '../up.html',
    './here',
    'runs/1/plot.png',
    '#part',
  ])('lets %s pass', (address) => {
    expect(safeHref(address)).toBe(address);
  });

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    ' javascript:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    '//evil.example',
    'https://',
    'vbscript:x',
    '"onmouseover="',
    '\\\\host\\share',
    '',
  ])('refuses %j', (address) => {
    expect(safeHref(address)).toBeUndefined();
  });
});

describe('addresses of pages', () => {
  it('escape what was recorded', () => {
    expect(actionHref('../', 'a&b=<c>#d')).toBe('../actions.html?action=a%26b%3D%3Cc%3E%23d');
    expect(snapshotHref('', '../x')).toBe('snapshots/..%2Fx.html');
  });

  it('lead to a commit only in a repository on the web', () => {
    expect(commitHref('https://example.org/a/b.git', '9e07d31')).toBe(
      'https://example.org/a/b/commit/9e07d31',
    );
    expect(commitHref('javascript:alert(1)//', '9e07d31')).toBeUndefined();
    expect(commitHref('https://example.org/a', 'not a commit')).toBeUndefined();
  });
});
