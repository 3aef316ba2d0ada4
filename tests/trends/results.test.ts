import { describe, expect, it } from 'vitest';
import { type Result, resultLists } from '../../collector/trends/results.ts';

/** "test failed c2 topic ci": newest first, as logs are listed. */
function actions(...lines: string[]): Result[] {
  return lines.map((line, at) => {
    const [type = '', status, commit, branch, ci] = line.split(' ');
    const source = { ...(commit !== '-' && { commit }), ...(branch && { branch }), ...(ci && { ci }) };
    return { type, status: status as 'failed' | 'completed', key: `a${at}`, atUs: -at, source };
  });
}

const types = (lists: ReturnType<typeof resultLists>) =>
  Object.fromEntries(
    Object.entries(lists).map(([name, list]) => [name, list.map((each: { type: string }) => each.type)]),
  );

describe('resultLists', () => {
  it('tells what regressed, was fixed and is new from what stays', () => {
    const lists = resultLists(
      actions(
        'test failed c2 main',
        'lint completed c2 main',
        'docs completed c2 main',
        'build completed c2 main',
        'test completed c1 main',
        'lint failed c1 main',
        'build completed c1 main',
      ),
    );
    expect(types(lists)).toEqual({ regressed: ['test'], fixed: ['lint'], new: ['docs'], flaky: [] });
    expect(lists.regressed[0]).toEqual({
      type: 'test',
      now: 'failed',
      before: 'completed',
      commit: 'c2',
      id: 'a0',
      atUs: -0,
    });
  });

  it('compares with another commit, not with an earlier try on the same one', () => {
    const lists = resultLists(actions('test failed c2', 'test completed c2', 'test failed c1'));
    expect(types(lists)).toEqual({ regressed: [], fixed: [], new: [], flaky: [] });
  });

  it('compares with a branch where one is named', () => {
    const log = actions('test failed c3 topic', 'test failed c2 topic', 'test completed c1 main');
    expect(types(resultLists(log)).regressed).toEqual([]);
    expect(types(resultLists(log, 'main')).regressed).toEqual(['test']);
  });

  it('finds the base however many results came after it', () => {
    const since = Array.from({ length: 30 }, (_, at) => `test failed c${at + 2} topic`);
    const log = actions(...since, 'test completed c1 main');
    expect(types(resultLists(log, 'main'))).toMatchObject({ regressed: ['test'], new: [] });
    const tries = Array.from({ length: 30 }, () => 'test failed c2 main');
    expect(types(resultLists(actions(...tries, 'test completed c1 main'))).regressed).toEqual(['test']);
  });

  it('calls flaky what came to both results on one commit in CI, and only there', () => {
    const flaky = actions('test failed c2 main ci', 'test completed c2 main ci', 'test completed c1 main ci');
    expect(resultLists(flaky)).toMatchObject({
      flaky: [{ type: 'test', commit: 'c2', failed: 1, completed: 1 }],
      regressed: [],
    });
    const local = actions('test completed c2 main', 'test failed c2 main', 'test completed c1 main');
    expect(types(resultLists(local)).flaky).toEqual([]);
  });

  it('takes each result for itself where no commit is recorded, and leaves out what has not ended', () => {
    const running = { ...actions('test completed -')[0]!, status: 'running' as const };
    const lists = resultLists([running, ...actions('test failed -', 'test completed -')]);
    expect(types(lists)).toMatchObject({ regressed: ['test'] });
  });
});
