import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAlertCondition } from '../../../collector/runs/alerts/rule.ts';
import { subjectOf } from '../../../collector/runs/alerts/subjects.ts';
import { matchesRun } from '../../../collector/runs/filter/match.ts';

describe('the condition of a rule', () => {
  it.each([
    ['action.status == failed and type == deploy', 'action', ['type']],
    ['action status = failed AND NOT (type = test OR type ~ lint)', 'action', ['type', 'type']],
    ['type = deploy and details.target = production', 'action', ['type', 'details.target']],
    ['action.duration > 10 min', 'action', []],
    ['run.status = failed', 'run', []],
    ['metric acc < 0.9', 'run', ['metrics.acc']],
    ['metrics.acc < 0.9 and run.status = completed', 'run', ['metrics.acc']],
    ['param lr > 1 and metric "val loss" > 3', 'run', ['params.lr', 'metrics.val loss']],
    ['run.stale', 'run', []],
    ['snapshot.git.branch != main', 'snapshot', ['git.branch']],
    ['snapshot health = failing', 'snapshot', ['health']],
    ['silent > 2h', 'recorder', []],
    ['overdue >= 3 or recorder = disabled', 'recorder', ['overdue']],
  ])('%s is about %s', (text, kind, names) => {
    expect(parseAlertCondition(text)).toMatchObject({ condition: { kind, names } });
  });

  it.each([
    ['', 'Expected a condition, found empty text.'],
    [
      'status = failed',
      'Expected a condition that says what it is about, found "status" alone; write action.status, run.status or snapshot.status.',
    ],
    [
      'action.status = failed and metric acc < 1',
      'Expected a condition about one kind of thing, found action and run; make two rules.',
    ],
    ['action.status', 'Expected one of = != < <= > >= ~ at character 14, found the end.'],
    ['silent > 2h and', 'Expected a field, NOT or "(" at character 16, found the end.'],
    [
      'action.typ = deploy',
      'Expected one of status, duration, started, type, id, run, error, details.… at character 1, found "action.typ"; did you mean type?',
    ],
    [
      'silent > 2h or since = 3',
      'Expected one of silent, state, overdue, missed at character 16, found "since".',
    ],
  ])('%j is refused: %s', (text, problem) => {
    const read = parseAlertCondition(text);
    expect(read.problem).toBe(problem);
  });

  it('never throws', () => {
    const piece = fc.constantFrom(
      'action',
      'metric',
      '.',
      ' ',
      '=',
      '<',
      '(',
      ')',
      'and',
      'not',
      '"',
      'silent',
      '2h',
      'x',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const read = parseAlertCondition(pieces.join(' '));
        expect(read.problem === undefined).toBe(read.condition !== undefined);
      }),
    );
  });

  it('compares durations, numbers and texts', () => {
    const holds = (text: string, given: object, values = {}) =>
      matchesRun(parseAlertCondition(text).condition!.filter, subjectOf(given, values));
    expect(holds('silent > 2h', { durationMs: 7_200_001 })).toBe(true);
    expect(holds('silent > 2h', { durationMs: 7_200_000 })).toBe(false);
    expect(holds('silent > 2h', {})).toBe(false);
    expect(holds('action.status = failed', { status: 'failed', statusWord: 'error' })).toBe(true);
    expect(holds('action.status = error', { status: 'failed', statusWord: 'error' })).toBe(true);
    expect(holds('snapshot.disk.free < 10', {}, { 'disk.free': 9 })).toBe(true);
    expect(holds('snapshot.disk.free < 10', {})).toBe(false);
  });
});
