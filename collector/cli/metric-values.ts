import { DaybookError } from '../base/errors.ts';
import { showText } from '../base/show.ts';
import type { Direction } from '../formats/experiments/change.ts';
import { numberOf } from '../formats/metrics/points.ts';
import type { ValuesOf } from './options.ts';
import type { directionOptions } from './tables/experiment.ts';

/** Metrics from words such as "iou=0.85" and "loss=nan"; the last "=" counts. No prototype. */
export function parseValues(words: readonly string[]): Record<string, number> {
  const values: Record<string, number> = Object.create(null);
  for (const word of words) {
    const equals = word.lastIndexOf('=');
    const value = equals < 1 ? undefined : numberIn(word.slice(equals + 1));
    if (value === undefined) {
      throw new DaybookError('usage', `Expected a metric as name=number, found "${showText(word)}".`, {
        hint: 'For example: iou=0.85, loss=1.2e-3, loss=NaN.',
      });
    }
    values[word.slice(0, equals)] = value;
  }
  return values;
}

/** A number from the command line, or a usage error that shows what was given. */
export function parseNumber(text: string, what: string): number {
  const value = numberIn(text);
  if (value !== undefined && Number.isFinite(value)) return value;
  throw new DaybookError('usage', `Expected ${what} as a number, found "${showText(text)}".`);
}

/** What --max and --min say; one metric cannot be both. */
export function directionsOf({ max, min }: ValuesOf<typeof directionOptions>): Record<string, Direction> {
  const directions: Record<string, Direction> = Object.create(null);
  for (const name of max) directions[name] = 'max';
  for (const name of min) {
    if (directions[name] === 'max') {
      throw new DaybookError(
        'usage',
        `Expected "${showText(name)}" behind one of --max and --min, found it behind both.`,
      );
    }
    directions[name] = 'min';
  }
  return directions;
}

function numberIn(text: string): number | undefined {
  const bare = text.trim();
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(bare)) return Number(bare);
  return numberOf(bare);
}
