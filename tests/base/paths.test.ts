import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findBookRoot, isInside, isSafeId } from '../../collector/base/paths.ts';
import { temporaryFolder } from '../helpers.ts';

describe('isSafeId', () => {
  it.each(['action_20251222_022057_454420_7f3a9c', 'a', 'v1.2-rc'])('accepts %s', (id) =>
    expect(isSafeId(id)).toBe(true),
  );
  it.each([
    '',
    '.',
    '..',
    '../x',
    'a/b',
    'a\\b',
    '/etc',
    'C:x',
    'a\0',
    'con',
    'NUL.json',
    'a.',
    'a..b',
    ' a',
    'a ',
    'a\n',
    '\u202ea',
    'é',
    'x'.repeat(121),
  ])('refuses %j', (id) => expect(isSafeId(id)).toBe(false));
});

describe('isInside', () => {
  it('knows the folder itself, what is in it, and names that only look like a way out', () => {
    expect(isInside('/a/b', '/a/b')).toBe(true);
    expect(isInside('/a/b', '/a/b/..c/d')).toBe(true);
    expect(isInside('/a/b', '/a/bc')).toBe(false);
    expect(isInside('/a/b', '/a/b/../c')).toBe(false);
  });
});

describe('findBookRoot', () => {
  it.each(['daybook.yaml', 'snapshots', '.git'])('finds the nearest folder with %s', (mark) => {
    const root = temporaryFolder();
    mkdirSync(join(root, 'deep/er'), { recursive: true });
    if (mark === 'daybook.yaml') writeFileSync(join(root, mark), '');
    else mkdirSync(join(root, mark));
    expect(findBookRoot(join(root, 'deep/er'))).toBe(root);
  });
});
