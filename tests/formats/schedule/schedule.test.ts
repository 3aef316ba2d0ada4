import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTime } from '../../../collector/base/time.ts';
import { type Coverage, coverage } from '../../../collector/formats/schedule/coverage.ts';
import { formatDuration, parseDuration } from '../../../collector/formats/schedule/duration.ts';
import {
  defaultToleranceMs,
  intervalWord,
  nextSlots,
  parseSchedule,
  resolveSchedule,
} from '../../../collector/formats/schedule/schedule.ts';
import type { ScheduleConfig } from '../../../collector/formats/schedule/slots.ts';
import { amount } from '../../long.ts';

const minuteUs = 60e6;

function at(text: string): number {
  return parseTime(`2026-03-01T${text}Z`)!.us;
}

function schedule(text: string, toleranceMs?: number): ScheduleConfig {
  const read = parseSchedule(text);
  if ('problem' in read) throw new Error(read.problem);
  return resolveSchedule(read.rule, toleranceMs);
}

function taken(...times: string[]) {
  return times.map((time) => ({ id: time, atUs: at(time) }));
}

function states(result: Coverage): string {
  return result.slots.map(({ state, id }) => (id === undefined ? state : `${state}:${id}`)).join(' ');
}

const half = schedule('30m');

describe('parseSchedule', () => {
  it.each([
    ['30m', 30],
    ['every 30 minutes', 30],
    ['30_minutes', 30],
    ['Every hour', 60],
    ['1.5h', 90],
    ['daily', 1440],
    ['2 weeks', 20160],
  ])('reads %s as an interval', (text, minutes) => {
    expect(parseSchedule(text)).toEqual({ rule: { kind: 'interval', everyMs: minutes * 60_000 } });
  });

  it.each(['*/30 * * * *', '7 4 * * MON-FRI', '@daily', '0 0 29 2 *'])('reads %s as cron', (cron) => {
    expect(parseSchedule(cron)).toEqual({ rule: { kind: 'cron', cron } });
  });

  it.each([
    ['', /neither/],
    ['10s', /shorter than a minute/],
    ['sometimes', /neither/],
    ['61 * * * *', /minute/],
    ['*/30 * * * * *', /neither/],
    ['0 0 30 2 *', /never occurs/],
    ['every -5 minutes', /neither/],
  ])('refuses %j and says why', (text, why) => {
    expect(parseSchedule(text)).toEqual({ problem: expect.stringMatching(why) });
  });
});

describe('durations', () => {
  it('survive the way to text and back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e11 }), (ms) => parseDuration(formatDuration(ms)) === ms),
    );
  });
});

describe('nextSlots', () => {
  it('gives times strictly after the given one, in UTC', () => {
    expect(nextSlots({ kind: 'cron', cron: '15 6 * * *' }, at('06:15:00'), 1)).toEqual([
      at('06:15:00') + 1440 * minuteUs,
    ]);
    expect(nextSlots({ kind: 'interval', everyMs: 1_800_000 }, at('06:15:00'), 2)).toEqual([
      at('06:30:00'),
      at('07:00:00'),
    ]);
  });
});

describe('tolerance', () => {
  it('is half the time to the next slot, between a minute and an hour', () => {
    const toleranceOf = (text: string) => defaultToleranceMs(schedule(text)) / 60_000;
    expect(toleranceOf('30m')).toBe(15);
    expect(toleranceOf('*/10 * * * *')).toBe(5);
    expect(toleranceOf('* * * * *')).toBe(1);
    expect(toleranceOf('0 6 * * *')).toBe(60);
    expect(toleranceOf('0,20 6 * * 1')).toBe(10);
  });
});

