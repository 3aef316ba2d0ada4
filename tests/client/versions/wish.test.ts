import { describe, expect, it } from 'vitest';
import { versionRows, wishOf, wishQuery } from '../../../src/client/versions/wish.ts';
import { maxVersionRows, railOf } from '../../../src/data/versions/list.ts';
import { versionView } from './sample.ts';

/** Newest first, each a delta upon the next; every hundredth is tagged. */
const views = Array.from({ length: 2 * maxVersionRows + 10 }, (_, at) =>
  versionView({
    version: `v${at}`,
    base: `v${at + 1}`,
    tags: at % 100 === 0 ? ['best'] : [],
    description: at === 7 ? 'Before the Upgrade' : '',
  }),
);
const rail = railOf(views);
const show = (query: string) => versionRows(views, rail, wishOf(new URLSearchParams(query)));
const names = (query: string) => show(query).rows.map(({ view }) => view.version);

describe('the list of versions that a reader asks for', () => {
  it('is all of them page by page, with their chains', () => {
    const { rows, lanes, page, lastPage, said } = show('page=3');
    expect([rows.length, rows[0]?.view.version, page, lastPage]).toEqual([10, 'v400', 2, 2]);
    expect([lanes, rows[0]?.rail.lines.length]).toEqual([rail.lanes, rail.rows[400]?.lines.length]);
    expect(said).toBe('410 versions, page 3 of 3');
  });

  it('has those with a tag or a text in name, description or tag, each without its chain', () => {
    expect(names('tag=best')).toEqual(['v0', 'v100', 'v200', 'v300', 'v400']);
    expect(names('q= upGrade ')).toEqual(['v7']);
    expect(names('q=bes&tag=best')).toHaveLength(5);
    expect(names('q=v10&tag=best')).toEqual(['v100']);
    const { rows, lanes, said } = show('tag=best');
    expect([rows[0]?.rail, lanes, said]).toEqual([
      { lane: 0, kind: 'delta', lines: [], isLost: false },
      1,
      '5 of 410',
    ]);
    expect(show('tag=worst')).toMatchObject({ rows: [], said: '0 of 410', lastPage: 0 });
  });

  it('ends with its last page, whatever page was asked for', () => {
    expect([show('page=99').page, show('tag=best&page=2').page]).toEqual([2, 0]);
    for (const page of ['0', '-3', 'x', '', '1.9']) expect(show(`page=${page}`).page).toBe(0);
  });

  it('keeps its place in the address', () => {
    for (const query of ['', 'tag=a+b&q=c%26d&page=2', 'q=x'])
      expect(wishQuery(wishOf(new URLSearchParams(query)))).toBe(query);
  });
});
