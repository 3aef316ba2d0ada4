import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parsePlainJson } from '../base/json/text.ts';
import { buildSite } from './build-site.ts';
import { daybookIn, type Main } from './daybook.ts';
import { type Inputs, readInputs } from './inputs.ts';
import { endJob, type Recording, recordJob } from './record-job.ts';
import { annotation, saveState, setOutput } from './workflow-commands.ts';

/** What the action needs from the world. */
export interface ActionEffects {
  env: NodeJS.ProcessEnv;
  write(text: string): void;
  main: Main;
}

/**
 * Runs the step of a workflow, or what belongs to its end, and says with which exit code. Recording never fails the job that it
 * records, unless the step asks for that (`strict`): what could not be done stands at the head of the run. A build that fails
 * fails the step, because what comes after it needs the site.
 */
export async function runAction({ env, main, write }: ActionEffects): Promise<number> {
  const begun = env['STATE_begun'];
  // At the end of the job only what `record` began has something left to do.
  if (begun !== undefined && begun !== 'record') return 0;
  let inputs: Inputs;
  try {
    inputs = readInputs(env);
    if (begun === undefined) saveState(env, 'begun', inputs.command);
  } catch (error) {
    saveState(env, 'begun', 'nothing');
    write(annotation('error', (error as Error).message));
    return 1;
  }
  // What pushes looks for it there: in the environment, never in a command line or a file.
  if (inputs.token !== '') env['GITHUB_TOKEN'] = inputs.token;
  const folder = resolve(env['GITHUB_WORKSPACE'] ?? '.', inputs.config);
  const daybook = daybookIn(main, folder, env, write);
  const job = { mayPush: !isFork(env) };
  const isEnd = begun !== undefined;
  const recording = isEnd ? await endJob(daybook, inputs, job) : await recordJob(daybook, inputs, job);
  tell(recording, inputs, env, write);
  if (inputs.command === 'build' && !isEnd) return build(folder, inputs, { env, write });
  return recording.problems.length > 0 && inputs.strict ? 1 : 0;
}

function tell(
  { notices, outputs, problems }: Recording,
  { strict }: Inputs,
  env: NodeJS.ProcessEnv,
  write: (text: string) => void,
): void {
  for (const [name, value] of Object.entries(outputs)) setOutput(env, name, value);
  for (const notice of notices) write(annotation('notice', notice));
  for (const problem of problems) write(annotation(strict ? 'error' : 'warning', problem));
}

async function build(
  folder: string,
  inputs: Inputs,
  { env, write }: Pick<ActionEffects, 'env' | 'write'>,
): Promise<number> {
  const { problem, site } = await buildSite(folder, inputs.package, { env, write });
  if (site !== undefined) setOutput(env, 'site-path', site);
  if (problem === undefined) return 0;
  write(annotation('error', problem));
  return 1;
}

/** Whether the job runs for a pull request from another repository, whose author gets no token that may write. */
function isFork(env: NodeJS.ProcessEnv): boolean {
  if (env['GITHUB_EVENT_NAME'] !== 'pull_request') return false;
  try {
    const { pull_request: pull } = parsePlainJson(readFileSync(env['GITHUB_EVENT_PATH'] ?? '', 'utf8')) as {
      pull_request?: { head?: { repo?: { full_name?: string } | null } };
    };
    return pull?.head?.repo?.full_name !== env['GITHUB_REPOSITORY'];
  } catch {
    return false;
  }
}
