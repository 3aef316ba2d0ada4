import { describe, expect, it } from 'vitest';
import { differences } from '../../../collector/base/difference/difference.ts';
import type { JsonObject } from '../../../collector/base/json/json.ts';
import { fieldChart, fieldMoment } from '../../../src/data/snapshots/field-chart.ts';
import type { FieldPoint } from '../../../src/data/snapshots/index.ts';
import { momentView } from '../../../src/data/snapshots/moment.ts';
import { noHabits } from '../../../src/data/snapshots/ranking.ts';
import { timeTravelView } from '../../../src/data/snapshots/time-travel.ts';
import { stateTone } from '../../../src/data/snapshots/tones.ts';
import { textOf } from '../../../src/parts/part.ts';
import { momentChangesPart, momentTitle, statePart } from '../../../src/parts/snapshots/moment.tsx';
import { changesText, pinnedFieldPart } from '../../../src/parts/snapshots/pinned-field.tsx';
import { sampleBook } from '../sample-book.ts';

const moment = (before: JsonObject, after: JsonObject) =>
  momentView(after, differences(before, after), noHabits);
const marksOf = (before: JsonObject, after: JsonObject) =>
  Object.fromEntries(
    moment(before, after).sections.flatMap(({ fields }) => fields.map(({ path, mark }) => [path, mark])),
  );

describe('the state of a moment', () => {
  it('marks what changed, what came, and what only moved, and puts changed sections first', () => {
    const before: JsonObject = { quiet: { a: 1 }, rail: { deploy: 'stable' }, host: { cpu_percent: 10.5 } };
    const after: JsonObject = {
      quiet: { a: 1 },
      rail: { deploy: 'degraded', since: 'today' },
      host: { cpu_percent: 11.5 },
    };
    expect(marksOf(before, after)).toEqual({
      'quiet.a': undefined,
      'rail.deploy': 'changed',
      'rail.since': 'new',
      'host.cpu_percent': 'moved',
    });
    const { sections } = moment(before, after);
    expect(sections.map(({ name, changed }) => [name, changed])).toEqual([
      ['rail', 2],
      ['quiet', 0],
      ['host', 0],
    ]);
  });

  it('counts what happened inside a list as a change of the list, and a new object by its fields', () => {
    expect(marksOf({ list: { all: ['a'] }, b: 1 }, { list: { all: ['a', 'b'] }, b: { c: 1, d: 2 } })).toEqual(
      {
        'list.all': 'changed',
        'b.c': 'changed',
        'b.d': 'changed',
      },
    );
    expect(marksOf({}, { new: { deep: { x: 1 } } })).toEqual({ 'new.deep.x': 'new' });
  });

  it('takes hostile names and sections of one value', () => {
    const content = JSON.parse(
      '{"__proto__": {"x": 1}, "a[b": {"c.d": [1]}, "single": "word"}',
    ) as JsonObject;
    const { sections } = moment({}, content);
    expect(sections.map(({ name }) => name)).toEqual(['__proto__', 'a[b', 'single']);
    expect(sections.find(({ name }) => name === 'single')?.fields[0]?.name).toBe('single');
    expect(statePart(sections).map(textOf).join(' ')).toContain('word');
  });

  it('is told in a heading and sentences', () => {
    const none = moment({ a: 1 }, { a: 1 });
    expect([momentTitle(none, false), momentTitle(none, true)]).toEqual([
      'Nothing changed',
      'The first snapshot',
    ]);
    expect(momentChangesPart(none, false).map(textOf).join('')).toContain('only the time differs');
    expect(momentTitle(moment({ a: 'x' }, { a: 'y' }), false)).toBe('1 change since the snapshot before');
  });

  it('prints only the first fields of a very large state', () => {
    const large = Object.fromEntries(Array.from({ length: 4000 }, (_, n) => [`field_${n}`, n]));
    const [section] = statePart(moment({}, { large, rest: { a: 1 } }).sections);
    expect(textOf(section!)).toContain('and 3,700 more');
  });
});

