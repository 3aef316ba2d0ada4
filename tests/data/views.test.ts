import { describe, expect, it } from 'vitest';
import type { SiteBook } from '../../src/data/book/types.ts';
import { healthPageFacts } from '../../src/data/health/page.ts';
import { activity, calendarDays } from '../../src/data/overview/activity.ts';
import { attention, calmText } from '../../src/data/overview/attention.ts';
import { headline } from '../../src/data/overview/headline.ts';
import { overview } from '../../src/data/overview/overview.ts';
import { recording, silences } from '../../src/data/overview/recording.ts';
import { tiles } from '../../src/data/overview/tiles.ts';
import { differenceText, valueText } from '../../src/data/snapshots/changes.ts';
import { snapshotsView } from '../../src/data/snapshots/list.ts';
import { snapshotPageFacts, snapshotPageKey } from '../../src/data/snapshots/page.ts';
import { action, builtAtUs, counts } from './sample-action.ts';
import { sampleBook } from './sample-book.ts';

const hourUs = 3_600_000_000;
const said = (book: SiteBook) => headline(book, attention(book));

describe('the first sentence', () => {
  it('is derived from the records', () => {
    expect(said(sampleBook('empty')).sentence).toBe('Nothing recorded yet.');
    expect(said(sampleBook('tiny')).sentence).toBe('Working, and nothing needs attention.');
    expect(said(sampleBook('silent')).sentence).toBe('Silent for 10 months.');
    expect(said(sampleBook('hostile')).sentence).toBe(
      'Failing since Nov 20 at 15:30: </script><img src=x onerror=alert(1)>',
    );
  });

  it('counts the same things as the list below it', () => {
    const view = overview(sampleBook('typical'));
    expect(view.headline.sentence).toBe('Working, with two things to look at.');
    expect(view.attention.map(({ word }) => word)).toEqual(['aborted', 'missed']);
    expect(view.headline.facts).toEqual(['Nine snapshots were missed on Tue 17 between 02:00 and 06:30.']);
  });

  it('takes a pause that is usual for the book as usual', () => {
    const tiny = sampleBook('tiny');
    expect(recording({ ...tiny, builtAtUs: builtAtUs + 48 * hourUs }).silent).toBe(false);
    expect(recording({ ...tiny, builtAtUs: builtAtUs + 80 * hourUs }).silent).toBe(true);
    const scheduled = (missed: number) => {
      const overdue = { fromUs: builtAtUs, missed };
      const coverage = { ...sampleBook('typical').coverage!, overdue };
      return recording({ ...tiny, coverage, builtAtUs: builtAtUs + 3 * hourUs }).silent;
    };
    // A night without slots is no silence; three slots in a row without a snapshot are.
    expect([2, 3].map(scheduled)).toEqual([false, true]);
  });
});

describe('attention', () => {
  const withActions = (newest: SiteBook['actions']['newest']): SiteBook => {
    const base = sampleBook('tiny');
    const failed = newest.filter(({ status }) => status === 'failed');
    return { ...base, actions: { ...base.actions, newest, attention: failed, lastUs: newest[0]?.atUs } };
  };
  const at = (hours: number, status: 'failed' | 'completed', type = 'deploy') =>
    action(0, builtAtUs - hours * hourUs, { status, statusWord: status, type });

  it('gathers failures of one type', () => {
    const repeated = attention(withActions([at(1, 'failed'), at(2, 'failed'), at(3, 'failed')]));
    expect(repeated.map(({ title, summary }) => [title, summary])).toEqual([
      ['deploy', 'core 45 s, and 2 more'],
    ]);
    expect(attention(withActions([at(1, 'completed', 'build'), at(40, 'failed')]))).toHaveLength(1);
    expect(attention(withActions([at(1, 'completed', 'build'), at(8 * 24, 'failed')]))).toEqual([]);
  });

  it('says that nothing is wrong, and whether something was', () => {
    const { actions } = sampleBook('tiny');
    expect(calmText({ actions })).toBe(
      'Nothing: no action failed in the last seven days of the log, and every file was read as expected.',
    );
    const failed = actions.days.map((day) => ({ ...day, counts: { ...day.counts, failed: 1 } }));
    expect(calmText({ actions: { ...actions, days: failed } })).toContain('has succeeded since');
  });

  it('says how many actions never ended', () => {
    expect(attention(sampleBook('silent')).map(({ word, title }) => `${word}: ${title}`)).toContain(
      'no end: 2 actions',
    );
  });

  it('leaves alone what says it runs and can never be ended', () => {
    const base = sampleBook('silent');
    const habit: SiteBook = {
      ...base,
      actions: { ...base.actions, running: [], endless: [{ value: 'executing', count: 2 }] },
    };
    expect(attention(habit).filter(({ word }) => word === 'no end')).toEqual([]);
    expect(tiles(habit)[2]).toMatchObject({ value: '0', note: '2 say executing, without an end' });
    // Both, each by its own word: together they are all that say they run.
    const both = { ...base.actions, endless: [{ value: 'executing', count: 1 }] };
    expect(tiles({ ...base, actions: both })[2]).toMatchObject({ note: '1 never ended, 1 without id' });
  });
});

