import { describe, expect, it } from 'vitest';
import type { Coverage, SiteBook } from '../../../src/data/book/types.ts';
import { attention } from '../../../src/data/overview/attention.ts';
import { headline } from '../../../src/data/overview/headline.ts';
import { scheduleText } from '../../../src/data/overview/schedule.ts';
import { tiles } from '../../../src/data/overview/tiles.ts';
import { snapshotsView } from '../../../src/data/snapshots/list.ts';
import { builtAtUs } from '../sample-action.ts';
import { sampleBook } from '../sample-book.ts';
import { sampleCoverage } from '../sample-coverage.ts';

const hourUs = 3_600_000_000;
const said = (book: SiteBook) => {
  const { sentence, facts } = headline(book, attention(book));
  return [sentence, ...facts];
};
const slots = (...states: Coverage['slots'][number]['state'][]): Coverage => {
  const missed = states.filter((state) => state === 'missed').length;
  const fromUs = builtAtUs - states.length * hourUs;
  return {
    ...sampleCoverage(builtAtUs),
    slots: states.map((state, at) => ({ atUs: fromUs + at * hourUs, state, id: undefined })),
    kept: states.filter((state) => state === 'taken').length,
    late: 0,
    missed,
    gaps: missed === 0 ? [] : [{ fromUs, toUs: fromUs + missed * hourUs, missed }],
  };
};
const finding = sampleBook('hostile').findings[0] as SiteBook['findings'][number];

describe('books of one kind', () => {
  const empty = sampleBook('empty');
  const tiny = sampleBook('tiny');

  it('with findings alone say whether there was anything to read', () => {
    expect(said({ ...empty, findings: [finding] })).toEqual([
      'Nothing recorded yet.',
      'One finding in the files of the book.',
    ]);
    const files = [{ path: 'snapshots/action_log.jsonl', bytes: 9, lines: 1 }];
    expect(said({ ...empty, files, findings: [finding, finding] })).toEqual([
      'Nothing could be read.',
      'Two findings in the files of the book.',
    ]);
  });

  it('with snapshots alone, or actions alone, work', () => {
    expect(said({ ...tiny, actions: empty.actions })).toEqual(['Working, and nothing needs attention.']);
    expect(said({ ...tiny, snapshots: [] })).toEqual(['Working, and nothing needs attention.']);
  });

  it('dated after the build say so instead of "in 3 hours"', () => {
    const ahead = { ...tiny, builtAtUs: builtAtUs - 27 * hourUs };
    expect(said(ahead)).toEqual([
      'The newest record is dated 26 hours after this build.',
      'One of the clocks is wrong.',
    ]);
    expect(tiles(ahead)[3]?.note).toBe('newest dated 26 hours ahead');
    const near = { ...tiny, builtAtUs: (tiny.snapshots[0]?.atUs ?? 0) - 60_000_000 };
    expect(said(near)).toHaveLength(1);
  });
});

describe('a schedule', () => {
  const with_ = (coverage: Coverage) => ({ ...sampleBook('tiny'), coverage });
  const told = (coverage: Coverage) => [
    said(with_(coverage))[1],
    tiles(with_(coverage))[3]?.note,
    /; (.*)\.$/.exec(snapshotsView(with_(coverage)).lead)?.[1],
  ];

  it('is told with none, one, some and all slots missed', () => {
    expect(told(slots('open'))).toEqual([undefined, 'newest 12 minutes ago', 'none was due yet']);
    expect(told(slots('taken'))).toEqual([undefined, 'the only one so far', 'the only slot so far was kept']);
    expect(told(slots('missed'))).toEqual([
      'One snapshot was missed on Fri 20 at 15:30.',
      'the only one was missed',
      'the only slot so far was missed',
    ]);
    expect(told(slots('missed', 'taken', 'taken'))).toEqual([
      'One snapshot was missed on Fri 20 at 13:30.',
      '1 of 3 missed',
      'one was missed of the newest 3 slots',
    ]);
    expect(told(slots('missed', 'missed', 'missed'))).toEqual([
      'None of the newest 3 snapshots that were expected has been taken.',
      'all 3 missed',
      'all of the newest 3 slots were missed',
    ]);
  });

  it('says from when to when where a gap is longer than a day', () => {
    const fromUs = builtAtUs - 60 * hourUs;
    const gaps = [{ fromUs, toUs: builtAtUs - 10 * hourUs, missed: 50 }];
    const coverage = {
      ...slots('missed', 'taken'),
      slots: [{ atUs: fromUs, state: 'missed' as const, id: undefined }],
      gaps,
    };
    expect(said(with_(coverage))[1]).toBe('50 snapshots were missed from Nov 18, 04:30 to Nov 20, 06:30.');
  });

  it('is read from common cron lines; others stay', () => {
    expect(
      [
        'cron 17,47 * * * * (UTC)',
        'cron */15 * * * * (UTC)',
        'cron 5 */6 * * * (UTC)',
        'cron 30 2,14 * * * (UTC)',
      ].map(scheduleText),
    ).toEqual([
      'every hour at :17 and :47',
      'every 15 minutes',
      'every 6 hours at :05',
      'every day at 02:30 and 14:30',
    ]);
    expect(scheduleText('cron 0 9 * * 1-5 (UTC)')).toBe('by cron 0 9 * * 1-5 (UTC)');
    expect([scheduleText('every 30 minutes'), scheduleText('30_minutes')]).toEqual([
      'every 30 minutes',
      '30 minutes',
    ]);
  });
});
