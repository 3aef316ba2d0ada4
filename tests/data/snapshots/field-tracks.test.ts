import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../collector/base/json/json.ts';
import {
  FieldTracks,
  fitsFollowed,
  maxFields,
  tracksUntil,
} from '../../../src/data/snapshots/publish/field-tracks.ts';

function followed(...states: JsonObject[]) {
  const tracks = new FieldTracks(new Set(), undefined);
  for (const [number, state] of states.entries()) tracks.follow(number, state);
  return tracks;
}

const pointsOf = (tracks: FieldTracks) =>
  Object.fromEntries(
    tracks.files().flatMap(({ values }) => values.fields.map(({ path, points }) => [path, points])),
  );

describe('following fields over snapshots', () => {
  it('keeps only changes: since when a value stands, and which snapshot brought it', () => {
    const states = ['stable', 'stable', 'degraded', 'degraded'].map((deployment) => ({
      rail: { deployment },
      modules: ['a'],
    }));
    const tracks = followed(...states);
    expect(tracks.fields()).toEqual([
      ['rail.deployment', 'rail', 2, 2, 'degraded'],
      ['modules', 'modules', 1, 0, ['a']],
    ]);
    expect(pointsOf(tracks)['rail.deployment']).toEqual([
      [0, 'stable'],
      [2, 'degraded'],
    ]);
  });

  it('says where a field was gone and came back', () => {
    const tracks = followed({ a: { b: 1 } }, { a: {} }, { a: { b: 1 } });
    expect(pointsOf(tracks)['a.b']).toEqual([[0, 1], [1], [2, 1]]);
    expect(followed({ a: { b: 1 } }, { a: {} }).fields()).toContainEqual(['a.b', 'a', 2, 1]);
  });

  it('tells text from numbers, and names keys that are not plain', () => {
    const tracks = followed({ a: { 'x y': 1 } }, { a: { 'x y': '1' } });
    expect(tracks.fields()).toEqual([['a["x y"]', 'a', 2, 1, '1']]);
  });

  it('leaves out what names a snapshot itself', () => {
    const tracks = followed({ snapshot_id: 's', snapshot_type: 'periodic', timestamp: 't', interval: '30' });
    expect(tracks.fields().map(([path]) => path)).toEqual(['interval']);
  });

  it('keeps the beginning of what is long, as it would be written', () => {
    const list = Array.from({ length: 200 }, (_, at) => ({ at }));
    const text = 'é'.repeat(500);
    const points = pointsOf(followed({ list, text, edge: 'x'.repeat(399) }));
    expect(points['list']).toEqual([[0, `${JSON.stringify(list).slice(0, 400)}…`]]);
    expect(points['text']).toEqual([[0, `"${text.slice(0, 399)}…`]]);
    expect(points['edge']).toEqual([[0, 'x'.repeat(399)]]);
    const short = { list: list.slice(0, 40) };
    expect(pointsOf(followed(short))['list']).toEqual([[0, short.list]]);
  });

  it('goes on within a part as if it had never stopped', () => {
    const states: JsonObject[] = [
      { a: { x: 1, y: 1 }, b: 'q' },
      { a: { x: 2 }, b: 'q' },
      { a: { x: 2, z: [1] } },
      { a: { y: 3 }, b: 'r' },
    ];
    const whole = followed(...states);
    for (let count = 1; count < states.length; count++) {
      const files = whole.files();
      const part = {
        count: states.length,
        fields: whole.fields(),
        chunks: [],
        files: files.map(({ fields }, at): [string, number[]] => [String(at), fields]),
      };
      const tracks = tracksUntil(structuredClone(part), count, (file) =>
        structuredClone(files[Number(file)]!.values),
      );
      const again = new FieldTracks(new Set(), states[count - 1], tracks);
      for (let number = count; number < states.length; number++) again.follow(number, states[number]!);
      expect(again.fields()).toEqual(whole.fields());
      expect(again.files()).toEqual(whole.files());
    }
  });

  it('follows no more fields than there is room for, those that came first, and says so', () => {
    const wide = (from: number) =>
      Object.fromEntries(Array.from({ length: maxFields }, (_, at) => [`f${from + at}`, at]));
    const tracks = followed(wide(0), wide(100));
    expect(tracks.isLimited).toBe(true);
    expect(tracks.fields()).toHaveLength(maxFields);
    expect(pointsOf(tracks)['f0']).toEqual([[0, 0], [1]]);
    const part = { count: 1, fields: tracks.fields(), chunks: [], files: [] };
    expect(fitsFollowed(part, new Set())).toBe(true);
    expect(fitsFollowed(part, new Set(['another']))).toBe(false);
    expect(fitsFollowed({ ...part, limitedBy: 'other fields' }, new Set())).toBe(false);
  });
});
