import type { JsonValue } from '../base/json/json.ts';
import type { ProbeContext } from './context.ts';
import { readSource } from './source-file.ts';

const relay = 'memory-bundles/outcome-relay.md';
/** The relay grows for ever, so it may be far larger than other sources. */
const maxRelayBytes = 16 * 1024 * 1024;

/** The last ten lines of the outcome relay that say something, and how many there are. */
export async function probeTaskProgress({ root }: ProbeContext): Promise<JsonValue> {
  const text = await readSource(root, relay, maxRelayBytes);
  if (text === undefined) return { status: 'no_tasks' };
  const entries = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return { recent_activities: entries.slice(-10), total_entries: entries.length };
}
