import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { commandLine } from '../../command-line.ts';
import { environment, git } from '../../operations/sync/clones.ts';
import { GitHubJob, type StepEnd } from '../github-job.ts';
import { hostileMessage, token } from './hostile.ts';
import { cron, type PlannedJob, type PushKind, planWeek, tolerance, type Week } from './plan.ts';

/** How much of a week is played. */
export interface Size {
  slots: number;
  pushes: number;
  pulls: number;
  isWhole: boolean;
}

/** What a played week left behind, and what it has to have left. */
export interface Played {
  week: Week;
  bare: string;
  /** The last word of each action by its id. */
  actions: Map<string, string>;
  /** Ids of the snapshots, as the steps said them. */
  snapshots: string[];
  /** Pushes of the user. */
  pushes: number;
  /** Everything that steps said. */
  said: StepEnd[];
  /** Milliseconds of each step that records and of each that ends a job. */
  times: Record<'record' | 'end', number[]>;
}

/**
 * Plays a week of a repository in `folder`. As a whole each job is one of GitHub, in a clone of its own, by the program that the
 * action runs; else snapshots are taken by a runner that keeps its clone, and jobs at one moment do one thing each.
 */
export async function playWeek(folder: string, size: Size): Promise<Played> {
  const player = new Player(folder, planWeek(size), size.isWhole);
  for (const job of player.played.week.jobs) await player.play(job);
  player.finish();
  return player.played;
}

