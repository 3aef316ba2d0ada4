import { count, flag, text } from '../options.ts';
import type { Commands } from '../spec.ts';

/** Commands that tell whether something became better or worse. */
export const trendCommands = {
  trend: {
    summary: 'say which series became better or worse, and since when',
    description: [
      'A series is a metric of runs that belong together, how long they or the actions of a type took, or a number in snapshots that daybook.yaml names under trends. Of each the newest 200 points that were measured in one environment are looked at: better, worse, no change, or not enough data (fewer than 10 points). Where nothing says whether less or more is better, it says changed.',
      'A change is told where the same values in any other order would look as much like one in less than 1 of 100 cases, 3 points at least lie behind it, and the level moved by 5 % or more; docs/trends.md says how that is found, and how often it is wrong. Worst first.',
      'With the key of a series, or a part of one, it shows its points and the place of the change. The path of a number in snapshots will do as well.',
    ],
    arguments: [{ name: 'series', description: 'key of a series or a part of it, or the path of a field' }],
    options: {
      changed: flag('only series that changed'),
      limit: count('n', 'show at most so many series; default: 50', { short: 'n', otherwise: 50 }),
    },
    examples: [
      { line: 'daybook trend', does: 'what became worse, and since when' },
      { line: 'daybook trend val_loss', does: 'one series with its points' },
      { line: 'daybook trend git.commits', does: 'a number of the snapshots' },
    ],
    json: 'an array of {series, kind, verdict, reason, better, better_from, unit, environment, points, other_environments, older, before, after, change, p, since, since_id, since_commit, level, noise, visible, steps: [{at, before, after, change, p}]}, worst first; with a name each has values: [{at, value, id, commit}], too. change, noise and visible are shares: 0.1 is 10 %',
  },
  check: {
    summary: 'hold budgets against the newest values, and results against those before',
    description: [
      'Rules stand in daybook.yaml under budgets: the newest value of a metric, of how long actions of a type took, or of a number in snapshots is to be at most or at least so much, or no more than a share worse than what was measured before, on a branch, or for a version (docs/trends.md). Where the difference is within the noise of what it is compared with, the rule holds, and that is said.',
      'Of the results of actions it lists what regressed, was fixed, is new, or is flaky: both failed and completed on one commit in CI. They are compared with the newest result on another commit, or with --base on that branch.',
      'The exit code is 4 where a rule is broken or cannot be read, or a type of action regressed, else 0. A rule about which nothing can be said is named and holds, unless it says required: true.',
    ],
    arguments: [
      {
        name: 'rule',
        many: true,
        description: 'name of a rule, or a YAML file with budgets; default: all of daybook.yaml',
      },
    ],
    options: {
      budget: flag('only budgets'),
      results: flag('only the results of actions'),
      base: text('branch', 'branch that results are compared with'),
    },
    examples: [
      { line: 'daybook check', does: 'all of it' },
      { line: 'daybook check --budget', does: 'the budgets alone, in CI' },
      { line: 'daybook check --results --base main', does: 'what this branch broke' },
    ],
    json: '{ok, budgets: [{rule, series, state, reason, value, against, at, id, commit}], problems, regressed, fixed, new: [{type, now, before, commit, id, at}], flaky: [{type, commit, failed, completed}]}; state is held, broken or "no data"',
  },
} as const satisfies Commands;
