import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../../collector/formats/config/config.ts';
import * as collector from '../../../collector/read.ts';
import type { Loading } from '../../../src/data/book/load-kinds.ts';
import { Guard } from '../../../src/data/health/guard.ts';
import { loadTrends } from '../../../src/data/trends/load.ts';
import { noTrends } from '../../../src/data/trends/views.ts';
import { foreignLine, temporaryBook } from '../../helpers.ts';

const day = (at: number) => new Date(Date.UTC(2026, 0, 1 + at, 10)).toISOString();

/** Builds that take twice as long from the 13th on, and snapshots with a number. */
function book(): string {
  const files: Record<string, string> = {};
  const lines: string[] = [];
  for (let at = 0; at < 20; at++) {
    const jitter = 1 + (((at * 7) % 5) - 2) / 200;
    const details = { duration_ms: (at < 12 ? 1000 : 2000) * jitter };
    const line = foreignLine({ id: `action_${at}`, status: 'completed', at: day(at), details });
    lines.push(JSON.stringify({ ...JSON.parse(line), source: { commit: 'c'.repeat(40) } }));
    const id = `periodic_202601${`${at + 1}`.padStart(2, '0')}_100000`;
    const snapshot = { snapshot_id: id, snapshot_type: 'periodic', timestamp: day(at), load: jitter };
    files[`snapshots/${id}.json`] = JSON.stringify(snapshot);
  }
  return temporaryBook({ ...files, 'snapshots/action_log.jsonl': `${lines.join('\n')}\n` });
}

function loading(reads: Partial<Loading['collector']> = {}): Loading {
  const config = { ...defaultConfig(), trends: { by: [], better: {}, fields: ['load', 'gone', '['] } };
  const effects = { nowUs: 0, version: '1', progress: () => {} };
  const facts = new Map([['c'.repeat(40), { subject: 'Mend it', author: 'Ada' }]]);
  const git = { commitFacts: async () => facts, releaseTags: async () => [{ name: 'v1', atUs: 5 }] };
  return { root: book(), collector: { ...collector, ...git, ...reads }, config, effects, guard: new Guard() };
}

describe('loadTrends', () => {
  it('joins what runs, actions and fields came to, with what git says of the commits', async () => {
    const trends = await loadTrends(loading(), noTrends());
    expect(trends.views.map(({ key, verdict }) => [key, verdict])).toEqual([
      ['actions/build/duration', 'worse'],
      ['fields/load', 'no change'],
    ]);
    expect(trends.views[0]!.since).toMatchObject({ subject: 'Mend it', author: 'Ada' });
    expect(trends.counts).toMatchObject({ worse: 1, 'no change': 1, 'not enough data': 2 });
    expect(trends.releases).toEqual([{ name: 'v1', atUs: 5 }]);
  });

  it('leaves the others whole where one kind cannot be read, and says so', async () => {
    const given = loading({ newestActions: () => Promise.reject(new Error('a log that cannot be read')) });
    const trends = await loadTrends(given, noTrends());
    expect(trends.views.map(({ key }) => key)).toEqual(['fields/load']);
    expect(given.guard.troubles).toEqual([{ part: 'actions', why: 'a log that cannot be read' }]);
  });
});
