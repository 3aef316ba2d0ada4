/** What a step of a workflow asks the action for. */
export interface Inputs {
  command: Command;
  type: string;
  status: string;
  details: string;
  /** The folder of the book, relative to the workspace. */
  config: string;
  /** The branch that the book lies on; empty for what daybook.yaml says. */
  branch: string;
  summary: boolean;
  comment: boolean;
  token: string;
  /** How the job stands; GitHub fills it in when the action ends. */
  jobStatus: string;
  /** What npm installs to build with, where the workspace has no Daybook. */
  package: string;
  /** Whether the step fails where recording does. */
  strict: boolean;
}

/** What the action can do; `record` is all that recording a job takes. */
export const commands = ['record', 'event', 'action', 'periodic', 'sync', 'comment', 'build'] as const;

/** One of them. */
export type Command = (typeof commands)[number];

/** Reads the inputs as GitHub hands them over: INPUT_ and the name in capitals. Says what is wrong with them. */
export function readInputs(env: NodeJS.ProcessEnv): Inputs {
  const text = (name: string) => (env[`INPUT_${name.toUpperCase()}`] ?? '').trim();
  const flag = (name: string, usual: boolean) => {
    const value = text(name).toLowerCase();
    if (value === '') return usual;
    if (value === 'true' || value === 'false') return value === 'true';
    throw new Error(`Expected true or false for "${name}", found "${value}".`);
  };
  const command = text('command') || 'record';
  if (!isCommand(command))
    throw new Error(`Expected one of ${commands.join(', ')} for "command", found "${command}".`);
  return {
    command,
    type: text('type'),
    status: text('status'),
    details: text('details'),
    config: text('config') || '.',
    branch: text('branch'),
    summary: flag('summary', true),
    comment: flag('comment', false),
    token: text('token'),
    jobStatus: text('job-status'),
    package: text('package'),
    strict: flag('strict', false),
  };
}

function isCommand(word: string): word is Command {
  return commands.some((command) => command === word);
}
