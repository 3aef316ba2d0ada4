import { describe, expect, it } from 'vitest';
import type { Coverage, SiteBook } from '../../../src/data/book/types.ts';
import { attention } from '../../../src/data/overview/attention.ts';
import { headline } from '../../../src/data/overview/headline.ts';
import { recording } from '../../../src/data/overview/recording.ts';
import { worstFirst } from '../../../src/data/overview/worst.ts';
import { healthPage } from '../../../src/parts/health/page.tsx';
import { overviewPage } from '../../../src/parts/overview/page.tsx';
import { textOf } from '../../../src/parts/part.ts';
import { snapshotsPage } from '../../../src/parts/snapshots/list-page.tsx';
import { action, builtAtUs } from '../sample-action.ts';
import { sampleBook } from '../sample-book.ts';
import { sampleCoverage } from '../sample-coverage.ts';
import { run, runsOf } from '../sample-runs.ts';

const hourUs = 3_600_000_000;
const dayUs = 24 * hourUs;
const well = { ...sampleBook('tiny'), coverage: sampleCoverage(builtAtUs) };

type Change = (book: SiteBook) => SiteBook;
const covered =
  (change: Partial<Coverage>): Change =>
  (book) => ({ ...book, coverage: { ...sampleCoverage(builtAtUs), ...book.coverage, ...change } });

/** Each thing that can be wrong, made so in a book that is well. */
const wrongs: Record<string, { make: Change; says: RegExp }> = {
  stopped: {
    make: covered({
      newestUs: builtAtUs - 5 * dayUs,
      overdue: { fromUs: builtAtUs - 5 * dayUs + hourUs, missed: 239 },
    }),
    says: /^Snapshots stopped on Nov 15 at 16:30\.$/,
  },
  failing: {
    make: (book) => ({
      ...book,
      snapshots: book.snapshots.map((one) => ({
        ...one,
        health: 'failing',
        healthReasons: ['The newest action that ended, deploy, failed.'],
      })),
    }),
    says: /^Failing since Nov 20 at 16:18: The newest action that ended, deploy, failed\.$/,
  },
  'failed actions': {
    make: (book) => ({
      ...book,
      actions: {
        ...book.actions,
        attention: [
          action(1, builtAtUs - hourUs, { status: 'failed', statusWord: 'failed', type: 'deploy' }),
        ],
      },
    }),
    says: /^One deploy action failed in the last 24 hours\.$/,
  },
  'failed runs': {
    make: (book) => ({
      ...book,
      runs: runsOf([run(1, { status: 'failed', atUs: builtAtUs - 2 * hourUs })]),
    }),
    says: /^One run failed in the last 24 hours\.$/,
  },
  'mostly missed': {
    make: covered({ kept: 4, missed: 254 }),
    says: /^254 of the 258 snapshots expected since Nov 14 at 00:00 are missing\.$/,
  },
  late: {
    make: covered({ overdue: { fromUs: builtAtUs - hourUs, missed: 2 } }),
    says: /^Two snapshots are overdue, the first since Nov 20 at 15:30\.$/,
  },
  ahead: {
    make: (book) => ({ ...book, actions: { ...book.actions, lastUs: builtAtUs + 2 * dayUs } }),
    says: /^The newest record is dated 2 days after this build\.$/,
  },
  damage: {
    make: (book) => ({
      ...book,
      findings: [
        {
          code: 'truncated',
          severity: 'error',
          file: 'snapshots/action_log.jsonl',
          expected: 'JSON',
          found: 'an end',
          hint: 'Restore it.',
        },
      ],
    }),
    says: /^One finding in the files of the book\.$/,
  },
};
const names = worstFirst.map(({ name }) => name);
const first = (book: SiteBook) => headline(book, attention(book)).sentence;

