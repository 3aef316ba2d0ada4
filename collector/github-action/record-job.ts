import type { Daybook, Ran } from './daybook.ts';
import type { Inputs } from './inputs.ts';

/** What the steps of a recording came to. */
export interface Recording {
  outputs: Record<string, string>;
  /** What could not be done, as sentences. */
  problems: string[];
  /** What is worth a remark, and no fault. */
  notices: string[];
}

/** What the action needs to know of the job. */
export interface Job {
  /** False in a pull request from a fork: its token may not push. */
  mayPush: boolean;
}

/**
 * Records a job: brings the book here, records that the job begins and what started it, takes a snapshot, sums up and pushes. A step that
 * fails is told and does not keep the others from being done.
 */
export async function recordJob(daybook: Daybook, inputs: Inputs, job: Job): Promise<Recording> {
  const steps: Record<Inputs['command'], readonly Step[]> = {
    // What is told first is silence: this job ends it.
    record: [restore, alert, begin, event, periodic, sync, summary],
    event: [restore, event, alert, sync],
    action: [restore, action, alert, sync],
    periodic: [restore, alert, periodic, alert, sync],
    sync: [sync],
    comment: [restore, comment],
    build: [restore],
  };
  return inSteps(steps[inputs.command], daybook, inputs, job);
}

/** Records how the job ended, tells others what the rules of the book are about, and pushes that. */
export async function endJob(daybook: Daybook, inputs: Inputs, job: Job): Promise<Recording> {
  return inSteps([end, alert, sync], daybook, inputs, job);
}

/** What `daybook alert` answers of one message. */
interface Told {
  rule: string;
  channel: string;
  problem: string | null;
}

type Step = (daybook: Daybook, inputs: Inputs, job: Job, done: Recording) => Promise<void>;

async function inSteps(
  steps: readonly Step[],
  daybook: Daybook,
  inputs: Inputs,
  job: Job,
): Promise<Recording> {
  const done: Recording = { outputs: {}, problems: [], notices: [] };
  for (const step of steps) await step(daybook, inputs, job, done);
  return done;
}

async function restore(daybook: Daybook, { branch }: Inputs, _job: Job, done: Recording): Promise<void> {
  take(await daybook(['sync', '--restore', ...onBranch(branch)]), done);
}

async function begin(daybook: Daybook, _inputs: Inputs, _job: Job, done: Recording): Promise<void> {
  take(await daybook(['ci', 'job', 'executing']), done);
}

async function end(daybook: Daybook, { jobStatus }: Inputs, _job: Job, done: Recording): Promise<void> {
  take(await daybook(['ci', 'job', jobStatus || 'unknown']), done);
}

async function event(daybook: Daybook, _inputs: Inputs, _job: Job, done: Recording): Promise<void> {
  const lines = take(await daybook(['ci', 'event']), done);
  const [first] = Array.isArray(lines) ? lines : [];
  setId(first, done);
}

async function action(daybook: Daybook, inputs: Inputs, _job: Job, done: Recording): Promise<void> {
  const { details, status, type } = inputs;
  if (type === '') {
    done.problems.push('Expected the input "type" for the command action, found none.');
    return;
  }
  const state = status === '' ? [] : ['--status', status];
  // Through standard input: details may be longer than a command line, and begin with dashes.
  setId(
    take(await daybook(['action', ...state, '--', type, '-'], details === '' ? '{}' : details), done),
    done,
  );
}

async function periodic(daybook: Daybook, _inputs: Inputs, _job: Job, done: Recording): Promise<void> {
  setId(take(await daybook(['periodic']), done), done);
}

/** Where the book has rules for alerts. What may not be pushed would be told again by every later job, so it is told by none. */
async function alert(daybook: Daybook, _inputs: Inputs, { mayPush }: Job, done: Recording): Promise<void> {
  if (!mayPush) return;
  const ran = await daybook(['alert', '--if-rules']);
  const { messages = [] } = (ran.answer ?? {}) as { messages?: Told[] };
  const failed = messages.filter(({ problem }) => problem !== null);
  for (const { channel, problem, rule } of failed)
    done.problems.push(`The alert "${rule}" did not reach ${channel}: ${problem}. The next job tries again.`);
  if (failed.length === 0) take(ran, done);
}

async function sync(daybook: Daybook, { branch }: Inputs, { mayPush }: Job, done: Recording): Promise<void> {
  if (!mayPush) {
    done.notices.push(
      'A pull request from a fork may not push: what was recorded stays in this job. A workflow on workflow_run records it from the default branch.',
    );
    return;
  }
  const result = take(await daybook(['sync', ...onBranch(branch)]), done) as
    | { commit?: string; pushed?: boolean }
    | undefined;
  done.outputs['commit'] = result?.commit ?? '';
  done.outputs['pushed'] = String(result?.pushed === true);
}

async function summary(daybook: Daybook, inputs: Inputs, _job: Job, done: Recording): Promise<void> {
  if (!inputs.summary && !inputs.comment) return;
  const comment = inputs.comment ? ['--comment'] : [];
  const facts = take(await daybook(['ci', 'summary', ...comment]), done) as { changes?: number } | undefined;
  done.outputs['changes'] = String(facts?.changes ?? 0);
}

function onBranch(branch: string): string[] {
  return branch === '' ? [] : ['--branch', branch];
}

/** For a job that may write at pull requests and nothing else. */
async function comment(daybook: Daybook, _inputs: Inputs, _job: Job, done: Recording): Promise<void> {
  take(await daybook(['ci', 'summary', '--comment']), done);
}

function setId(line: unknown, done: Recording): void {
  const id = (line as { snapshot_id?: unknown } | undefined)?.snapshot_id;
  if (typeof id === 'string') done.outputs['snapshot-id'] = id;
}

/** The answer of a command; what it could not do is a problem of the recording. */
function take({ answer, exitCode, problem }: Ran, done: Recording): unknown {
  if (exitCode !== 0) done.problems.push(problem || `A command ended with exit code ${exitCode}.`);
  return answer;
}
