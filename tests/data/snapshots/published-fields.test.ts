import { describe, expect, it } from 'vitest';
import { publishSnapshots } from '../../../src/data/snapshots/publish.ts';
import { publishedFieldPoints } from '../../../src/data/snapshots/published-fields.ts';
import { temporaryFolder } from '../../helpers.ts';

describe('fields as published', () => {
  it('are found again, those of a section with very many values in several files', () => {
    const folder = temporaryFolder();
    const publisher = publishSnapshots(folder, 10);
    const count = 9000;
    for (let number = 0; number < count; number++) {
      const atUs = number * 1e6;
      publisher.take({
        id: `s${number}`,
        atUs,
        zoneless: false,
        health: 'operational',
        healthReasons: [],
        file: '',
        bytes: 0,
        content: { load: { a: number, b: -number, c: number / 2, still: 'x' }, other: { d: 1 } },
      });
    }
    publisher.finish();
    const pointsOf = publishedFieldPoints(folder);
    for (const [path, value] of [
      ['load.a', 7],
      ['load.b', -7],
      ['load.c', 3.5],
    ] as const) {
      expect(pointsOf(path)).toHaveLength(count);
      expect(pointsOf(path)![7]).toEqual([7, value]);
    }
    expect(pointsOf('load.still')).toEqual([[0, 'x']]);
    expect(pointsOf('other.d')).toEqual([[0, 1]]);
    expect(pointsOf('nothing')).toBeUndefined();
    expect(pointsOf('__proto__')).toBeUndefined();
  });
});
