import { flag, oneOf, text } from '../options.ts';
import type { Commands } from '../spec.ts';

/** What brings the dashboard to others. */
export const publishCommands = {
  publish: {
    summary: 'publish the dashboard to a folder or a branch',
    description: [
      'Builds the dashboard, says what would leave this machine (runs, actions, copies of artifacts with their size) and where to, and asks; --yes answers. A folder gets the site in the place of an earlier one, a branch a commit of it, without touching your files, your index or the branch that you work on; --push takes the branch to a remote. Folders and branches that hold anything but an earlier site are left alone (CNAME and .nojekyll stay).',
      'A dashboard shows runs; it does not hold their code. That lies in refs of git (refs/daybook/*, and tags below refs/flexlock/) which daybook restore needs and git push does not take by itself: publish says how many there are and offers to push them. They hold the whole work tree of each run, untracked files included.',
    ],
    arguments: [
      {
        name: 'place',
        required: true,
        description: 'a folder (./public, /srv/www/site) or a branch (gh-pages)',
      },
    ],
    options: {
      as: oneOf('kind', ['folder', 'branch'], 'what the place is, where that is not clear'),
      push: text('remote', 'push the branch to this remote'),
      refs: flag('push the refs that keep the code of runs, to that remote or else to origin'),
      'no-refs': flag('do not push them'),
      yes: flag('do not ask whether to publish', { short: 'y' }),
    },
    examples: [
      { line: 'daybook publish gh-pages --push origin', does: 'to the branch that GitHub Pages shows' },
      {
        line: 'daybook publish /srv/www/experiments --yes --no-refs',
        does: 'to a folder, without a question',
      },
    ],
    json: '{kind, place, pages, runs, actions, snapshots, bytes, artifacts: {files, bytes}, commit, pushed, remote, refs: {found, pushed}}',
  },
} as const satisfies Commands;
