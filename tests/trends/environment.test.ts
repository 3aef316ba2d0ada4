import { describe, expect, it } from 'vitest';
import { directionOfSeries } from '../../collector/trends/direction.ts';
import { environmentText } from '../../collector/trends/environment.ts';

describe('environmentText', () => {
  const runner = {
    os: 'linux 6.8.0-1021-azure',
    arch: 'x64',
    host: 'fv-az1234',
    processor: 'AMD EPYC 7763',
    runner: 'ubuntu24 20251102.1',
    node: '24.21.0',
    python: '3.11.7',
  };

  it('has what changes how fast things are, and not the name of the machine', () => {
    expect(environmentText(runner)).toBe('AMD EPYC 7763, ubuntu24 20251102.1, Python 3.11, Node 24');
    expect(environmentText({ ...runner, host: 'fv-az9', node: '24.22.1' })).toBe(environmentText(runner));
    expect(environmentText({ ...runner, processor: 'Xeon' })).not.toBe(environmentText(runner));
  });

  it('takes the system where there is no runner, and knows cards', () => {
    const { os, arch } = runner;
    expect(environmentText({ os, arch, cuda: { driver: '550', cards: ['A100', 'A100'] } })).toBe(
      'A100 + A100, linux x64',
    );
    expect(environmentText(undefined)).toBe('');
    expect(environmentText({ cuda: [], node: 7 })).toBe('');
  });
});

describe('directionOfSeries', () => {
  it('believes daybook.yaml before what was recorded, and that before the name', () => {
    const key = 'runs/train/gap';
    expect(directionOfSeries(key, 'gap', {})).toBeUndefined();
    expect(directionOfSeries(key, 'gap', { gap: 'min' })).toEqual({ better: 'min', from: 'daybook.yaml' });
    expect(directionOfSeries(key, 'gap', { [key]: 'max', gap: 'min' })?.better).toBe('max');
    expect(directionOfSeries('k', 'loss', {}, { direction: 'max' })).toEqual({
      better: 'max',
      from: 'recorded',
    });
    expect(directionOfSeries('k', 'loss', {})).toEqual({ better: 'min', from: 'name' });
    expect(directionOfSeries('k', 'loss', {}, { disputed: true })).toBeUndefined();
  });
});
