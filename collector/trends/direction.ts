import { betterOf } from '../runs/direction.ts';
import type { TrendDirection } from './series.ts';

/** What daybook.yaml says about what is better, by the names of metrics, action types and fields, or by whole keys. */
export type BetterSettings = Readonly<Record<string, 'min' | 'max'>>;

/**
 * Whether less or more is better: as daybook.yaml has it for the key or the name, else as runs have recorded it, else as the words
 * of the name say (docs/trends.md lists them); undefined where nobody does.
 */
export function directionOfSeries(
  key: string,
  name: string,
  settings: BetterSettings,
  metric: { direction?: 'min' | 'max' | undefined; disputed?: boolean } = {},
): TrendDirection | undefined {
  const set = [key, name].find((word) => Object.hasOwn(settings, word));
  if (set !== undefined) return { better: settings[set]!, from: 'daybook.yaml' };
  const better = betterOf({ name, ...metric });
  if (better === undefined) return undefined;
  return { better, from: metric.direction === undefined ? 'name' : 'recorded' };
}