describe('coverage', () => {
  it('fills one slot per snapshot, on time or late, and leaves the newest open until its tolerance is over', () => {
    const result = coverage(half, taken('10:02:00', '10:50:00', '11:31:00'), at('12:10:00'));
    expect(states(result)).toBe('taken:10:02:00 late:10:50:00 missed taken:11:31:00 open');
    expect(result).toMatchObject({
      expected: 'every 30 minutes',
      toleranceMs: 900_000,
      kept: 3,
      missed: 1,
      late: 1,
    });
    expect(result.gaps).toEqual([{ fromUs: at('11:00:00'), toUs: at('11:30:00'), missed: 1 }]);
    expect(states(coverage(half, taken('10:02:00', '10:50:00', '11:31:00'), at('12:15:00')))).toMatch(
      /open$/,
    );
    expect(states(coverage(half, taken('10:02:00', '10:50:00', '11:31:00'), at('12:16:00')))).toMatch(
      /missed$/,
    );
  });

  it('expects nothing before the first snapshot, nor the slot it was too late for', () => {
    expect(states(coverage(half, taken('10:20:00', '10:31:00'), at('10:40:00')))).toBe('taken:10:31:00');
    expect(coverage(half, [], at('10:40:00'))).toMatchObject({ slots: [], gaps: [], missed: 0 });
    expect(coverage(half, taken('10:20:00'), at('10:25:00')).slots).toEqual([]);
  });

  it('takes a second snapshot between two slots for the delayed run of the one before, if it is near enough', () => {
    const delayed = coverage(half, taken('10:00:00', '11:02:00', '11:10:00'), at('11:20:00'));
    expect(states(delayed)).toBe('taken:10:00:00 late:11:10:00 taken:11:02:00');
    const byHand = coverage(half, taken('10:00:00', '11:02:00', '11:25:00'), at('11:26:00'));
    expect(states(byHand)).toBe('taken:10:00:00 missed taken:11:02:00');
  });

  it('is not hurt by snapshots taken by hand', () => {
    const result = coverage(
      half,
      taken('10:00:30', '10:05:00', '10:06:00', '10:30:10', '10:31:00'),
      at('10:59:00'),
    );
    expect(states(result)).toBe('taken:10:00:30 taken:10:30:10');
    expect(result.gaps).toEqual([]);
  });

  it('lists gaps of the whole book, newest first, beyond the slots it lists', () => {
    const long = coverage(
      half,
      taken('00:00:00', '00:30:00', '03:00:00'),
      at('03:10:00') + 30 * 1440 * minuteUs,
    );
    expect(long.slots).toHaveLength(336);
    expect(long).toMatchObject({ kept: 0, missed: 335 });
    expect(long.gaps).toEqual([
      { fromUs: at('03:30:00'), toUs: at('03:00:00') + 30 * 1440 * minuteUs, missed: 1439 },
      { fromUs: at('01:00:00'), toUs: at('03:00:00'), missed: 4 },
    ]);
  });

  it('knows cron days: nothing is missed over a weekend', () => {
    const weekdays = schedule('0 9 * * MON-FRI');
    const friday = parseTime('2026-03-06T09:05:00Z')!.us;
    const monday = parseTime('2026-03-09T09:10:00Z')!.us;
    const result = coverage(
      weekdays,
      [
        { id: 'f', atUs: friday },
        { id: 'm', atUs: monday },
      ],
      monday + minuteUs,
    );
    expect(states(result)).toBe('taken:f taken:m');
    expect(result.expected).toBe('cron 0 9 * * MON-FRI (UTC)');
  });

  it('ignores snapshots from the future, from 1800 and without a time', () => {
    const wrong = [Number.NaN, at('23:00:00'), parseTime('1800-01-01T00:00:00Z')!.us].map((atUs) => ({
      id: 'x',
      atUs,
    }));
    expect(states(coverage(half, [...wrong, ...taken('10:00:00')], at('10:10:00')))).toBe('taken:10:00:00');
  });
});