describe('tiles', () => {
  const lines = (book: SiteBook) =>
    tiles(book).map(({ label, value, note }) => `${label}: ${value} ${note}`.trim());

  it('say the same of a working book, an old one and an empty one', () => {
    expect(lines(sampleBook('typical'))).toEqual([
      'Actions, last 24 h: 10 −22 on the day before',
      'Failed, last 24 h: 0 88 ever',
      'Running now: 2 train/0413, train/0412',
      'Schedule kept, 7 days: 97.1 % 9 of 321 missed',
    ]);
    expect(lines(sampleBook('silent'))).toEqual([
      'Actions, last active day: 4 Dec 23, 2025, of 217 actions',
      'Failed, last active day: 0 9 ever',
      'Running now: 0 2 never ended',
      'Snapshots: 20 newest 10 months ago',
    ]);
    expect(lines(sampleBook('empty'))).toEqual([
      'Actions, last 24 h: 0',
      'Failed, last 24 h: 0',
      'Running now: 0',
      'Snapshots: 0 no schedule set',
    ]);
  });

  it('count today where the newest actions do not reach back two days', () => {
    const base = sampleBook('typical');
    const newest = Array.from({ length: 200 }, (_, index) => action(index, builtAtUs - index * 60_000_000));
    const busy = {
      ...base,
      actions: {
        ...base.actions,
        newest,
        days: [
          { day: '2026-11-19', counts: counts({ completed: 9000 }) },
          { day: '2026-11-20', counts: counts({ completed: 7000, failed: 3 }) },
        ],
      },
    };
    expect(lines(busy).slice(0, 2)).toEqual([
      'Actions, today so far: 7,003 9,000 yesterday',
      'Failed, today so far: 3 all succeeded since',
    ]);
  });
});

describe('activity', () => {
  it('draws no chart of a handful, hours of one day, and days of many', () => {
    expect(activity(sampleBook('tiny'))).toBeUndefined();
    expect(calendarDays(sampleBook('tiny'))).toBeUndefined();
    const base = sampleBook('tiny');
    const newest = Array.from({ length: 12 }, (_, index) => action(index, builtAtUs - (index + 1) * hourUs));
    const days = [{ day: '2026-11-20', counts: counts({ completed: 12 }) }];
    const day = activity({
      ...base,
      actions: {
        ...base.actions,
        total: 12,
        newest,
        days,
        firstUs: builtAtUs - 12 * hourUs,
        lastUs: builtAtUs - hourUs,
      },
    });
    expect([day?.title, day?.bins.length]).toEqual(['Actions per hour', 13]);
    const many = activity(sampleBook('typical'));
    expect([many?.title, many?.bins.length, many?.note]).toEqual([
      'Actions per day',
      90,
      'last 90 days · 2,035 actions',
    ]);
    expect(many?.silences.map(({ label }) => label)).toEqual(['silent 3 days']);
  });

  it('ends with the last record of a book that fell silent', () => {
    expect(activity(sampleBook('silent'))?.note).toBe('Nov 14 to Dec 23, 2025 · 217 actions');
  });

  it('takes free weekends as usual', () => {
    const days = Array.from({ length: 28 }, (_, index) => index)
      .filter((index) => index % 7 < 5)
      .map((index) => ({
        day: new Date(Date.UTC(2026, 10, 2 + index)).toISOString().slice(0, 10),
        counts: counts({ completed: 1 }),
      }));
    expect(silences(days, 0, Date.UTC(2026, 10, 27) * 1000)).toEqual([]);
  });
});

