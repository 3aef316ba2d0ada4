import { describe, expect, it } from 'vitest';
import { meanText } from '../../collector/runs/groups/text.ts';

describe('the mean of a group', () => {
  const said = (mean: number, deviation: number | undefined, of = 3) =>
    meanText({ n: 3, mean, deviation }, of, String);

  it('has the digits that its deviation leaves certain', () => {
    expect(said(0.201018, 0.0119)).toBe('0.201 ± 0.012');
    expect(said(1234.5678, 210)).toBe('1235 ± 210');
    expect(said(3e-9, 2e-10)).toBe('3e-9 ± 2e-10');
  });

  it('is whole where nothing deviates, or one value is all there is', () => {
    expect(said(0.123456, 0)).toBe('0.123456 ± 0');
    expect(said(0.123456, undefined)).toBe('0.123456');
    expect(said(0.123456, Number.NaN)).toMatch(/^0.123456/);
  });

  it('says how many have the measure where not all do', () => {
    expect(said(0.2, 0.1, 5)).toBe('0.2 ± 0.1 (n=3)');
  });
});
