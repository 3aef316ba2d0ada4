import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../collector/base/json/json.ts';
import { parseTime } from '../../../collector/base/time.ts';
import { coverage } from '../../../collector/formats/schedule/coverage.ts';
import { recorderOf } from '../../../collector/formats/schedule/recorder.ts';
import { disabledText, recorderSentence } from '../../../collector/formats/schedule/recorder-words.ts';
import { nextSlots, parseSchedule, resolveSchedule } from '../../../collector/formats/schedule/schedule.ts';
import type { ScheduleConfig } from '../../../collector/formats/schedule/slots.ts';
import { amount } from '../../long.ts';

const us = (text: string) => parseTime(text)!.us;
const minuteUs = 60e6;
const dayUs = 86_400e6;

function schedule(text: string, toleranceMs?: number): ScheduleConfig {
  const read = parseSchedule(text);
  if ('problem' in read) throw new Error(read.problem);
  return resolveSchedule(read.rule, toleranceMs);
}

function recorder(text: string, taken: string[], now: string, newest?: JsonObject, lastUs?: number) {
  const snapshots = taken.map((time) => ({ id: time, atUs: us(time) }));
  const covered = coverage(schedule(text), snapshots, us(now));
  return recorderOf(covered, { nowUs: us(now), lastUs, newest: () => newest });
}

describe('the state of the recorder', () => {
  const half = '*/30 * * * *';
  const taken = ['2026-11-20T09:30:02Z', '2026-11-20T10:00:03Z'];

  it.each([
    ['2026-11-20T10:29:00Z', 'running', 0],
    // The slot of 10:30 has 15 minutes.
    ['2026-11-20T10:45:00Z', 'running', 0],
    ['2026-11-20T10:45:01Z', 'late', 1],
    ['2026-11-20T11:15:01Z', 'late', 2],
    // Three slots, but a hosted schedule that is busy may do that: silence is one from two hours on.
    ['2026-11-20T11:45:01Z', 'late', 3],
    ['2026-11-20T12:00:03Z', 'silent', 3],
    ['2026-11-25T12:00:00Z', 'silent', 243],
  ])('at %s is %s, %i overdue', (now, state, overdue) => {
    expect(recorder(half, taken, now)).toMatchObject({ state, overdue, newestUs: us(taken[1]!) });
  });

  it.each([
    // Nothing is due at night and on days off, however long they are.
    ['0 9-17 * * MON-FRI', ['2026-11-20T17:00:09Z'], '2026-11-23T09:20:00Z', 'running'],
    ['0 9-17 * * MON-FRI', ['2026-11-20T17:00:09Z'], '2026-11-23T09:40:00Z', 'late'],
    ['0 9-17 * * MON-FRI', ['2026-11-20T17:00:09Z'], '2026-11-23T11:40:00Z', 'silent'],
    ['0 6 * * 1', ['2026-11-02T06:10:00Z'], '2026-11-09T06:59:00Z', 'running'],
    ['0 6 * * 1', ['2026-11-02T06:10:00Z'], '2026-11-19T00:00:00Z', 'late'],
    ['0 6 * * 1', ['2026-11-02T06:10:00Z'], '2026-11-23T07:01:00Z', 'silent'],
    // Clocks are put back on 2026-10-25 in Europe: nothing of that is seen in UTC.
    ['30 1 * * *', ['2026-10-24T01:30:10Z', '2026-10-25T01:30:10Z'], '2026-10-26T01:30:10Z', 'running'],
    ['30 1 * * *', ['2026-10-24T01:30:10Z', '2026-10-25T01:30:10Z'], '2026-10-26T02:31:00Z', 'late'],
    ['17,47 * * * *', ['2026-11-20T10:17:40Z'], '2026-11-20T14:00:00Z', 'silent'],
    ['6 hours', ['2026-11-20T00:05:00Z'], '2026-11-20T13:01:00Z', 'late'],
    ['0 0 29 2 *', ['2028-02-29T00:10:00Z'], '2031-11-20T13:00:00Z', 'running'],
  ])('%s, newest of %j, at %s: %s', (text, times, now, state) => {
    expect(recorder(text, times, now).state).toBe(state);
  });

  it('is nothing without a schedule, and waits for the first snapshot', () => {
    expect(recorderOf(undefined, { nowUs: 1 })).toMatchObject({ state: 'unscheduled', overdue: 0 });
    expect(recorder(half, [], '2026-11-20T10:29:00Z')).toMatchObject({ state: 'waiting', overdue: 0 });
  });

  it('runs again with the next snapshot, whatever was missed before', () => {
    const late = recorder(half, [...taken, '2026-11-20T18:00:03Z'], '2026-11-20T18:10:00Z');
    expect(late).toMatchObject({ state: 'running', overdue: 0 });
  });
});

