import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openBook } from '../../../collector/index.ts';
import { fieldHistory } from '../../../collector/operations/snapshots/field-history.ts';
import { foreignLine, temporaryBook } from '../../helpers.ts';

const at = (hour: number, minute = 0) =>
  `2026-01-01T${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}:00Z`;
const us = (hour: number, minute = 0) => Date.parse(at(hour, minute)) * 1000;

/** A book with one snapshot an hour from midnight on, and actions at the given minutes of an hour. */
function hourly(
  states: object[],
  actions: { id?: string; hour: number; minute: number; type?: string }[] = [],
) {
  const files = Object.fromEntries(
    states.map((state, hour) => {
      const id = `periodic_20260101_${String(hour).padStart(2, '0')}0000`;
      const content = { snapshot_id: id, snapshot_type: 'periodic', timestamp: at(hour), ...state };
      return [`snapshots/${id}.json`, JSON.stringify(content)];
    }),
  );
  const log = actions.map(({ id, hour, minute, type = 'deploy' }) =>
    JSON.stringify({
      ...JSON.parse(foreignLine({ id: `action_${hour}_${minute}`, type, at: at(hour, minute) })),
      action: { type, status: 'completed', details: {}, ...(id === undefined ? {} : { id }) },
    }),
  );
  return temporaryBook({ ...files, 'snapshots/action_log.jsonl': log.map((line) => `${line}\n`).join('') });
}

const brief = async (root: string, path: string, more: { sinceUs?: number; limit?: number } = {}) => {
  const { values } = await fieldHistory({ root, path, ...more });
  return values.map(({ value, fromUs, untilUs, snapshots }) => [
    value,
    (fromUs - us(0)) / 3600e6,
    (untilUs - us(0)) / 3600e6,
    snapshots,
  ]);
};

describe('the history of a field', () => {
  it('joins equal values, newest first, and sees a field go and come', async () => {
    const root = hourly([{ rail: 'up' }, { rail: 'up' }, {}, { rail: 'down' }, { rail: 'up' }]);
    expect(await brief(root, 'rail')).toEqual([
      ['up', 4, 4, 1],
      ['down', 3, 3, 1],
      [undefined, 2, 2, 1],
      ['up', 0, 1, 2],
    ]);
    expect(await fieldHistory({ root, path: 'rail' })).toMatchObject({
      snapshots: 5,
      present: 4,
      changes: 3,
    });
  });

  it('says how much a number moved, and takes equal objects for equal whatever the order of their keys', async () => {
    const root = hourly([
      { n: 100, o: { a: 1, b: 2 } },
      { n: 150, o: { b: 2, a: 1 } },
      { n: 150, o: { a: 1 } },
    ]);
    const numbers = await fieldHistory({ root, path: 'n' });
    expect(numbers.values.map(({ amount }) => amount)).toEqual(['+50 (+50 %)', undefined]);
    expect(await brief(root, 'o')).toEqual([
      [{ a: 1 }, 2, 2, 1],
      [{ a: 1, b: 2 }, 0, 1, 2],
    ]);
  });

  it('follows an element of a list by its name', async () => {
    const list = (...names: string[]) => ({ modules: names.map((name, state) => ({ name, state })) });
    const root = hourly([list('a', 'b'), list('b', 'a'), list('c', 'a')]);
    expect((await brief(root, 'modules.a.state')).map(([value]) => value)).toEqual([1, 0]);
    expect((await brief(root, 'modules[name=b].state')).map(([value]) => value)).toEqual([undefined, 0, 1]);
    expect((await brief(root, 'modules[0].name')).map(([value]) => value)).toEqual(['c', 'b', 'a']);
  });

  it('looks up the actions between the last snapshot with the old value and the first with the new', async () => {
    const root = hourly(
      [{ rail: 'up' }, { rail: 'up' }, { rail: 'down' }],
      [
        { hour: 0, minute: 30, type: 'too early' },
        { hour: 1, minute: 0, type: 'with the old one' },
        { hour: 1, minute: 20, id: 'one', type: 'build' },
        { hour: 1, minute: 10, id: 'one', type: 'build' },
        { hour: 1, minute: 30, type: 'deploy' },
        { hour: 1, minute: 40, type: 'test' },
        { hour: 1, minute: 50, type: 'check' },
        { hour: 2, minute: 0, type: 'at the new one' },
        { hour: 2, minute: 1, type: 'too late' },
      ],
    );
    const { values } = await fieldHistory({ root, path: 'rail' });
    expect(values[0]!.between.count).toBe(5);
    expect(values[0]!.between.newest.map(({ type }) => type)).toEqual(['at the new one', 'check', 'test']);
    expect(values[1]!.between).toEqual({ count: 0, newest: [] });
  });

  it('keeps as many values as are wanted, those that were still there since a time', async () => {
    const root = hourly(Array.from({ length: 12 }, (_, n) => ({ n })));
    expect((await brief(root, 'n', { limit: 3 })).map(([value]) => value)).toEqual([11, 10, 9]);
    expect((await brief(root, 'n', { sinceUs: us(10) })).map(([value]) => value)).toEqual([11, 10]);
    const { changes, points } = await fieldHistory({ root, path: 'n', sinceUs: us(10), limit: 1 });
    expect([changes, points.length]).toEqual([11, 2]);
  });

  it('is what the library gives', async () => {
    const root = hourly([{ n: 1 }, { n: 2 }, { n: 3 }]);
    const book = await openBook(root);
    const history = await book.periodic.history('n', { limit: 2 });
    expect(history).toEqual(await fieldHistory({ root, path: 'n', limit: 2 }));
    expect(history.values.map(({ value }) => value)).toEqual([3, 2]);
    await book.close();
  });

  it('goes on past a snapshot that cannot be read, and counts it', async () => {
    const root = hourly([{ n: 1 }, { n: 1 }]);
    writeFileSync(join(root, 'snapshots/periodic_20260101_003000.json'), '{"n": ');
    expect(await fieldHistory({ root, path: 'n' })).toMatchObject({ damaged: 1, snapshots: 2, changes: 0 });
    const broken = temporaryBook({ 'snapshots/periodic_20260101_003000.json': '{"n": ' });
    await expect(fieldHistory({ root: broken, path: 'n' })).rejects.toThrow('no periodic snapshot');
  });

  it('names near paths where no snapshot has the field, and refuses what is no path', async () => {
    const root = hourly([{ rail_status: { deployment: 'up' }, modules: [{ name: 'core', state: 1 }] }]);
    const hintFor = (path: string): Promise<unknown[]> =>
      fieldHistory({ root, path }).then(Object.values, ({ code, hint }) => [code, hint]);
    expect(await hintFor('rail_status.deploymnt')).toEqual(['not-found', 'Near are rail_status.deployment.']);
    expect(await hintFor('deployment')).toEqual(['not-found', 'Near are rail_status.deployment.']);
    expect(await hintFor('state')).toEqual(['not-found', 'Near are modules.core.state.']);
    expect((await hintFor('xyz'))[1]).toBe('Run daybook latest to see the fields of the newest snapshot.');
    expect((await hintFor('__proto__'))[0]).toBe('not-found');
    expect((await hintFor('a['))[0]).toBe('usage');
    expect((await hintFor(''))[0]).toBe('usage');
  });
});