describe('the first sentence of the Overview', () => {
  it('knows these things that can be wrong, the worst first', () => {
    expect(names).toEqual([
      'unread',
      'empty',
      'stopped',
      'quiet',
      'failing',
      'failed actions',
      'failed runs',
      'none taken',
      'mostly missed',
      'late',
      'ahead',
      'damage',
    ]);
  });

  it.each(Object.entries(wrongs))(
    'tells of %s, and of nothing else where nothing else is wrong',
    (name, { make, says }) => {
      const book = make(well);
      const holding = worstFirst.filter(({ say }) => say(book, recording(book)) !== undefined);
      expect(holding.map((each) => each.name)).toEqual([name]);
      expect(first(book)).toMatch(says);
      expect(first(well)).toBe('Working, with one thing to look at.');
    },
  );

  const pairs = Object.keys(wrongs).flatMap((worse, at) =>
    Object.keys(wrongs)
      .slice(at + 1)
      .map((milder) => [worse, milder] as const),
  );
  it.each(pairs)('tells of %s before %s, and of the other in what follows', (worse, milder) => {
    const book = wrongs[worse]!.make(wrongs[milder]!.make(well));
    // Of one recorder there is one state: what stopped is not also late.
    const both = worse === 'stopped' && milder === 'late' ? wrongs.stopped!.make(well) : book;
    expect(first(both)).toMatch(wrongs[worse]!.says);
    const { facts } = headline(book, attention(book));
    const told = `${facts.join(' ')} ${attention(book)
      .map(({ title, summary }) => `${title} ${summary}`)
      .join(' ')}`;
    const words: Record<string, RegExp> = {
      failing: /newest snapshot/,
      'failed actions': /One deploy action failed/,
      'failed runs': /One run failed/,
      'mostly missed': /missed/,
      late: /overdue|stopped/,
      ahead: /one of the clocks is wrong/i,
      damage: /One finding/,
    };
    expect(told).toMatch(words[milder]!);
  });

  it('says of a book without a schedule since when it is silent, before what failed then', () => {
    const old = { ...sampleBook('tiny'), builtAtUs: builtAtUs + 30 * dayUs };
    expect(first(wrongs.failing!.make(old))).toBe('Silent for 30 days.');
    expect(attention(old)[0]).toMatchObject({ title: 'Nothing was recorded', summary: 'for 30 days' });
  });

  it('says that no snapshot was ever taken where some were expected for a day', () => {
    const tiny = sampleBook('tiny');
    const waiting: Coverage = {
      ...sampleCoverage(builtAtUs),
      slots: [],
      kept: 0,
      missed: 0,
      late: 0,
      gaps: [],
      newestUs: undefined,
    };
    const book = (builtAfterUs: number) => ({
      ...tiny,
      snapshots: [],
      coverage: waiting,
      builtAtUs: builtAtUs + builtAfterUs,
    });
    expect(first(book(hourUs))).toBe('Working, and nothing needs attention.');
    expect(first(book(30 * hourUs))).toBe(
      'No snapshot has been taken since recording began on Nov 20 at 16:18.',
    );
  });

  it('since when it fails is the first of the snapshots that say so in a row', () => {
    const [one] = well.snapshots;
    const at = (hoursAgo: number, health: 'failing' | 'operational') => ({
      ...one!,
      atUs: builtAtUs - hoursAgo * hourUs,
      health: health as (typeof one & {})['health'],
      healthReasons: [],
    });
    const snapshots = [at(9, 'failing'), at(8, 'operational'), at(7, 'failing'), at(1, 'failing')];
    expect(first({ ...well, snapshots })).toBe('Failing since Nov 20 at 09:30, as the snapshots say.');
  });

  it('does not say the same twice', () => {
    for (const { make } of Object.values(wrongs)) {
      const { sentence, facts } = headline(make(well), []);
      expect(facts).not.toContain(sentence);
    }
  });
});

describe('a recorder that stopped', () => {
  const workflows = { files: [{ name: 'Daybook', crons: ['*/30 * * * *'] }] };
  const committed_at = new Date((builtAtUs - 66 * dayUs) / 1000).toISOString();
  const disabled = {
    ...wrongs.stopped!.make(well),
    contentOf: () => ({ workflows, git: { committed_at } }),
  };
  const pages = { overviewPage, snapshotsPage, healthPage };

  it.each(Object.entries(pages))('is never well on %s', (_, page) => {
    const text = textOf(page(wrongs.stopped!.make(well)));
    expect(text).toContain('Snapshots stopped on Nov 15 at 16:30');
    expect(text).not.toContain('Working');
    expect(text).not.toContain('probably disabled');
    expect(textOf(page(well))).not.toContain('stopped');
  });

  it.each(Object.entries(pages))('may be disabled, which %s says as a guess', (_, page) => {
    const text = textOf(page(disabled));
    expect(text).toContain('Snapshots stopped on Nov 15 at 16:30');
    expect(text).toContain('GitHub has probably disabled the schedule');
    expect(text).toContain('a guess: the newest commit was 61 days old when they stopped');
  });

  it('comes first of what needs attention; how many are missing is counted', () => {
    const [item] = attention(wrongs.stopped!.make(well));
    expect(item).toMatchObject({ word: 'stopped', summary: '239 missing since' });
    expect(headline(wrongs.stopped!.make(well), []).facts).toContain(
      '239 snapshots that were expected since are missing.',
    );
  });
});