describe('any history', () => {
  const rules = fc.constantFrom(
    '30m',
    '70m',
    '*/30 * * * *',
    '5,17,50 */3 * * *',
    '0 9 * * 1,4',
    '0 0 1 * *',
  );
  const minutes = fc.array(fc.integer({ min: 0, max: 40 * 1440 }), { minLength: 1, maxLength: 30 });
  const startUs = us('2026-03-01T00:00:00Z');
  const coveredAt = (rule: string, taken: number[], nowUs: number) =>
    coverage(
      schedule(rule),
      taken.map((minute, at) => ({ id: `${at}`, atUs: startUs + minute * minuteUs })),
      nowUs,
      { days: 1000, slots: 1e6, gaps: 1e6 },
    );

  it('has as many slots overdue as follow the newest snapshot and are over', () => {
    fc.assert(
      fc.property(rules, minutes, fc.integer({ min: 0, max: 45 * 1440 }), (rule, taken, laterMinutes) => {
        const newestUs = startUs + Math.max(...taken) * minuteUs;
        const nowUs = newestUs + laterMinutes * minuteUs;
        const toleranceUs = schedule(rule).toleranceMs * 1000;
        const { overdue, slots } = coveredAt(rule, taken, nowUs);
        // Counted in another way: slots of the rule strictly behind the newest snapshot, their tolerance over.
        const due = nextSlots(schedule(rule), newestUs, 4000).filter((slot) => slot + toleranceUs < nowUs);
        // The slot before the only snapshot is not expected where that came too late for it.
        expect(overdue?.missed ?? 0).toBe(slots.length === 0 ? 0 : due.length);
        expect(overdue?.fromUs).toBe(slots.length === 0 ? undefined : due[0]);
      }),
      { numRuns: amount(40, 400) },
    );
  });

  it('says when one more will be overdue, to the moment', () => {
    fc.assert(
      fc.property(rules, minutes, fc.integer({ min: 0, max: 1440 }), (rule, taken, laterMinutes) => {
        const nowUs = startUs + (Math.max(...taken) + laterMinutes) * minuteUs;
        const before = coveredAt(rule, taken, nowUs);
        const count = (atUs: number) => coveredAt(rule, taken, atUs).overdue?.missed ?? 0;
        const dueUs = before.nextDueUs!;
        expect(dueUs).toBeGreaterThanOrEqual(nowUs);
        expect(count(dueUs)).toBe(count(nowUs));
        expect(count(dueUs + 1)).toBe(count(nowUs) + 1);
      }),
      { numRuns: amount(40, 400) },
    );
  });

  it('never gets better by time alone', () => {
    const order = ['waiting', 'running', 'late', 'silent', 'disabled'];
    fc.assert(
      fc.property(rules, minutes, fc.array(fc.nat(90 * 1440), { maxLength: 6 }), (rule, taken, steps) => {
        const newestUs = startUs + Math.max(...taken) * minuteUs;
        const states = steps
          .sort((a, b) => a - b)
          .map((step) => {
            const nowUs = newestUs + step * minuteUs;
            return order.indexOf(recorderOf(coveredAt(rule, taken, nowUs), { nowUs }).state);
          });
        expect(states).toEqual([...states].sort((a, b) => a - b));
      }),
    );
  });
});

