import { lstatSync } from 'node:fs';
import { isLeftBehind, temporaryPrefix } from '../base/temporary-name.ts';
import type { Finding } from '../formats/findings/finding.ts';

/** Whether this is an unfinished file that nobody is at work on. */
export function isLeftover(path: string, name: string): boolean {
  if (!name.startsWith(temporaryPrefix)) return false;
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat !== undefined && isLeftBehind(name, stat.mtimeMs);
}

/** What is said of such a file. */
export function leftoverFinding(file: string): Finding {
  return {
    code: 'leftover',
    severity: 'note',
    file,
    expected: 'no unfinished files',
    found: 'what a writer left that did not finish',
    hint: '`daybook doctor --repair` moves it to .daybook/quarantine/; its writer has ended.',
  };
}
