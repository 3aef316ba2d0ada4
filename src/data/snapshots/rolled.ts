import type { Stretch } from '../../charts/field-gaps.ts';
import type { RolledFields } from './index.ts';

/** What is left of a field in snapshots that were thinned out: the range of its numbers, or the texts that were seen. */
export interface RolledSpan extends Stretch {
  count: number;
  range: { min: number; max: number; mean: number } | undefined;
  seen: readonly string[];
  /** Whether there were other values, too. */
  more: boolean;
}

/** The spans of one field, oldest first. */
export function rolledSpans({ spans, fields }: RolledFields, path: string): RolledSpan[] {
  const points = fields.find((field) => field.path === path)?.points ?? [];
  return points.map(([span, count, ...rest]) => {
    const [fromUs, toUs] = spans[span]!;
    const [first, second, mean] = rest;
    return typeof first === 'number'
      ? {
          fromUs,
          toUs,
          count,
          range: { min: first, max: second as number, mean: mean! },
          seen: [],
          more: false,
        }
      : { fromUs, toUs, count, range: undefined, seen: first, more: second as boolean };
  });
}
