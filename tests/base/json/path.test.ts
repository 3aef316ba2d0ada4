import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatPath, identityKeyOf, parsePath, valueAt } from '../../../collector/base/json/path.ts';

describe('paths', () => {
  it('read as in a sentence and lead back to their place', () => {
    const step = fc.oneof(
      fc.nat(1000),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('__proto__', '', 'a.b', '"', '$'),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 6 }), (place) => {
        expect(parsePath(formatPath(place))).toEqual(place);
      }),
      { numRuns: 2000 },
    );
    expect(formatPath(['modules', 3, 'a b', 'git-head'])).toBe('modules[3]["a b"].git-head');
  });

  it('may begin with a dollar or a dot, and name an element by a value', () => {
    expect(parsePath('$.git.head')).toEqual(['git', 'head']);
    expect(parsePath('.git.head')).toEqual(['git', 'head']);
    expect(parsePath('$')).toEqual([]);
    expect(parsePath('modules[name=core].state')).toEqual(['modules', 'name=core', 'state']);
  });

  it.each(['a[', 'a[]', 'a]', 'a..b', 'a["x]', '[1'])('%s is none', (text) => {
    expect(parsePath(text)).toBeUndefined();
  });
});

describe('the value at a place', () => {
  const value = {
    modules: [
      { name: 'core', state: 'up' },
      { name: 'api', state: 'down' },
    ],
    mixed: [1, { kind: 'x', at: 2 }],
  };

  it('is found by name, by position and by what an element says', () => {
    expect(valueAt(value, ['modules', 'api', 'state'])).toBe('down');
    expect(valueAt(value, ['modules', 1, 'state'])).toBe('down');
    expect(valueAt(value, ['modules', '1', 'state'])).toBe('down');
    expect(valueAt(value, ['modules', 'state=up', 'name'])).toBe('core');
    expect(valueAt(value, ['mixed', 'kind=x', 'at'])).toBe(2);
  });

  it('is nothing where there is none, and never what all objects have', () => {
    expect(valueAt(value, ['modules', 'web'])).toBeUndefined();
    expect(valueAt(value, ['modules', 7])).toBeUndefined();
    expect(valueAt(value, ['modules', 'api', 'state', 'more'])).toBeUndefined();
    expect(valueAt(value, ['toString'])).toBeUndefined();
    expect(valueAt(value, ['__proto__'])).toBeUndefined();
    expect(valueAt(JSON.parse('{"__proto__": 1}'), ['__proto__'])).toBe(1);
  });
});

it('objects are told apart by the first field that all have, each its own', () => {
  expect(identityKeyOf([{ id: 1, name: 'a' }], [{ id: 1, name: 'b' }])).toBe('id');
  expect(identityKeyOf([{ pid: 1, name: 'a' }], [{ name: 'b' }])).toBe('name');
  expect(identityKeyOf([{ name: 'a' }, { name: 'a' }])).toBeUndefined();
  expect(identityKeyOf([{ name: null }])).toBeUndefined();
});