describe('a schedule that GitHub may have disabled', () => {
  const stopped = '2026-11-20T10:00:03Z';
  const hosted = (committed: string | null) => ({
    workflows: { files: [{ name: 'Daybook', crons: ['*/30 * * * *'], triggers: ['schedule'] }] },
    git: { committed_at: committed },
  });
  const at = (days: number) => new Date((us(stopped) + days * dayUs) / 1000).toISOString();
  const guess = (content: JsonObject | undefined, days: number, lastUs?: number) => {
    const state = recorder('*/30 * * * *', [stopped], at(days), content, lastUs);
    return [state.state, state.idle?.until, state.idle?.days];
  };

  it.each([
    [57, 'silent', undefined, undefined],
    [58, 'disabled', 'stop', 58],
    [60, 'disabled', 'stop', 60],
    [75, 'disabled', 'stop', 75],
    // It went on for long after that: the rule does not explain the stop.
    [76, 'silent', undefined, undefined],
  ])('is guessed where the newest commit was %i days old at the stop', (age, ...expected) => {
    expect(guess(hosted(at(-age)), 2)).toEqual(expected);
  });

  it('is guessed where nothing was recorded for 60 days since, and not where something was', () => {
    expect(guess(hosted(at(-3)), 59)).toEqual(['silent', undefined, undefined]);
    expect(guess(hosted(at(-3)), 61)).toEqual(['disabled', 'now', 61]);
    expect(guess(hosted(at(-3)), 61, us(at(30)))).toEqual(['silent', undefined, undefined]);
    expect(guess(hosted(null), 70)).toEqual(['disabled', 'now', 70]);
  });

  it('is not guessed where no workflow runs by the clock, nor of a snapshot that cannot be read', () => {
    expect(guess({ ...hosted(at(-60)), workflows: { files: [{ name: 'ci' }] } }, 2)[0]).toBe('silent');
    expect(guess({ git: { committed_at: at(-60) } }, 2)[0]).toBe('silent');
    expect(guess({ ...hosted(null), workflows: { error: 'no such file' } }, 70)[0]).toBe('silent');
    expect(guess(undefined, 70)[0]).toBe('silent');
  });

  it('is not asked about while snapshots come', () => {
    const covered = coverage(schedule('30m'), [{ id: 'a', atUs: us(stopped) }], us(stopped));
    const newest = () => {
      throw new Error('read for nothing');
    };
    expect(recorderOf(covered, { nowUs: us(stopped), newest }).state).toBe('running');
  });
});

describe('the words', () => {
  const half = ['2026-11-21T10:17:40Z'];
  it.each([
    ['2026-11-21T10:20:00Z', undefined],
    ['2026-11-21T11:05:00Z', 'The snapshot of Nov 21 at 10:47 is overdue'],
    ['2026-11-21T11:40:00Z', 'Two snapshots are overdue, the first since Nov 21 at 10:47'],
    ['2026-11-26T09:00:00Z', 'Snapshots stopped on Nov 21 at 10:17'],
    ['2027-02-01T09:00:00Z', 'Snapshots stopped on Nov 21, 2026 at 10:17'],
  ])('at %s: %s', (now, said) => {
    expect(recorderSentence(recorder('17,47 * * * *', half, now), us(now))).toBe(said);
  });

  it('say a guess as a guess, and what to do', () => {
    expect(disabledText({ idle: undefined })).toBeUndefined();
    expect(disabledText({ idle: { days: 61, until: 'stop' } })).toBe(
      'GitHub has probably disabled the schedule, as it does in public repositories after 60 days without activity (a guess: the newest commit was 61 days old when they stopped). Enable the workflow again on the page Actions of the repository, and run it once.',
    );
    expect(disabledText({ idle: { days: 73, until: 'now' } })).toContain(
      '(a guess: nothing has been recorded for 73 days)',
    );
  });
});
