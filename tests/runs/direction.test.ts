import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  directionOf,
  isDisputed,
  recordedDirection,
  recordedDirections,
} from '../../collector/runs/direction.ts';

describe('whether less or more of a metric is better', () => {
  it.each([
    ['val_loss', 'min'],
    ['train/loss', 'min'],
    ['iou', 'max'],
    ['val.mIoU', 'max'],
    ['top1_acc', 'max'],
    ['epoch', undefined],
    ['glossary', undefined],
    ['__proto__', undefined],
  ] as const)('takes %s for %s', (name, direction) => {
    expect(directionOf(name)).toBe(direction);
  });

  it('is what runs recorded, where they agree', () => {
    const recorded = (...directions: ('min' | 'max' | undefined)[]) =>
      recordedDirection(
        directions.map((direction) => ({
          directions: Object.fromEntries(direction === undefined ? [] : [['gap', direction]]),
        })),
        'gap',
      );
    expect(recorded('min', undefined, 'min')).toBe('min');
    expect(recorded('min', 'max')).toBeUndefined();
    expect(recorded(undefined)).toBeUndefined();
  });

  it('is the same for all metrics in one pass as for each by itself', () => {
    const names = ['gap', 'loss', '__proto__'];
    const runs = fc.array(
      fc.dictionary(fc.constantFrom(...names), fc.constantFrom<'min' | 'max'>('min', 'max')),
    );
    fc.assert(
      fc.property(runs, (all) => {
        const given = all.map((directions) => ({ directions }));
        const known = recordedDirections(given);
        for (const name of names) {
          const direction = recordedDirection(given, name);
          expect(known.get(name)).toBe(direction);
          expect(known.has(name)).toBe(direction !== undefined || isDisputed(given, name));
        }
      }),
    );
  });
});