/** What a process that starts at that time is told. */
export function environmentAt(atMs: number): NodeJS.ProcessEnv {
  const clock = `const { now } = Date; const ahead = ${atMs} - now(); Date.now = () => now() + ahead`;
  const date = `${Math.floor(atMs / 1000)} +0000`;
  return {
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(clock)}`,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_DATE: date,
  };
}

/** Ends the process half way through the first line of an action. */
const torn = `import fs from 'node:fs'; import { syncBuiltinESMExports } from 'node:module';
const { writeSync } = fs;
fs.writeSync = (file, bytes, ...rest) => {
  const text = Buffer.from(bytes);
  if (!text.includes('"snapshot_type":"action"')) return writeSync(file, bytes, ...rest);
  writeSync(file, text.subarray(0, text.length >> 1));
  process.kill(process.pid, 'SIGKILL');
};
syncBuiltinESMExports();`;

class Player {
  readonly played: Played;
  readonly #folder: string;
  readonly #user: string;
  readonly #isWhole: boolean;
  /** When jobs began; each further step of one begins half a minute after the one before. */
  readonly #startedMs = new Map<GitHubJob, number>();
  readonly #runnerTimes: number[] = [];
  #run = 0;
  #killed: { run: number; payload: object } | undefined;

  constructor(folder: string, week: Week, isWhole: boolean) {
    this.#folder = folder;
    this.#isWhole = isWhole;
    this.#user = join(folder, 'user');
    const bare = join(folder, 'origin.git');
    this.played = {
      week,
      bare,
      actions: new Map(),
      snapshots: [],
      pushes: 0,
      said: [],
      times: { record: [], end: [] },
    };
    this.#setUp(bare);
  }

  /** The runner that keeps its clone takes its snapshots and pushes them. */
  finish(): void {
    if (this.#isWhole) return;
    const clone = join(this.#folder, 'runner');
    git(this.#folder, 'clone', '--quiet', this.played.bare, clone);
    const run = (script: string, args: string[], env: NodeJS.ProcessEnv) =>
      execFileSync(process.execPath, [script, ...args], { cwd: clone, env: { ...environment, ...env } });
    const script = fileURLToPath(new URL('runner.ts', import.meta.url));
    const ids = run(script, [clone, JSON.stringify(this.#runnerTimes)], {}).toString();
    this.played.snapshots.push(...(JSON.parse(ids) as string[]));
    run(commandLine, ['sync', '--quiet'], environmentAt(this.played.week.endMs));
  }

  async play(job: PlannedJob): Promise<void> {
    if (job.kind === 'schedule') this.#scheduled(job.atMs);
    else if (job.kind === 'pulls') await this.#pulls(job.atMs, job.count);
    else if (job.kind === 'run over') this.#runOver(job.atMs);
    else if (job.kind === 'again') {
      if (this.#isWhole) this.#again(job.atMs);
    } else await this.#push(job);
  }

  /** A repository as `daybook init --github` leaves it, with a schedule of half an hour. */
  #setUp(bare: string): void {
    git(this.#folder, 'init', '--quiet', '--bare', '--initial-branch=main', bare);
    git(this.#folder, 'clone', '--quiet', bare, this.#user);
    git(this.#user, 'checkout', '--quiet', '-B', 'main');
    execFileSync(process.execPath, [commandLine, 'init', '--github', '--quiet'], { cwd: this.#user });
    for (const file of ['daybook.yaml', '.github/workflows/daybook-schedule.yml']) {
      const path = join(this.#user, file);
      const text = readFileSync(path, 'utf8')
        .replace('17 * * * *', cron)
        .replace(/tolerance: \w+/, `tolerance: ${tolerance}`);
      writeFileSync(path, text);
    }
    this.#commit('start', this.played.week.startMs - 60_000);
  }

  #commit(message: string, atMs: number): string {
    const env = { ...environment, ...environmentAt(atMs), NODE_OPTIONS: '' };
    // Git is told the message where it reads it: a command that ends without reading breaks the pipe.
    const of = (args: string[], input = '') =>
      execFileSync('git', args, {
        cwd: this.#user,
        env,
        encoding: 'utf8',
        ...(input !== '' && { input }),
      }).trim();
    of(['add', '.']);
    of(['commit', '--quiet', '--cleanup=verbatim', '--file=-'], message);
    of(['push', '--quiet', '-u', 'origin', 'main']);
    return of(['rev-parse', 'HEAD']);
  }

  #job(atMs: number, name: string, payload: object, run = ++this.#run, attempt = 1): GitHubJob {
    const folder = join(this.#folder, `job-${run}-${attempt}-${name}`);
    mkdirSync(folder);
    const more = { ...environmentAt(atMs), GITHUB_RUN_ATTEMPT: String(attempt) };
    const job = new GitHubJob(this.played.bare, run, name, payload, more, folder);
    this.#startedMs.set(job, atMs);
    return job;
  }

  /** The step that records, and what has to be there from then on. */
  #record(job: GitHubJob, ids: readonly string[], inputs: Record<string, string> = {}): void {
    const startedMs = performance.now();
    const end = job.step(inputs);
    this.played.times.record.push(performance.now() - startedMs);
    this.#took(end, ids);
  }

  #took(end: StepEnd, ids: readonly string[]): void {
    this.played.snapshots.push(end.outputs['snapshot-id'] ?? 'none');
    this.#told(end, ids);
  }

  #told(end: StepEnd, ids: readonly string[]): void {
    this.played.said.push(end);
    for (const id of ids) this.played.actions.set(id, 'completed');
  }

  #passTime(job: GitHubJob): void {
    const atMs = this.#startedMs.get(job)! + 30_000;
    this.#startedMs.set(job, atMs);
    Object.assign(job.env, environmentAt(atMs));
  }

  /** What runs when the job is over; its machine is gone then. */
  #end(job: GitHubJob, outcome: string): void {
    this.#passTime(job);
    const startedMs = performance.now();
    this.played.said.push(job.step({}, outcome));
    this.played.times.end.push(performance.now() - startedMs);
    this.#isOver(job, outcome);
  }

  #isOver(job: GitHubJob, outcome: string): void {
    const { GITHUB_RUN_ATTEMPT: attempt, GITHUB_RUN_ID: run } = job.env;
    this.played.actions.set(`job-${run}-${attempt}-test`, outcome === 'failure' ? 'failed' : 'completed');
    rmSync(job.workspace, { recursive: true });
  }

  #scheduled(atMs: number): void {
    if (!this.#isWhole) {
      this.#runnerTimes.push(atMs);
      return;
    }
    const job = this.#job(atMs, 'schedule', { schedule: cron });
    this.#record(job, [`schedule-${this.#run}`]);
    this.#end(job, 'success');
  }

  async #push({ atMs, number, what }: Extract<PlannedJob, { kind: 'push' }>): Promise<void> {
    appendFileSync(join(this.#user, 'code.txt'), `${'x'.repeat(60)} ${number}\n`);
    const message = what === 'hostile' ? hostileMessage : `change ${number}`;
    const sha = this.#commit(message, atMs - 60_000);
    this.played.pushes++;
    const payload = pushOf(sha, message);
    const job = this.#job(atMs, 'push', payload);
    const ids = [`push-${this.#run}`, `commit-${sha}`];
    if (what === 'killed') return this.#killAtPush(job, ids, payload);
    this.#record(job, ids);
    if (what === 'hostile') this.#leakAndTear(job);
    this.#end(job, outcomeOf(what));
  }

  /** Steps of the job itself: two in which a token comes by, and one that is killed while it writes. */
  #leakAndTear(job: GitHubJob): void {
    const command = `console.log('with ${token}'); console.error('{"authorization":"Bearer ${token}"}')`;
    this.#passTime(job);
    const ran = job.daybook(['exec', 'deploy', '--', process.execPath, '-e', command, token]);
    const details = JSON.stringify({
      note: `used ${token}`,
      [token]: [token],
      url: `https://x:${token}@h.example/`,
    });
    this.#passTime(job);
    const noted = job.daybook(['action', 'note', details, '--id', 'note-of-the-week']);
    const tear = `${job.env['NODE_OPTIONS']} --import=data:text/javascript,${encodeURIComponent(torn)}`;
    const killed = job.daybook(['action', 'torn', '--id', 'torn-of-the-week'], { NODE_OPTIONS: tear });
    if (ran.status !== 0 || noted.status !== 0 || killed.signal !== 'SIGKILL')
      throw new Error(
        `The steps of a job ended otherwise: ${[ran, noted, killed].map(({ stderr }) => stderr).join()}`,
      );
    this.played.actions.set('note-of-the-week', 'completed');
  }

  /** The machine is lost when the branch has got the commit and the job does not know of it yet. */
  async #killAtPush(job: GitHubJob, ids: readonly string[], payload: object): Promise<void> {
    const hook = join(this.played.bare, 'hooks/post-receive');
    const arrived = join(this.#folder, 'arrived');
    writeFileSync(hook, `#!/bin/sh\ntouch '${arrived}'\nexec sleep 60\n`, { mode: 0o755 });
    let group = 0;
    const step = job.stepBeside({}, undefined, (pid) => {
      group = pid;
    });
    while (!existsSync(arrived)) await sleep(20);
    process.kill(-group, 'SIGKILL');
    await step;
    rmSync(hook);
    this.#killed = { run: this.#run, payload };
    for (const id of ids) this.played.actions.set(id, 'completed');
    this.played.actions.set(`job-${this.#run}-1-test`, 'aborted');
  }

  /** GitHub tells that the run is over, which ends the job that could not. */
  #runOver(atMs: number): void {
    const { run } = this.#killed!;
    const workflow = { id: run, run_attempt: 1, name: 'CI', status: 'completed', conclusion: 'cancelled' };
    const job = this.#job(atMs, 'workflow_run', { action: 'completed', workflow_run: workflow });
    this.played.actions.set(`workflow-run-${run}-1`, 'aborted');
    if (!this.#isWhole) {
      this.#told(job.step({ command: 'event' }), []);
      return;
    }
    this.#record(job, []);
    this.#end(job, 'success');
  }

  /** Somebody runs it again: the same event, which stays one. */
  #again(atMs: number): void {
    const { payload, run } = this.#killed!;
    const job = this.#job(atMs, 'push', payload, run, 2);
    this.#record(job, []);
    this.#end(job, 'success');
  }

  /** In the short form some tell the event and some take a snapshot. */
  async #pulls(atMs: number, count: number): Promise<void> {
    const head = { ref: 'a$(touch${IFS}hacked)', repo: { full_name: 'o/r' }, sha: '5'.repeat(40) };
    const jobs = Array.from({ length: count }, (_, number) => {
      const pull = { number, title: `pull ${number}`, head };
      const id = `pull_request-${this.#run + 1}`;
      return { id, number, job: this.#job(atMs, 'pull_request', { pull_request: pull }) };
    });
    await Promise.all(
      jobs.map(async ({ id, job, number }) => {
        if (!this.#isWhole && number % 2 === 0)
          return this.#took(await job.stepBeside({ command: 'periodic' }), []);
        if (!this.#isWhole) return this.#told(await job.stepBeside({ command: 'event' }), [id]);
        this.#took(await job.stepBeside(), [id]);
        this.#passTime(job);
        this.played.said.push(await job.stepBeside({}, 'success'));
        this.#isOver(job, 'success');
      }),
    );
  }
}

const outcomeOf = (what: PushKind) => (what === 'failing' ? 'failure' : 'success');

const pushOf = (sha: string, message: string) => ({
  ref: 'refs/heads/main',
  after: sha,
  commits: [{ id: sha, message, author: { username: 'a' }, timestamp: '2026-10-05T00:00:00Z' }],
  sender: { login: 'a' },
});
