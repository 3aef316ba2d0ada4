import { describe, expect, it } from 'vitest';
import { followFields } from '../../../src/data/snapshots/field-histories.ts';

const snapshots = [0, 1, 2, 3].map((at) => ({ id: `s${at}`, atUs: at * 1e6 }));

describe('following fields over snapshots', () => {
  it('keeps only changes: since when a value stands, and which snapshot brought it', () => {
    const fields = followFields();
    for (const rail of ['stable', 'stable', 'degraded', 'degraded'])
      fields.follow({ rail: { deployment: rail }, modules: ['a'] });
    expect(fields.histories(snapshots)).toEqual([
      { path: 'rail.deployment', value: 'degraded', changes: 1, sinceUs: 2e6, sinceId: 's2' },
      { path: 'modules', value: ['a'], changes: 0, sinceUs: 0, sinceId: 's0' },
    ]);
    expect(fields.sections()[0]).toEqual({
      section: 'rail',
      fields: [
        {
          path: 'rail.deployment',
          points: [
            [0, 'stable'],
            [2, 'degraded'],
          ],
        },
      ],
    });
  });

  it('says where a field was gone and came back', () => {
    const fields = followFields();
    fields.follow({ a: { b: 1 } });
    fields.follow({ a: {} });
    fields.follow({ a: { b: 1 } });
    const { fields: followed } = fields.sections()[0]!;
    expect(followed.find(({ path }) => path === 'a.b')!.points).toEqual([[0, 1], [1], [2, 1]]);
  });

  it('tells text from numbers, and names keys that are not plain', () => {
    const fields = followFields();
    fields.follow({ a: { 'x y': 1 } });
    fields.follow({ a: { 'x y': '1' } });
    expect(fields.histories(snapshots)[0]).toMatchObject({ path: 'a["x y"]', changes: 1, value: '1' });
  });

  it('leaves out what names a snapshot itself', () => {
    const fields = followFields();
    fields.follow({ snapshot_id: 's', snapshot_type: 'periodic', timestamp: 't', interval: '30' });
    expect(fields.histories(snapshots).map(({ path }) => path)).toEqual(['interval']);
  });
});
