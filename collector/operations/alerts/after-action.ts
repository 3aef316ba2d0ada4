import { readFileSync } from 'node:fs';
import { requestAlerts } from '../../store/alert-request.ts';
import { configPath } from '../../store/layout.ts';

/**
 * Starts `daybook alert` in the background where daybook.yaml seems to have `after: action` under its alerts; whether it has,
 * that process finds out: reading the file right takes as long as recording. Nobody waits for it, and whatever becomes of it,
 * what was recorded is recorded. Many actions in a row start few of them.
 */
export async function alertAfterAction(root: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  try {
    if (!/^(?!\s*#).*\bafter["']?\s*:/m.test(readFileSync(configPath(root), 'utf8'))) return false;
    if (!requestAlerts(root)) return false;
    const { spawn } = await import('node:child_process');
    const line = [...process.execArgv, process.argv[1]!, 'alert', '--after-action', '--quiet', '--dir', root];
    const child = spawn(process.execPath, line, { cwd: root, env, detached: true, stdio: 'ignore' });
    child.on('error', () => undefined);
    child.unref();
    return true;
  } catch {
    return false;
  }
}