describe('differences in words', () => {
  it('give units by name, shorten hashes, and fall back to what was recorded', () => {
    const text = (path: string, before: never, after: never) => {
      const row = differenceText({ kind: 'changed', path, before, after, amount: undefined });
      return `${row.path} ${row.before} ${row.sign} ${row.after} ${row.amount}`.trim();
    };
    expect(text('disk.free_bytes', 81_200_000_000 as never, 79_900_000_000 as never)).toBe(
      'disk.free_bytes 81.2 GB → 79.9 GB −1.30 GB (−1.6 %)',
    );
    expect(text('disk.free_bytes', 81_200_000_000 as never, 81_200_000_001 as never)).toBe(
      'disk.free_bytes 81,200,000,000 B → 81,200,000,001 B +1 B',
    );
    expect(text('git.head', `${'a1'.repeat(20)}` as never, `${'b2'.repeat(20)}` as never)).toBe(
      'git.head a1a1a1a → b2b2b2b',
    );
    expect(text('runs', 1 as never, 2 as never)).toBe('runs 1 → 2 +1 (+100 %)');
    expect(text('machine.uptime', 900 as never, 4560 as never)).toBe(
      'machine.uptime 15 min → 1 h 16 min +1 h 1 min (+406.7 %)',
    );
    expect(text('machine.uptime', 4558 as never, 4559 as never)).toMatch(
      /^machine.uptime 4,558 s → 4,559 s \+1/,
    );
  });

  it('name every kind of value', () => {
    expect([
      valueText(undefined),
      valueText(''),
      valueText(null),
      valueText([]),
      valueText({}),
      valueText([1, 'a']),
      valueText({ a: 1 }),
    ]).toEqual(['nothing', 'empty text', 'null', 'none', 'no fields', '1, a', 'a 1']);
  });
});

