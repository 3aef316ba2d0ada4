import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textChange } from '../../../collector/base/difference/text.ts';

/** "a [-b-] {+c+}": the parts in one line. */
const brief = (before: string, after: string) =>
  textChange(before, after)
    ?.map(({ kind, text }) => (kind === 'same' ? text : kind === 'removed' ? `[-${text}-]` : `{+${text}+}`))
    .join('');

describe('a changed text', () => {
  it('is told by words', () => {
    expect(brief('deployed the api to staging', 'deployed the api to production')).toBe(
      'deployed the api to [-staging-]{+production+}',
    );
    expect(brief('one two three', 'one three')).toBe('one [-two -]three');
    expect(brief('2 of 10 checks failed', '3 of 10 checks failed')).toBe('[-2-]{+3+} of 10 checks failed');
  });

  it('takes changes that only a space or a comma parts for one', () => {
    expect(brief('we saw a red cat here today', 'we saw the big dog here today')).toBe(
      'we saw [-a red cat-]{+the big dog+} here today',
    );
  });

  it('is told whole where little is left of it', () => {
    expect(textChange('stable', 'degraded')).toBeUndefined();
    expect(textChange('the cat', 'a dog')).toBeUndefined();
    expect(textChange('', 'new')).toBeUndefined();
    expect(textChange('release-1.2', 'release-1.3')).toBeUndefined();
    expect(textChange('one, two; three', 'uno, dos; tres')).toBeUndefined();
  });

  it('never splits a word, a letter with its accent or a pair of halves', () => {
    expect(brief('the prefix is kept', 'the prefab is kept')).toBe('the [-prefix-]{+prefab+} is kept');
    expect(brief('we met at the cafe\u0301 again', 'we met at the cafe again')).toBe(
      'we met at the [-cafe\u0301-]{+cafe+} again',
    );
    expect(brief('all is well \u{1f600} today', 'all is well \u{1f601} today')).toBe(
      'all is well [-\u{1f600}-]{+\u{1f601}+} today',
    );
  });

  it('goes letter by letter where a script has no spaces', () => {
    expect(brief('今日は晴れです', '今日は雨です')).toBe('今日は[-晴れ-]{+雨+}です');
  });

  it('adds up to both texts, whatever they hold', () => {
    const word = fc.oneof(
      fc.constantFrom('a', 'bb', ' ', ', ', '\n', 'the', 'é', '\u{1f600}'),
      fc.string({ unit: 'binary', maxLength: 3 }),
    );
    const text = fc.array(word, { maxLength: 30 }).map((words) => words.join(''));
    fc.assert(
      fc.property(text, text, text, text, (start, old, now, end) => {
        const [before, after] = [start + old + end, start + now + end];
        const parts = textChange(before, after) ?? [];
        fc.pre(parts.length > 0);
        const join = (other: string) =>
          parts
            .filter(({ kind }) => kind === 'same' || kind === other)
            .map((part) => part.text)
            .join('');
        expect(join('removed')).toBe(before);
        expect(join('added')).toBe(after);
      }),
      { numRuns: 1000 },
    );
  });

  it('of some megabytes stays quick, however much of it is new', () => {
    const text = (seed: number) =>
      Array.from({ length: 200_000 }, (_, at) => ((at * seed) % 99_991).toString(36)).join(' ');
    const long = text(7);
    expect(textChange(long, `${long} and more`)?.at(-1)).toEqual({ kind: 'added', text: ' and more' });
    expect(textChange(long, text(11))).toBeUndefined();
  });
});
