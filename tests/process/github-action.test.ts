import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandLine } from '../command-line.ts';
import { readAll, temporaryFolder } from '../helpers.ts';
import { git, makeClones } from '../operations/sync/clones.ts';

const sha = (digit: string) => digit.repeat(40);
const hostile = '"; touch hacked; $(touch hacked) `touch hacked`\n::error::no\n| [x](y) <b> @everyone';

/** A job of GitHub Actions: a fresh shallow clone, the event in a file, and the files that GitHub names. */
class Job {
  readonly workspace: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #files: Record<'output' | 'state' | 'summary', string>;

  constructor(bare: string, run: number, name: string, payload: unknown, more: NodeJS.ProcessEnv = {}) {
    const folder = temporaryFolder();
    this.workspace = join(folder, 'workspace');
    git(folder, 'clone', '--quiet', '--depth', '1', `file://${bare}`, this.workspace);
    const file = (name: string, text = '') => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    this.#files = { output: file('output'), state: file('state'), summary: file('summary') };
    this.#env = {
      ...{ PATH: process.env['PATH'], HOME: folder, TZ: 'UTC', GIT_CONFIG_GLOBAL: join(folder, 'none') },
      ...{ CI: 'true', GITHUB_ACTIONS: 'true', RUNNER_TEMP: folder },
      GITHUB_WORKSPACE: this.workspace,
      GITHUB_EVENT_NAME: name,
      GITHUB_EVENT_PATH: file('event.json', JSON.stringify(payload)),
      GITHUB_OUTPUT: this.#files.output,
      GITHUB_STATE: this.#files.state,
      GITHUB_STEP_SUMMARY: this.#files.summary,
      GITHUB_SERVER_URL: 'https://github.example',
      GITHUB_REPOSITORY: 'o/r',
      GITHUB_RUN_ID: String(run),
      GITHUB_RUN_ATTEMPT: '1',
      GITHUB_JOB: 'test',
      GITHUB_WORKFLOW: 'CI',
      ...more,
    };
  }

  /** The step itself, or with the outcome of the job what runs at its end. */
  step(inputs: Record<string, string> = {}, outcome?: string) {
    const given = Object.entries({
      command: 'record',
      ...inputs,
      ...(outcome !== undefined && { 'job-status': outcome }),
    });
    const { status, stdout, stderr } = spawnSync(process.execPath, [commandLine], {
      cwd: this.workspace,
      encoding: 'utf8',
      env: {
        ...this.#env,
        ...Object.fromEntries(given.map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
        ...(outcome !== undefined && prefixed('STATE_', entriesIn(this.#files.state))),
      },
    });
    return { status, stdout, stderr, outputs: entriesIn(this.#files.output) };
  }

  get summary(): string {
    return readFileSync(this.#files.summary, 'utf8');
  }
}

function entriesIn(file: string): Record<string, string> {
  const found = readFileSync(file, 'utf8').matchAll(/^(.+)<<(.+)\n([\s\S]*?)\n\2$/gm);
  return Object.fromEntries([...found].map(([, name, , value]) => [name!, value!]));
}

function prefixed(prefix: string, entries: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(entries).map(([name, value]) => [prefix + name, value]));
}

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

describe('the action', { timeout: 120_000 }, () => {
  it('records what started a job, a snapshot and how the job ended, on a branch of its own', async () => {
    const { bare } = makeClones(0, 'daybook');
    const before = git(bare, 'rev-parse', 'main');
    const first = new Job(bare, 1, 'push', push('1', hostile.repeat(1500)));
    const step = first.step();
    expect(step).toMatchObject({ status: 0, outputs: { pushed: 'true', changes: '0' } });
    expect(step.stdout).not.toMatch(/^::/m);
    expect(step.outputs['snapshot-id']).toMatch(/^periodic_/);
    expect(first.step({}, 'failure').status).toBe(0);
    expect(git(first.workspace, 'status', '--porcelain')).toBe('');

    const second = new Job(bare, 2, 'schedule', { schedule: '17 * * * *' });
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
    const job = new Job(bare, 1, 'push', push('1', 'one'));
    const { status, stdout, outputs } = job.step();
    expect([status, outputs['pushed']]).toEqual([0, 'false']);
    expect(stdout).toMatch(/^::warning title=Daybook::.*no pushing today/m);
    expect(job.step({ command: 'sync', strict: 'true' }).status).toBe(1);
  });

  it('pushes nothing for a pull request from a fork, and says so', async () => {
    const { bare } = makeClones(0, 'daybook');
    const pull = { title: hostile, head: { repo: { full_name: 'stranger/r' }, sha: sha('5') } };
    const { status, stdout } = new Job(bare, 1, 'pull_request', { pull_request: pull }).step();
    expect(status).toBe(0);
    expect(stdout).toMatch(/^::notice title=Daybook::A pull request from a fork/m);
    expect(git(bare, 'branch', '--list', 'daybook')).toBe('');
  });

  it('records one action with details of any kind, and nothing more when the job ends', async () => {
    const { bare } = makeClones(0, 'daybook');
    const job = new Job(bare, 1, 'push', push('1', 'one'));
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
    const job = new Job(bare, 1, 'push', push('1', 'one'));
    expect(job.step({ command: 'recrod' })).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('::error title=Daybook::Expected one of record, event'),
    });
    expect(job.step({ command: 'build' })).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('name the package'),
    });
  });
});