describe('snapshot pages', () => {
  it('list gaps where the snapshots are missing', () => {
    const view = snapshotsView(sampleBook('typical'));
    expect(view.rows.filter(({ kind }) => kind === 'gap')).toEqual([
      { kind: 'gap', text: '9 snapshots missed, Tue 17 between 02:00 and 06:30' },
    ]);
    expect(view.rows).toHaveLength(201);
    expect(view.lead).toBe(
      '240 snapshots, expected every 30 minutes, give or take 15 min; 9 were missed of the newest 321 slots, 12 came late.',
    );
  });

  it('give first what changed last, and fold what never changed', () => {
    const view = snapshotsView(sampleBook('typical'));
    const paths = view.fields.map(({ path }) => path);
    expect(view.fields.every(({ changes }) => changes > 0)).toBe(true);
    expect(view.still.length).toBeGreaterThan(0);
    expect(view.still.every(({ changes }) => changes === 0)).toBe(true);
    const since = view.fields.map(({ sinceUs }) => sinceUs);
    expect(since).toEqual([...since].sort((a, b) => b - a));
    expect(paths).not.toContain('system_state.timestamp');
    const few = { ...sampleBook('typical'), fields: sampleBook('typical').fields.slice(0, 5) };
    expect(snapshotsView(few).still).toEqual([]);
  });

  it('count readings apart from changes', () => {
    const rows = snapshotsView(sampleBook('typical')).rows.flatMap((row) =>
      row.kind === 'snapshot' ? [row.changed] : [],
    );
    expect(rows[0]).toEqual({ telling: 3, readings: 3 });
  });

  it('lead to a page where there is one, else to a comparison', () => {
    const rows = snapshotsView(sampleBook('huge')).rows.flatMap((row) =>
      row.kind === 'snapshot' ? [row.href] : [],
    );
    expect(rows[0]).toBe('snapshots/periodic_20261120_161800.html');
    expect(rows.every((href) => /^(snapshots\/|compare\.html\?a=)/.test(href))).toBe(true);
  });

  it('show sections, neighbours, changes and the actions in between', () => {
    const book = sampleBook('typical');
    const page = snapshotPageFacts(book, book.pageIds[1] as string);
    expect(page?.next?.href).toBe('periodic_20261120_161800.html');
    const sections = [...(page?.columns.flat() ?? []), ...(page?.wide ?? [])];
    expect(sections.map(({ name }) => name)).not.toContain('timestamp');
    expect(sections.find(({ name }) => name === 'cognitive_state')?.error).toMatch(/no such file/);
    expect(page?.between).toBe('../actions.html?from=2026-11-20T15:18:00.000Z&to=2026-11-20T15:48:00.000Z');
    expect(snapshotPageFacts(book, '../etc')).toBeUndefined();
  });

  it('give the width of the page to what half of it would break, and fill two columns with the rest', () => {
    const base = sampleBook('typical');
    const id = base.pageIds[0] as string;
    const records = Array.from({ length: 3 }, (_, index) => ({
      id: `89562eb1-0934-4454-9e43-65${index}cae299a75`,
      type: 'test',
      status: 'completed',
      started_at: '2026-11-20T16:09:32Z',
      triggers: ['push', 'schedule'],
    }));
    const content = {
      jobs: { completed: records },
      long: { a: [1, 2, 3, 4, 5, 6, 7] },
      b: { b: 1 },
      c: { c: 1 },
    };
    const page = snapshotPageFacts({ ...base, contentOf: () => content }, id);
    expect(page?.wide.map(({ name }) => name)).toEqual(['jobs']);
    expect(page?.columns.map((column) => column.map(({ name }) => name))).toEqual([['long'], ['b', 'c']]);
    const jobs = page?.wide[0]?.value;
    const table = jobs?.kind === 'object' ? jobs.entries[0]?.value : undefined;
    expect(table?.kind === 'table' && table.columns.map(({ type }) => type)).toEqual([
      'long',
      'short',
      'short',
      'short',
      'short',
    ]);
  });

  it('have the same key while nothing on them changes, also in a later build', () => {
    const book = sampleBook('typical');
    const id = book.pageIds[5] as string;
    const later = { ...book, builtAtUs: builtAtUs + hourUs };
    expect(snapshotPageKey(later, id)).toBe(snapshotPageKey(book, id));
    expect(snapshotPageKey({ ...book, title: 'other' }, id)).not.toBe(snapshotPageKey(book, id));
  });
});

describe('health', () => {
  it('says that there is nothing, or groups what there is by weight', () => {
    expect(healthPageFacts(sampleBook('tiny')).lead).toBe(
      'Nothing to report: 1 line and 1 snapshot read without a finding.',
    );
    const one = sampleBook('hostile').findings[0] as SiteBook['findings'][number];
    const findings = [
      { ...one, severity: 'note' as const },
      { ...one, hint: 'Another remedy.', expected: 'something else' },
      ...Array.from({ length: 260 }, (_, number) => ({ ...one, line: number + 1 })),
    ];
    const page = healthPageFacts({ ...sampleBook('tiny'), findings });
    expect(
      page.groups.map(({ severity, hint, findings: shown, folded, more }) => [
        severity,
        hint,
        shown.length,
        folded.length,
        more,
      ]),
    ).toEqual([
      ['error', one.hint, 5, 195, 60],
      ['error', 'Another remedy.', 1, 0, 0],
      ['note', one.hint, 1, 0, 0],
    ]);
  });
});
