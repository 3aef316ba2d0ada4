import { readFileSync } from 'node:fs';
import { parseConfig } from '../../formats/config/config.ts';
import { configPath } from '../../store/layout.ts';

/**
 * Starts `daybook alert` in the background where daybook.yaml has `after: action` under its alerts. Nobody waits for it,
 * and whatever becomes of it, what was recorded is recorded. The configuration is parsed only where it may say so.
 */
export async function alertAfterAction(root: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  try {
    const text = readFileSync(configPath(root), 'utf8');
    if (!/\bafter["']?\s*:/.test(text)) return false;
    const { config } = await parseConfig(text, 'daybook.yaml');
    if (!config.alerts.afterAction) return false;
    const { spawn } = await import('node:child_process');
    const line = [...process.execArgv, process.argv[1]!, 'alert', '--quiet', '--dir', root];
    const child = spawn(process.execPath, line, { cwd: root, env, detached: true, stdio: 'ignore' });
    child.on('error', () => undefined);
    child.unref();
    return true;
  } catch {
    return false;
  }
}
