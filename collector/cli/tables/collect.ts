import { text } from '../options.ts';
import type { Commands } from '../spec.ts';

/** What puts together that many writers pushed. */
export const collectCommands = {
  collect: {
    summary: 'put what daybook sync --per-writer pushed into the book, and publish it',
    description: [
      'Many machines that record at once push to refs of their own (daybook sync --per-writer): no push waits for another. This fetches all of them, merges them into the book as sync does, publishes it (on the branch of sync.branch, else the current one), and takes away each ref of which everything is found in what was published. One that grew meanwhile stays for the next time.',
      'Each run takes in all that is there, so that a job that was lost loses nothing. It may be stopped at any instant: what was taken in twice is there once.',
    ],
    arguments: [],
    options: {
      remote: text('name', 'remote that has the refs; default: origin'),
      branch: text('name', 'branch to push to; default: sync.branch in daybook.yaml, else the current one'),
      message: text('text', 'message of the commit'),
    },
    examples: [{ line: 'daybook collect', does: 'take in what all writers have pushed' }],
    exitCodes: [
      { code: '4', means: 'a file was changed on both sides and cannot be merged; ours is not published' },
    ],
    json: '{synced, found, sealed}: what was committed and pushed, how many refs were found, and how many are taken in and gone',
  },
} as const satisfies Commands;
