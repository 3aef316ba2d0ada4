import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Rebuilds } from '../../../collector/operations/site/rebuilds.ts';

/** Builds that take `tookMs` each, and when each of them began. */
function builds(tookMs: number, timing: Partial<ConstructorParameters<typeof Rebuilds>[1]> = {}) {
  const begun: number[] = [];
  let running = 0;
  let most = 0;
  const start = performance.now();
  const build = async () => {
    begun.push(performance.now() - start);
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setTimeout(resolve, tookMs));
    running -= 1;
  };
  const rebuilds = new Rebuilds(build, { quietMs: 300, ...timing });
  return { rebuilds, begun, build, most: () => most };
}

describe('when a site is built again', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is a moment after the last wish, once for all of them', async () => {
    const { rebuilds, begun } = builds(50);
    for (let wish = 0; wish < 3; wish++) {
      rebuilds.wish();
      await vi.advanceTimersByTimeAsync(100);
    }
    await vi.advanceTimersByTimeAsync(5000);
    expect(begun).toEqual([500]);
  });

  it('is also where the book is never quiet', async () => {
    const { rebuilds, begun } = builds(50, { patience: 10 });
    for (let at = 0; at < 4000; at += 100) {
      rebuilds.wish();
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(begun[0]).toBe(3000);
  });

  it('is never twice at once, and once more for what was wished in the meantime', async () => {
    const { rebuilds, begun, most } = builds(2000, { rest: 1 });
    rebuilds.wish();
    await vi.advanceTimersByTimeAsync(500);
    for (let wish = 0; wish < 5; wish++) rebuilds.wish();
    await vi.advanceTimersByTimeAsync(20_000);
    // It rests for as long as it took.
    expect(begun).toEqual([300, 4300]);
    expect(most()).toBe(1);
  });

  it('is for what can wait much later, unless it is built before for another reason', async () => {
    const { rebuilds, begun } = builds(50, { sometimeMs: 60_000 });
    rebuilds.wishSometime();
    await vi.advanceTimersByTimeAsync(59_000);
    expect(begun).toEqual([]);
    await vi.advanceTimersByTimeAsync(2000);
    expect(begun).toHaveLength(1);
    rebuilds.wishSometime();
    rebuilds.wish();
    await vi.advanceTimersByTimeAsync(200_000);
    expect(begun).toHaveLength(2);
  });

  it('is after the first build where the book changed while that went on, and never after the end', async () => {
    const { rebuilds, begun, build } = builds(1000);
    const first = rebuilds.first(build);
    await vi.advanceTimersByTimeAsync(500);
    rebuilds.wish();
    await vi.advanceTimersByTimeAsync(10_000);
    await first;
    expect(begun).toHaveLength(2);
    rebuilds.wish();
    rebuilds.stop();
    await vi.advanceTimersByTimeAsync(100_000);
    expect(begun).toHaveLength(2);
  });
});
