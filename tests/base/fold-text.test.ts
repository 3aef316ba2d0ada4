import { expect, it } from 'vitest';
import { foldText } from '../../collector/base/fold-text.ts';

it('folds a stretch to whole words next to a change, and leaves short ones', () => {
  const text = 'we went by hand through every machine we had there';
  expect(foldText(text, 100, 'between')).toBe(text);
  expect(foldText(`${text} `, 24, 'first')).toBe('… had there ');
  expect(foldText(text, 24, 'last')).toBe('we went by …');
  expect(foldText(text, 24, 'between')).toBe('we went by … had there');
});

it('folds a text without spaces, too, and never halves a sign', () => {
  expect(foldText('x'.repeat(100), 20, 'between')).toBe(`${'x'.repeat(10)} … ${'x'.repeat(10)}`);
  expect(foldText('\u{1f600}'.repeat(100), 21, 'last').isWellFormed()).toBe(true);
});
