import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../base/atomic-file.ts';
import { isObject } from '../base/json/json.ts';
import { parseLenientJson } from '../base/json/lenient.ts';
import { jsonText } from '../base/json/text.ts';
import { cacheFolder } from './layout.ts';

/** Until when a channel is left alone, and how often it failed in a row. */
export interface Backoff {
  failures: number;
  untilUs: number;
}

const firstPauseMs = 60_000;
const longestPauseMs = 3_600_000;

/** Channels that failed lately on this machine. An aid alone: where it is missing, they are tried sooner. */
export function readBackoff(root: string): Map<string, Backoff> {
  const channels = new Map<string, Backoff>();
  let text = '';
  try {
    text = readFileSync(pathOf(root), 'utf8');
  } catch {
    return channels;
  }
  const read = parseLenientJson(text);
  if (!read.ok || !isObject(read.value)) return channels;
  for (const [name, each] of Object.entries(read.value)) {
    if (!isObject(each)) continue;
    const { failures, untilUs } = each;
    if (typeof failures === 'number' && typeof untilUs === 'number')
      channels.set(name, { failures, untilUs });
  }
  return channels;
}

/** Notes that a channel failed, or with `undefined` that it works: after a minute, two, four … at most an hour it is tried again. */
export function writeBackoff(
  root: string,
  channel: string,
  failed: { nowUs: number; waitMs: number | undefined } | undefined,
): void {
  const channels = readBackoff(root);
  const known = channels.get(channel);
  if (failed === undefined && known === undefined) return;
  channels.delete(channel);
  if (failed !== undefined) {
    const failures = (known?.failures ?? 0) + 1;
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** (failures - 1));
    const untilUs = failed.nowUs + Math.max(pauseMs, failed.waitMs ?? 0) * 1000;
    channels.set(channel, { failures, untilUs });
  }
  try {
    writeFileAtomic(pathOf(root), `${jsonText(Object.fromEntries(channels), 2)}\n`);
  } catch {
    // Without it a channel is tried again sooner.
  }
}

const pathOf = (root: string) => join(cacheFolder(root), 'alerts.json');
