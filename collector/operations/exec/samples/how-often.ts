import { readExecSettings } from '../../../store/exec-settings.ts';
import { recordedWithin } from '../../actions/within.ts';

/** What the one who starts a command says of samples: so often, not at all, or nothing. */
export type SamplesWish = number | 'off' | undefined;

/**
 * How often the machine is sampled while a command runs; undefined for not at all. What was said for this command counts
 * everywhere. The `exec.sample` of daybook.yaml counts for commands that are a run, not in CI, and not within another command
 * of `daybook exec`, which is sampled with all that it starts.
 */
export async function sampleTimeOf(
  root: string,
  wish: SamplesWish,
  { run, env }: { run: string | undefined; env: NodeJS.ProcessEnv },
): Promise<number | undefined> {
  if (wish !== undefined) return wish === 'off' ? undefined : wish;
  if (run === undefined || isContinuousIntegration(env)) return undefined;
  if (recordedWithin(root, env).action !== undefined) return undefined;
  return (await readExecSettings(root)).sampleMs;
}

function isContinuousIntegration({ CI: ci, GITHUB_ACTIONS: github }: NodeJS.ProcessEnv): boolean {
  return [ci, github].some((mark) => mark !== undefined && !/^(?:|0|false)$/i.test(mark));
}
