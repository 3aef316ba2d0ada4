import { describe, expect, it } from 'vitest';
import { gitPattern, globPattern } from '../../collector/base/glob-pattern.ts';

describe('a pattern of paths', () => {
  it.each([
    ['old', ['old', 'a/old', 'a/b/old'], ['older', 'a/oldest', 'old/x']],
    ['old/', ['old', 'a/old'], ['older']],
    ['./data/raw', ['data/raw'], ['a/data/raw', 'data/raw/x']],
    ['data/*', ['data/raw', 'data/.x'], ['data', 'data/a/b']],
    ['data/**', ['data/raw', 'data/a/b'], ['data', 'x/data/a']],
    ['**/tmp', ['tmp', 'a/tmp', 'a/b/tmp'], ['tmp/a', 'atmp']],
    ['a/**/z', ['a/z', 'a/b/z', 'a/b/c/z'], ['a', 'az', 'b/a/z']],
    ['run_?', ['run_1', 'x/run_2'], ['run_10', 'run_/']],
    ['{old,tmp}/x', ['old/x', 'tmp/x'], ['new/x', '{old,tmp}/x']],
    ['a.b+(c)[d]|e', ['a.b+(c)[d]|e'], ['axb+(c)[d]|e', 'a.bb(c)d']],
    ['{a', ['{a'], ['a']],
    ['a,b-c', ['a,b-c'], ['a', 'b-c']],
    ['Copy (2)', ['Copy (2)', 'x/Copy (2)'], ['Copy 2']],
    ['50%|$1^', ['50%|$1^'], ['50%']],
    ['"x"', ['"x"'], ['x']],
    ['!old', ['!old'], ['old', 'older']],
    ['#1', ['#1'], ['1']],
  ])('%s', (pattern, fitting, others) => {
    const expression = globPattern(pattern);
    expect(fitting.filter((path) => !expression.test(path))).toEqual([]);
    expect(others.filter((path) => expression.test(path))).toEqual([]);
  });
});

describe('a pattern of .gitattributes', () => {
  it.each([
    ['*.[ch]', ['a.c', 'x/b.h'], ['a.d', 'a.[ch]']],
    ['*.json[a-l]', ['log.jsonl', 'x/y.jsona'], ['log.json', 'log.jsonz']],
    ['[!a-c]x', ['dx', '1/dx'], ['ax', '/x']],
    ['data[0-9]/*', ['data7/x'], ['data/x', 'data7/x/y']],
    ['[z-a]', [], ['z', 'a', 'b']],
    ['[]', ['[]'], ['a']],
    ['[', ['['], ['a']],
    ['[\\\\w]', ['w', '\\'], ['a']],
    ['{a,b}', ['{a,b}'], ['a', 'b']],
  ])('%s', (pattern, fitting, others) => {
    const expression = gitPattern(pattern);
    expect(fitting.filter((path) => !expression.test(path))).toEqual([]);
    expect(others.filter((path) => expression.test(path))).toEqual([]);
  });
});
