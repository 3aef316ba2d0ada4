import { z } from 'zod';
import { readShare } from './share.ts';

/** What makes series, and what counts as a change of one. */
export interface TrendsConfig {
  /** Names of parameters and fields whose values tell series of runs apart, beside the identifier. */
  by: string[];
  /** What is better, by keys of series or names of metrics. */
  better: Record<string, 'min' | 'max'>;
  /** Paths of numbers in snapshots. */
  fields: string[];
  window?: number;
  confirmations?: number;
  smallest?: number;
}

/** `trends:` as a user writes it. */
export const trendsSchema = z.strictObject({
  by: z
    .array(z.string().min(1).max(200))
    .max(10)
    .optional()
    .describe('Parameters or fields of runs: those with other values make another series, e.g. [model].'),
  better: z
    .record(z.string().min(1), z.enum(['down', 'up']))
    .optional()
    .describe(
      'What is better, by the name of a metric or the key of a series: {gap: down}. Left out, it is what was recorded, else what the name says.',
    ),
  fields: z
    .array(z.string().min(1).max(500))
    .max(50)
    .optional()
    .describe('Paths of numbers in periodic snapshots that are series, too, e.g. [git.commits].'),
  window: z
    .int()
    .min(10)
    .max(2000)
    .optional()
    .describe('How many of the newest points of a series are looked at; 200 if left out.'),
  confirmations: z
    .int()
    .min(2)
    .max(50)
    .optional()
    .describe('How many points at least have to lie behind a change; 3 if left out.'),
  smallest: z
    .string()
    .refine((text) => readShare(text) !== undefined, { error: 'a share such as "5%"' })
    .optional()
    .describe('Changes of the level that are smaller are left aside, e.g. "2%"; "5%" if left out.'),
});

/** The settings as they are used. */
export function resolveTrends(input: z.infer<typeof trendsSchema> | undefined): TrendsConfig {
  const { by = [], better = {}, fields = [], window, confirmations, smallest } = input ?? {};
  const share = smallest === undefined ? undefined : readShare(smallest);
  const directions = Object.entries(better).map(
    ([name, way]) => [name, way === 'down' ? 'min' : 'max'] as const,
  );
  return {
    by,
    better: Object.fromEntries(directions),
    fields,
    ...(window === undefined ? {} : { window }),
    ...(confirmations === undefined ? {} : { confirmations }),
    ...(share === undefined ? {} : { smallest: share }),
  };
}
