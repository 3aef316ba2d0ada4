import { flag, text } from '../options.ts';
import type { Commands } from '../spec.ts';

/** Commands for jobs on GitHub Actions. */
export const ciCommands = {
  'ci event': {
    summary: 'record the event that started this job',
    description: [
      'Reads the event from the file that GitHub Actions names in GITHUB_EVENT_PATH, and records it: push (and each of its commits), pull_request, schedule, workflow_run, release, workflow_dispatch, deployment_status, and any other by its name and actor. What stands in it is only ever read as data: no commit message, branch name or title reaches a shell.',
      'Ids come from GitHub, so that a job that is repeated, or two workflows of one push, record one action. The end of a run (workflow_run) also ends those of its jobs that could not record it themselves because they were killed.',
    ],
    arguments: [],
    options: {
      name: text('event', 'which event it is; default: GITHUB_EVENT_NAME'),
      file: text('path', 'the file with the payload; default: GITHUB_EVENT_PATH'),
    },
    examples: [
      { line: 'daybook ci event', does: 'in a step of a workflow' },
      { line: 'daybook ci event --name push --file event.json', does: 'record a payload that was kept' },
    ],
    json: 'the lines as they were written, in a list',
  },
  'ci job': {
    summary: 'record that this job begins, or how it ended',
    description: [
      'Records this job of GitHub Actions as one action: "executing" in its first step, and GitHub\'s word for how it ended (success, failure, cancelled) in its last one, which runs always.',
    ],
    arguments: [
      { name: 'status', required: true, description: 'executing, success, failure, cancelled or skipped' },
    ],
    options: {},
    examples: [
      { line: 'daybook ci job executing', does: 'at the beginning' },
      {
        line: 'daybook ci job "$STATUS"',
        does: 'at the end, in a step that runs always and has the status of the job as STATUS',
      },
    ],
    json: 'the line as it was written',
  },
  'ci summary': {
    summary: 'sum up what this run recorded, for the page of the run',
    description: [
      'Says in Markdown what this run of GitHub Actions recorded: its actions, those that failed now and had not the time before, what changed between the two newest snapshots, and whether snapshots are missing. Appends it to the file that GITHUB_STEP_SUMMARY names; elsewhere prints it. Recorded texts stand in it as plain text, whatever they look like.',
    ],
    arguments: [],
    options: {
      comment: flag(
        'also put it into the one comment at the pull request of this job; needs GITHUB_TOKEN with pull-requests: write',
      ),
    },
    examples: [
      { line: 'daybook ci summary', does: 'at the end of a job' },
      {
        line: 'daybook ci summary --comment',
        does: 'and at its pull request, where each run updates the same comment',
      },
    ],
    json: '{markdown, actions, regressions, changes, comment: {number, state} or null}',
  },
} as const satisfies Commands;
