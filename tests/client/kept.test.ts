import { describe, expect, it } from 'vitest';
import { Kept } from '../../src/client/kept.ts';

describe('what is kept of what was loaded', () => {
  it('loads a key once, however often it is asked for before it is there', async () => {
    const loaded: string[] = [];
    const kept = new Kept((key: string) => {
      loaded.push(key);
      return Promise.resolve(key.toUpperCase());
    });
    expect(await Promise.all([kept.get('a'), kept.get('b'), kept.get('a')])).toEqual(['A', 'B', 'A']);
    expect(loaded).toEqual(['a', 'b']);
  });

  it('lets go of the one that was not used for the longest time', async () => {
    const loaded: string[] = [];
    const kept = new Kept((key: string) => Promise.resolve(loaded.push(key)), 2);
    for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await kept.get(key);
    expect(loaded).toEqual(['a', 'b', 'c', 'b']);
  });

  it('tries again what failed, and keeps what was loaded after it', async () => {
    let tries = 0;
    const kept = new Kept((_: string) =>
      ++tries === 1 ? Promise.reject(new Error('away')) : Promise.resolve(tries),
    );
    await expect(kept.get('a')).rejects.toThrow('away');
    expect([await kept.get('a'), await kept.get('a')]).toEqual([2, 2]);
  });
});