describe('coverage of any history', () => {
  const rules = fc.constantFrom(
    '30m',
    '70m',
    '*/30 * * * *',
    '5,17,50 */3 * * *',
    '0 9 * * 1,4',
    '0 0 1 * *',
  );
  const offsets = fc.array(fc.integer({ min: 0, max: 40 * 1440 }), { maxLength: 60 });

  it('counts every due slot exactly once, and uses every snapshot at most once', () => {
    fc.assert(
      fc.property(rules, offsets, (rule, minutes) => {
        const now = at('00:00:00') + 41 * 1440 * minuteUs;
        const snapshots = minutes.map((minute, index) => ({
          id: `s${index}`,
          atUs: at('00:00:00') + minute * minuteUs,
        }));
        const unlimited = { days: 1000, slots: 1e6, gaps: 1e6 };
        const result = coverage(schedule(rule), snapshots, now, unlimited);
        const ids = result.slots.flatMap(({ id }) => (id === undefined ? [] : [id]));
        expect(new Set(ids).size).toBe(ids.length);
        expect(result.kept).toBe(ids.length);
        const open = result.slots.filter(({ state }) => state === 'open').length;
        expect(result.kept + result.missed + open).toBe(result.slots.length);
        expect(result.gaps.reduce((sum, gap) => sum + gap.missed, 0)).toBe(result.missed);
        const first = snapshots.map(({ atUs }) => atUs).sort((a, b) => a - b)[0] ?? 0;
        const times = result.slots.map(({ atUs }) => atUs);
        expect(times.join()).toBe(nextSlots(parsed(rule), (times[0] ?? 0) - 1, times.length).join());
        for (const time of times)
          expect(time).toBeGreaterThanOrEqual(first - schedule(rule).toleranceMs * 1000);
      }),
      { numRuns: amount(20, 200) },
    );
  });

  it('finds no gap where every slot has its snapshot within the tolerance, whatever else was taken', () => {
    fc.assert(
      fc.property(
        offsets,
        fc.array(fc.integer({ min: 0, max: 14 }), { minLength: 96, maxLength: 96 }),
        (extra, delays) => {
          const kept = delays.map((delay, index) => ({
            id: `k${index}`,
            atUs: at('00:00:00') + (index * 30 + delay) * minuteUs,
          }));
          const byHand = extra.map((minute, index) => ({
            id: `e${index}`,
            atUs: at('00:00:00') + minute * minuteUs,
          }));
          const result = coverage(half, [...byHand, ...kept], at('00:00:00') + 96 * 30 * minuteUs - 1);
          expect(result).toMatchObject({ missed: 0, gaps: [], kept: 96 });
        },
      ),
      { numRuns: amount(30, 300) },
    );
  });
});

describe('coverage of large books', () => {
  it('lays a year of half hours in far less than the limit of 200 ms', () => {
    const snapshots = Array.from({ length: 17_520 }, (_, index) => ({
      id: `s${index}`,
      atUs: at('00:00:00') + (index * 30 + (index % 13)) * minuteUs,
    }));
    const started = performance.now();
    const result = coverage(schedule('*/30 * * * *'), snapshots, snapshots.at(-1)!.atUs);
    expect(performance.now() - started).toBeLessThan(200);
    expect(result).toMatchObject({ missed: 0, gaps: [] });
  });

  it('does not explode on ten years of minutes of which nearly all were missed', () => {
    const started = performance.now();
    const result = coverage(
      schedule('*/1 * * * *'),
      taken('10:00:00'),
      at('10:00:00') + 3652 * 1440 * minuteUs,
    );
    expect(performance.now() - started).toBeLessThan(200);
    expect(result.slots).toHaveLength(700);
    expect(result.gaps[0]?.missed).toBe(3652 * 1440 - 2);
  });
});

describe('intervalWord', () => {
  it('is the word of the original where there is one', () => {
    expect(['30m', '*/30 * * * *', '1h', '0 9 * * 1'].map((text) => intervalWord(parsed(text)))).toEqual([
      '30_minutes',
      '30_minutes',
      '1_hour',
      '0 9 * * 1',
    ]);
  });
});

function parsed(text: string) {
  const read = parseSchedule(text);
  if ('problem' in read) throw new Error(read.problem);
  return read.rule;
}
