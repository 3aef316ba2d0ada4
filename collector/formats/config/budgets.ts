import { z } from 'zod';
import { parseDuration } from '../schedule/duration.ts';
import { readShare } from './share.ts';

/** What a regression is measured against. */
export type BudgetBase = { kind: 'window'; points: number } | { kind: 'branch' | 'version'; name: string };

/** What a number may be at most or at least, or how much worse it may become. */
export interface BudgetRule {
  name: string | undefined;
  subject: 'metric' | 'duration' | 'field';
  /** Name of a metric or key of a series, type of action, or path of a field. */
  of: string;
  /** Milliseconds for durations. */
  most?: number;
  least?: number;
  /** As a share. */
  regression?: number;
  base: BudgetBase;
  /** Whether a rule about which nothing can be said counts as broken. */
  required: boolean;
}

/** So many points before the newest one are what is usual. */
const usualWindow = 20;

const limit = z.union([z.number(), z.string().refine((text) => parseDuration(text) !== undefined)], {
  error: 'a number, or a duration such as "90s" for durations',
});

const subjects = ['metric', 'duration', 'field'] as const;
const bases = ['branch', 'version', 'window'] as const;

const rule = z
  .strictObject({
    name: z.string().min(1).max(80).optional().describe('What the rule is called; made of it if left out.'),
    metric: z
      .string()
      .min(1)
      .optional()
      .describe('Name of a metric of runs, or the key of a series of them.'),
    duration: z.string().min(1).optional().describe('Type of actions whose duration is meant.'),
    field: z.string().min(1).optional().describe('Path of a number in periodic snapshots.'),
    most: limit.optional().describe('The newest value is not to be above it: 0.4, or "90s" for durations.'),
    least: limit.optional().describe('The newest value is not to be below it.'),
    regression: z
      .string()
      .refine((text) => readShare(text) !== undefined, { error: 'a share such as "5%"' })
      .optional()
      .describe('How much worse than the base the newest value may be, e.g. "5%".'),
    branch: z.string().min(1).optional().describe('The base is what was measured on this branch.'),
    version: z
      .string()
      .min(1)
      .optional()
      .describe('The base is what was measured for runs with this tag, or on the commit of this tag of git.'),
    window: z
      .int()
      .min(5)
      .max(1000)
      .optional()
      .describe('The base is so many points before the newest; 20 where no base is named.'),
    required: z
      .boolean()
      .optional()
      .describe('Whether a rule about which nothing can be said counts as broken; false if left out.'),
  })
  .refine((value) => subjects.filter((name) => value[name] !== undefined).length === 1, {
    error: 'exactly one of metric, duration and field',
  })
  .refine(({ most, least, regression }) => [most, least, regression].some((each) => each !== undefined), {
    error: 'one of most, least and regression at least',
  })
  .refine((value) => bases.filter((name) => value[name] !== undefined).length <= 1, {
    error: 'at most one of branch, version and window',
  })
  .refine((value) => value.regression !== undefined || bases.every((name) => value[name] === undefined), {
    error: 'regression beside branch, version and window',
  })
  .refine(
    ({ duration, most, least }) =>
      [most, least].every(
        (each) => each === undefined || (typeof each === 'string') === (duration !== undefined),
      ),
    { error: 'a duration such as "90s" for durations, and a number for everything else' },
  );

/** `budgets:` as a user writes it. */
export const budgetsSchema = z.array(rule).max(200);

/** The settings that may stand in a rule. */
export function knownBudgetKeys(): string[] {
  return Object.keys(rule.shape);
}

/** The rules as they are used. */
export function resolveBudgets(input: z.infer<typeof budgetsSchema> | undefined): BudgetRule[] {
  return (input ?? []).map((given) => {
    const subject = subjects.find((name) => given[name] !== undefined) ?? 'metric';
    const regression = given.regression === undefined ? undefined : readShare(given.regression);
    return {
      name: given.name,
      subject,
      of: given[subject] ?? '',
      ...(given.most === undefined ? {} : { most: limitOf(given.most) }),
      ...(given.least === undefined ? {} : { least: limitOf(given.least) }),
      ...(regression === undefined ? {} : { regression }),
      base: baseOf(given),
      required: given.required ?? false,
    };
  });
}

function limitOf(given: number | string): number {
  return typeof given === 'number' ? given : (parseDuration(given) ?? Number.NaN);
}

function baseOf({ branch, version, window }: z.infer<typeof rule>): BudgetBase {
  if (branch !== undefined) return { kind: 'branch', name: branch };
  if (version !== undefined) return { kind: 'version', name: version };
  return { kind: 'window', points: window ?? usualWindow };
}
