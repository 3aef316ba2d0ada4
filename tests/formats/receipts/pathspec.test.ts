import { describe, expect, it } from 'vitest';
import { pathspecFilter } from '../../../collector/formats/receipts/pathspec.ts';

const paths = ['README.md', 'docs/a.md', 'docs/deep/b.txt', 'src/train.py', 'src/lib/io.py', 'src2/x.py'];
const chosen = (include: string[], exclude: string[] = []) => paths.filter(pathspecFilter(include, exclude));

describe('include and exclude', () => {
  it('choose everything without patterns', () => {
    expect(chosen([])).toEqual(paths);
  });

  it('take folders with all below them, and no others that begin alike', () => {
    expect(chosen(['src'])).toEqual(['src/train.py', 'src/lib/io.py']);
    expect(chosen(['./src/'])).toEqual(['src/train.py', 'src/lib/io.py']);
    expect(chosen([], ['docs'])).toEqual(['README.md', 'src/train.py', 'src/lib/io.py', 'src2/x.py']);
  });

  it('take patterns in which a star crosses slashes, as in git', () => {
    expect(chosen(['*.py'])).toEqual(['src/train.py', 'src/lib/io.py', 'src2/x.py']);
    expect(chosen(['src?'])).toEqual(['src2/x.py']);
    expect(chosen(['src/[a-m]*'])).toEqual(['src/lib/io.py']);
    expect(chosen(['*'], ['*.md', 'src*'])).toEqual(['docs/deep/b.txt']);
  });

  it('do not take long for patterns made to', () => {
    const isChosen = pathspecFilter([`${'a*'.repeat(40)}b`], []);
    expect(isChosen(`${'a'.repeat(400)}c`)).toBe(false);
  });
});
