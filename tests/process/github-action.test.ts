import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildSite } from '../../collector/github-action/build-site.ts';
import { readAll, temporaryFolder } from '../helpers.ts';
import { localServer } from '../operations/alerts/local-server.ts';
import { git, makeClones } from '../operations/sync/clones.ts';
import { GitHubJob } from './github-job.ts';

const sha = (digit: string) => digit.repeat(40);
const hostile = '"; touch hacked; $(touch hacked) `touch hacked`\n::error::no\n| [x](y) <b> @everyone';

const push = (digit: string, message: string) => ({
  ref: 'refs/heads/main',
  after: sha(digit),
  commits: [{ id: sha(digit), message, author: { username: 'a' } }],
  sender: { login: 'a' },
});

/** The records on the branch of the book, as a fresh clone sees them. */
async function published(bare: string) {
  const clone = join(temporaryFolder(), 'clone');
  git('/', 'clone', '--quiet', '--branch', 'daybook', bare, clone);
  const { records, findings } = await readAll(clone);
  return { records, findings, authors: git(clone, 'log', '--format=%an <%ae>').split('\n') };
}

describe('the action', { timeout: 600_000 }, () => {
  it('records what started a job, a snapshot and how the job ended, on a branch of its own', async () => {
    const { bare } = makeClones(0, 'daybook');
    const before = git(bare, 'rev-parse', 'main');
    const first = new GitHubJob(bare, 1, 'push', push('1', hostile.repeat(1500)));
    const step = first.step();
    expect(step).toMatchObject({ status: 0, outputs: { pushed: 'true', changes: '0' } });
    expect(step.stdout).not.toMatch(/^::/m);
    expect(step.outputs['snapshot-id']).toMatch(/^periodic_/);
    expect(first.step({}, 'failure').status).toBe(0);
    expect(git(first.workspace, 'status', '--porcelain')).toBe('');

    const second = new GitHubJob(bare, 2, 'schedule', { schedule: '17 * * * *' });
    const again = second.step();
    expect(again).toMatchObject({ status: 0, outputs: { pushed: 'true' } });
    // It has a predecessor, which another clone took.
    expect(Number(again.outputs['changes'])).toBeGreaterThan(0);
    second.step({}, 'success');

    const { authors, findings, records } = await published(bare);
    expect(findings).toEqual([]);
    expect(records.map(({ actionId, statusWord }) => [actionId, statusWord])).toEqual([
      ['job-1-1-test', 'executing'],
      ['push-1', 'completed'],
      [`commit-${sha('1')}`, 'completed'],
      ['job-1-1-test', 'failed'],
      ['job-2-1-test', 'executing'],
      ['schedule-2', 'completed'],
      ['job-2-1-test', 'completed'],
    ]);
    expect(new Set(authors)).toEqual(
      new Set(['github-actions[bot] <41898282+github-actions[bot]@users.noreply.github.com>']),
    );
    expect(git(bare, 'rev-parse', 'main')).toBe(before);
    expect(first.summary).toContain('3 actions recorded');
    // Nothing of a message is markup, a command, or was run: it stands in code spans alone.
    expect(first.summary.replace(/(`+) .*? \1(?!`)/g, '')).not.toMatch(/<b>|@everyone|\]\(|^::/m);
    expect(git(first.workspace, 'status', '--porcelain', '--ignored')).not.toContain('hacked');
  });

  it('leaves the job green where it cannot push, and says why; with strict it does not', async () => {
    const { bare } = makeClones(0, 'daybook');
    writeFileSync(join(bare, 'hooks/pre-receive'), '#!/bin/sh\necho "no pushing today" >&2\nexit 1\n', {
      mode: 0o755,
    });
    const job = new GitHubJob(bare, 1, 'push', push('1', 'one'));
    const { status, stdout, outputs } = job.step();
    expect([status, outputs['pushed']]).toEqual([0, 'false']);
    expect(stdout).toMatch(/^::warning title=Daybook::.*no pushing today/m);
    expect(job.step({ command: 'sync', strict: 'true' }).status).toBe(1);
  });

  it('pushes nothing for a pull request from a fork, and says so', async () => {
    const { bare } = makeClones(0, 'daybook');
    const pull = { title: hostile, head: { repo: { full_name: 'stranger/r' }, sha: sha('5') } };
    const { status, stdout } = new GitHubJob(bare, 1, 'pull_request', { pull_request: pull }).step();
    expect(status).toBe(0);
    expect(stdout).toMatch(/^::notice title=Daybook::A pull request from a fork/m);
    expect(git(bare, 'branch', '--list', 'daybook')).toBe('');
  });

  it('tells others what the rules of the book are about, and stays green where nobody hears', async () => {
    const rules = [
      'sync: { branch: daybook }',
      'alerts:',
      '  - { when: action.status = failed and type = job, notify: [{ webhook: $HOOK }] }',
    ].join('\n');
    const { bare } = makeClones(0, 'daybook', rules);
    const server = await localServer(200);
    const run = async (number: number, hook: string, name: string, payload: object) => {
      const job = new GitHubJob(bare, number, name, payload, { HOOK: hook });
      return [await job.stepBeside(), await job.stepBeside({}, 'failure')];
    };
    const fork = { pull_request: { head: { repo: { full_name: 'stranger/r' } } } };
    await run(1, server.address, 'pull_request', fork);
    expect(server.got).toEqual([]);
    const [, end] = await run(2, server.address, 'push', push('2', 'two'));
    expect(end).toMatchObject({ status: 0, stdout: expect.not.stringMatching(/^::/m) });
    expect(server.got.map(({ body }) => JSON.parse(body).events)).toMatchObject([
      [{ id: 'action:job-2-1-test', title: 'job failed' }],
    ]);
    // Another clone knows what was told; an address that is missing is a remark.
    const [, unheard] = await run(3, '', 'push', push('3', 'three'));
    expect(unheard).toMatchObject({ status: 0, outputs: { pushed: 'true' } });
    expect(unheard!.stdout).toMatch(/^::warning title=Daybook::The alert "action\.status.*HOOK/m);
    const { records } = await published(bare);
    const told = records.filter(({ type }) => type === 'alert').map(({ status }) => status);
    expect(told).toEqual(['completed', 'failed']);
    expect(server.got).toHaveLength(1);
  });

  it('records one action with details of any kind, and nothing more when the job ends', async () => {
    const { bare } = makeClones(0, 'daybook');
    const job = new GitHubJob(bare, 1, 'push', push('1', 'one'));
    const details = JSON.stringify({ note: `--file=/etc/passwd ${hostile}` });
    const { status, outputs } = job.step({ command: 'action', type: '--dir', status: 'failed', details });
    expect([status, outputs['snapshot-id']]).toEqual([0, expect.stringMatching(/^action_/)]);
    expect(job.step({ command: 'action', type: 'x' }, 'success').stdout).toBe('');
    const { records } = await published(bare);
    expect(records).toMatchObject([
      { type: '--dir', status: 'failed', details: { note: `--file=/etc/passwd ${hostile}` } },
    ]);
  });

  it('says what is wrong with its inputs, and that building needs a package', () => {
    const { bare } = makeClones(0, 'daybook');
    const job = new GitHubJob(bare, 1, 'push', push('1', 'one'));
    expect(job.step({ command: 'recrod' })).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('::error title=Daybook::Expected one of record, event'),
    });
    expect(job.step({ command: 'build' })).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('name the package'),
    });
  });

  it.each([
    [0, { site: '/srv/site' }],
    // One of several books could not be built; the page says so and is worth publishing.
    [4, { site: '/srv/site' }],
    [1, { problem: 'The dashboard could not be built. no' }],
  ])('takes what a build with exit code %i made', async (code, expected) => {
    const folder = temporaryFolder();
    const program = join(folder, 'node_modules/daybook/dist');
    mkdirSync(program, { recursive: true });
    const lines = [
      "console.error('no');",
      'console.log(\'{"out":"/srv/site"}\');',
      `process.exitCode = ${code};`,
    ];
    writeFileSync(join(program, 'daybook.cjs'), lines.join('\n'));
    expect(await buildSite(folder, '', { env: process.env, write: () => {} })).toEqual(expected);
  });
});
