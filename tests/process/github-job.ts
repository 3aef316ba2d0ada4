import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandLine } from '../command-line.ts';
import { temporaryFolder } from '../helpers.ts';
import { git } from '../operations/sync/clones.ts';

/** A step that is over. */
export interface StepEnd {
  status: number | null;
  stdout: string;
  stderr: string;
  outputs: Record<string, string>;
}

/** A job of GitHub Actions: a fresh shallow clone, the event in a file, and the files that GitHub names. */
export class GitHubJob {
  readonly workspace: string;
  readonly env: NodeJS.ProcessEnv;
  readonly #files: Record<'output' | 'state' | 'summary', string>;

  constructor(
    bare: string,
    run: number,
    name: string,
    payload: unknown,
    more: NodeJS.ProcessEnv = {},
    folder = temporaryFolder(),
  ) {
    this.workspace = join(folder, 'workspace');
    git(folder, 'clone', '--quiet', '--depth', '1', `file://${bare}`, this.workspace);
    const file = (name: string, text = '') => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    this.#files = { output: file('output'), state: file('state'), summary: file('summary') };
    this.env = {
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
  step(inputs: Record<string, string> = {}, outcome?: string): StepEnd {
    const { status, stdout, stderr } = spawnSync(process.execPath, [commandLine], {
      cwd: this.workspace,
      encoding: 'utf8',
      env: this.#envOf(inputs, outcome),
      maxBuffer: 64 * 1024 * 1024,
    });
    return { status, stdout, stderr, outputs: entriesIn(this.#files.output) };
  }

  /** The same while others run, in a group of processes of its own; `started` gets its id. */
  stepBeside(
    inputs: Record<string, string> = {},
    outcome?: string,
    started: (pid: number) => void = () => undefined,
  ): Promise<StepEnd> {
    return new Promise((resolve) => {
      const child = spawn(process.execPath, [commandLine], {
        cwd: this.workspace,
        env: this.#envOf(inputs, outcome),
        detached: true,
      });
      const said = { stdout: '', stderr: '' };
      for (const stream of ['stdout', 'stderr'] as const)
        child[stream].setEncoding('utf8').on('data', (text: string) => (said[stream] += text));
      child.once('close', (status) => resolve({ status, ...said, outputs: entriesIn(this.#files.output) }));
      started(child.pid!);
    });
  }

  /** Another step of the job: a command of Daybook on a line of its own, after the words for Node. */
  daybook(argv: readonly string[], env: NodeJS.ProcessEnv = {}) {
    return spawnSync(process.execPath, [commandLine, ...argv], {
      cwd: this.workspace,
      encoding: 'utf8',
      env: { ...this.env, ...env },
    });
  }

  get summary(): string {
    return readFileSync(this.#files.summary, 'utf8');
  }

  #envOf(inputs: Record<string, string>, outcome: string | undefined): NodeJS.ProcessEnv {
    const given = Object.entries({
      command: 'record',
      ...inputs,
      ...(outcome !== undefined && { 'job-status': outcome }),
    });
    return {
      ...this.env,
      ...Object.fromEntries(given.map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
      ...(outcome !== undefined && prefixed('STATE_', entriesIn(this.#files.state))),
    };
  }
}

/** What stands in a file of outputs, as GitHub reads it. */
function entriesIn(file: string): Record<string, string> {
  const found = readFileSync(file, 'utf8').matchAll(/^(.+)<<(.+)\n([\s\S]*?)\n\2$/gm);
  return Object.fromEntries([...found].map(([, name, , value]) => [name!, value!]));
}

function prefixed(prefix: string, entries: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(entries).map(([name, value]) => [prefix + name, value]));
}
