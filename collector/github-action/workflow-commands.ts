import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';

/** Sets an output of the step. Without a place for it (outside of GitHub) nothing is set. */
export function setOutput(env: NodeJS.ProcessEnv, name: string, value: string): void {
  appendEntry(env['GITHUB_OUTPUT'], name, value);
}

/** Keeps something for the end of the job. */
export function saveState(env: NodeJS.ProcessEnv, name: string, value: string): void {
  appendEntry(env['GITHUB_STATE'], name, value);
}

/** A line that GitHub shows at the head of the run; recorded text in it can be no command of its own. */
export function annotation(kind: 'notice' | 'warning' | 'error', message: string): string {
  return `::${kind} title=Daybook::${message.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')}\n`;
}

/** Value and name stand between marks that nobody can guess, so that no value can end itself early. */
function appendEntry(file: string | undefined, name: string, value: string): void {
  if (!file) return;
  const mark = `daybook_${randomUUID()}`;
  appendFileSync(file, `${name}<<${mark}\n${value}\n${mark}\n`);
}
