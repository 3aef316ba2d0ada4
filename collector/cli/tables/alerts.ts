import { count, flag, text } from '../options.ts';
import type { Commands } from '../spec.ts';

/** Commands that look whether all is well, and tell others. */
export const alertCommands = {
  watch: {
    summary: 'end with code 4 when an expected snapshot is overdue',
    description: [
      'Looks once, in a moment, whether the newest slot of the schedule in daybook.yaml has its snapshot: for any cron outside of what records, such as another machine with a fresh clone. It prints one sentence and ends with 0, or with 4 where a slot is overdue or no snapshot was ever taken.',
      "--ping tells a dead man's switch (healthchecks.io and its like), which then tells of it when even this command is no longer run: the address where all is well, /fail behind its path where a slot is overdue, with the sentence as the body. Three attempts; where they fail and nothing is overdue, the exit code is 1. Take the address from the environment; it is printed nowhere.",
    ],
    arguments: [],
    options: {
      expect: flag('look whether a snapshot is overdue'),
      ping: text('address', "tell a dead man's switch: GET or POST of this address, or of its /fail"),
      timeout: count('seconds', 'how long to wait for its answer; default: 10', { most: 600, otherwise: 10 }),
      attempts: count('number', 'how often to try; default: 3', { most: 10, otherwise: 3 }),
    },
    examples: [
      { line: 'daybook watch --expect', does: 'in a cron job of another machine' },
      {
        line: 'daybook watch --expect --dir clone --ping "$PING_URL"',
        does: "of a clone, and tell a dead man's switch",
      },
    ],
    json: '{overdue, state: running, late, silent, disabled or waiting, expected, newest_snapshot, overdue_slots, overdue_since, next_due, sentence, ping: {ok, problem} or null}',
    exitCodes: [
      { code: '4', means: 'a snapshot is overdue, or none was ever taken' },
      { code: '1', means: 'nothing is overdue, but the ping did not get through' },
    ],
  },
  alert: {
    summary: 'tell others what the rules of daybook.yaml are about, once',
    description: [
      'Holds the rules under "alerts" in daybook.yaml against the book and sends what is new to webhooks, Slack, Discord, by mail or as an issue on GitHub (docs/alerts.md): actions and runs of the last day that fulfil a condition, states of the newest snapshot and of what takes the snapshots when they begin, and all of them when they are over. Call it after recording and before daybook sync: it is a command of its own, and recording waits for nobody.',
      'What was told is recorded as an action of type alert with the rule, the channel and the events: so nothing is told twice, in a fresh clone, too. What could not be told is tried three times, recorded once as failed, and owed by the next call. Secrets come from the environment alone; texts are masked as in the book.',
    ],
    arguments: [],
    options: {
      'dry-run': flag('say what would be sent; send and record nothing'),
      test: flag('send a test message to every channel; look at no rule'),
      'if-rules': flag('do nothing where daybook.yaml has no rules; otherwise that is wrong use'),
      'after-action': flag(
        'do nothing where daybook.yaml has no "after: action" under its alerts: what each action starts in the background',
      ),
      since: text('time', 'actions and runs from then on are new; default: "24h"'),
      timeout: count('seconds', 'how long to wait for an answer; default: 10', { most: 600, otherwise: 10 }),
    },
    examples: [
      { line: 'daybook alert', does: 'after recording, before daybook sync' },
      { line: 'daybook alert --dry-run', does: 'what would be sent now' },
      { line: 'daybook alert --test', does: 'whether every channel can be reached' },
    ],
    json: '{messages: [{rule, channel, state: firing or well, events, title, outcome: sent, failed, waiting or would send, problem}]}',
    exitCodes: [{ code: '1', means: 'a message did not get through; the next call tries again' }],
  },
} as const satisfies Commands;