describe('a field at a moment', () => {
  const times = [0, 10, 20, 30, 40].map((seconds) => seconds * 1e6);
  const points: FieldPoint[] = [[1, 'stable'], [2], [4, 'failing']];

  it('has its value, since when, and its place among the changes', () => {
    const all = times.map((_, at) => fieldMoment('rail.deploy', points, times, at));
    expect(all.map(({ text, at }) => [text, at])).toEqual([
      ['not yet recorded', -1],
      ['stable', 0],
      ['no longer recorded', 1],
      ['no longer recorded', 1],
      ['failing', 2],
    ]);
    expect(all[3]?.sinceUs).toBe(20e6);
    expect(all.map((one) => changesText(2, one))).toEqual([
      '2 changes',
      '2 changes',
      '1 of 2',
      '1 of 2',
      '2 of 2',
    ]);
  });

  it('is a line for numbers with their units and a band for anything else', () => {
    const bytes = fieldChart(
      'disk.free_bytes',
      [
        [0, 1e9],
        [2, null],
        [3, 2.5e9],
      ],
      times,
    );
    expect(bytes).toMatchObject({ kind: 'line', minText: '1.00 GB', maxText: '2.50 GB' });
    const band = fieldChart('rail.deploy', points, times);
    expect(band).toMatchObject({ kind: 'band', tones: ['good', 'bad'] });
    expect(
      fieldChart(
        'a',
        [
          [0, 1],
          [1, 'one'],
        ],
        times,
      ).kind,
    ).toBe('band');
  });

  it('says in words what the drawing shows, whatever the values are', () => {
    const hostile: FieldPoint[] = [
      [0, '<script>\u202e'],
      [2, { a: ['<b>'] }],
    ];
    const chart = fieldChart('x', hostile, times);
    const row = pinnedFieldPart(
      { path: 'x["</script>"]', chart, changes: 1, moment: fieldMoment('x', hostile, times, 4) },
      times[4]!,
    );
    expect(JSON.stringify(row)).toMatch(/x\[.*over time: .*1 change/);
    expect(JSON.stringify(row)).not.toContain('\u202e');
  });

  it('has a colour only where the word has a meaning', () => {
    expect(['stable', 'FAILED', 'no_build_manifest', 'degraded', 'active', 'pending'].map(stateTone)).toEqual(
      ['good', 'bad', 'ink', 'warning', 'active', 'idle'],
    );
  });
});

describe('the printed time travel', () => {
  const heights = { marks: 56, actions: 24 };
  const viewOf = (book: ReturnType<typeof sampleBook>) =>
    timeTravelView(
      book,
      book.snapshots.map(({ atUs, health, changes }) => ({ atUs, health, changes })),
      [],
      heights,
    );

  it('shows the newest moment with its actions, and suggests states and numbers in turn', () => {
    const base = sampleBook('typical');
    const steps = base.snapshots.length - 1;
    const book = {
      ...base,
      fields: [
        { path: 'rail.deploy', value: 'stable', changes: 2, sinceUs: 0, sinceId: '' },
        { path: 'load', value: 3, changes: steps, sinceUs: 0, sinceId: '' },
        { path: 'when', value: '2026-01-01T00:00:00Z', changes: 9, sinceUs: 0, sinceId: '' },
        { path: 'still', value: 1, changes: 0, sinceUs: 0, sinceId: '' },
      ],
      fieldPointsOf: (path: string): FieldPoint[] | undefined =>
        path === 'load'
          ? [
              [0, 1],
              [1, 3],
            ]
          : path === 'rail.deploy'
            ? [
                [0, 'stable'],
                [1, 'degraded'],
                [2, 'stable'],
              ]
            : undefined,
    };
    const view = viewOf(book)!;
    expect(view.pins.map(({ path, chart }) => [path, chart.kind])).toEqual([
      ['rail.deploy', 'band'],
      ['load', 'line'],
    ]);
    expect(view.newest.id).toBe(book.snapshots.at(-1)!.id);
    expect(view.choices.map(({ path }) => path)).toEqual(['load', 'when', 'rail.deploy']);
    expect(view.strip.marks.length).toBeGreaterThan(1);
  });

  it('has nothing to show in a book without snapshots', () => {
    expect(viewOf(sampleBook('empty'))).toBeUndefined();
  });
});
