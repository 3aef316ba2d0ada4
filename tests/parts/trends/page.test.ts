import { describe, expect, it } from 'vitest';
import * as collector from '../../../collector/read.ts';
import type { SiteBook } from '../../../src/data/book/types.ts';
import { joinedTrends, keptTrends, mostShown, noTrends } from '../../../src/data/trends/views.ts';
import { html } from '../../../src/parts/html.ts';
import { trendsPage } from '../../../src/parts/trends/page.tsx';
import { sampleBook } from '../../data/sample-book.ts';

const day = 86_400_000_000;

function kept(...all: [key: string, before: number, after: number, count?: number][]) {
  const series = all.map(([key, before, after, count = 24]) => ({
    key,
    kind: 'runs' as const,
    name: key,
    direction: { better: 'min', from: 'name' } as const,
    points: Array.from({ length: count }, (_, at) => ({
      atUs: (20_000 + at) * day,
      value: (at < 16 ? before : after) * (1 + (((at * 7) % 5) - 2) / 200),
      id: `run_${at}`,
      commit: `${at}`.padStart(40, 'a'),
      environment: 'EPYC',
    })),
  }));
  return keptTrends(collector, series, {});
}

function pageOf(trends: Partial<SiteBook['trends']>): string {
  const book = { ...sampleBook('empty'), trends: { ...noTrends(), releases: [], ...trends } };
  return html(trendsPage(book));
}

describe('the page of trends', () => {
  it('says what would stand there where there is no series, and where all are short', () => {
    expect(pageOf({})).toContain('as soon as ten of one kind were recorded');
    expect(pageOf(kept(['a', 1, 1, 4]))).toContain('1 series has fewer than the ten points');
  });

  it('has a card for each series, worst first, with mark, word, change, commit, message and author', () => {
    const trends = kept(['runs/a/same', 1, 1], ['runs/a/loss', 1, 1.2], ['runs/a/error', 1, 0.5]);
    Object.assign(trends.views[0]!.since!, { subject: 'Drop <b>cache</b>', author: 'Ada' });
    const text = pageOf({ ...trends, releases: [{ name: 'v2', atUs: 20_010 * day }] });
    const order = [...text.matchAll(/class="panel trend trend-(\w+)"/g)].map(([, mark]) => mark);
    expect(order).toEqual(['failed', 'completed', 'pending']);
    expect(text).toContain('1 worse, 1 better, 1 no change.');
    expect(text).toContain('1 → 1.2 (+20 %)');
    expect(text).toContain('“Drop &lt;b&gt;cache&lt;/b&gt;” by Ada');
    expect(text).toMatch(/commit\/a{38}16"/);
    // Also of a run that is none of the newest, which pages list.
    expect(text).toMatch(/href="run\.html\?run=run_16-\w{12}"/);
    expect(text).toContain('16 before, 8 since');
    expect(text).toContain('Measured with EPYC.');
    expect(text).toContain('Released meanwhile: v2.');
    expect(text).toContain('24 values from 0.99 to 1.212: worse');
  });

  it('shows the worst of all kinds, and says how many it does not show', () => {
    const many = kept(
      ...Array.from({ length: 30 }, (_, at): [string, number, number] => [`runs/${at}`, 1, 1]),
    );
    const joined = joinedTrends([many, kept(['actions/build/duration', 1, 2])]);
    expect(joined.views).toHaveLength(mostShown);
    expect(joined.views[0]?.key).toBe('actions/build/duration');
    expect(joined.counts).toMatchObject({ worse: 1, 'no change': 30 });
    expect(pageOf(joined)).toContain('24 are shown, the worst first; daybook trend lists all.');
  });
});
