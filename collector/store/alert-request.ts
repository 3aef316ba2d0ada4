import { rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeCacheFolder } from './cache-folder.ts';
import { cacheFolder } from './layout.ts';

/** A process that was asked for and died before it looked is waited for no longer than this. */
const longestWaitMs = 60_000;

/**
 * Asks for alerts, and says whether somebody has to start them: false where a process that was started for an earlier
 * request has yet to look at the book, and so will see what was recorded until now.
 */
export function requestAlerts(root: string): boolean {
  const path = pathOf(root);
  try {
    const asked = statSync(path, { throwIfNoEntry: false });
    if (asked !== undefined && Math.abs(Date.now() - asked.mtimeMs) < longestWaitMs) return false;
    makeCacheFolder(root, '');
    writeFileSync(path, '');
  } catch {
    // Without it each action starts a process of its own.
  }
  return true;
}

/** To be called before the book is looked at: whoever asks from now on needs another look. */
export function takeAlertRequest(root: string): void {
  try {
    rmSync(pathOf(root), { force: true });
  } catch {
    // Then the next minute goes by without another look.
  }
}

const pathOf = (root: string) => join(cacheFolder(root), 'alert-request');
