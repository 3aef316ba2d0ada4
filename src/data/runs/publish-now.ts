import type { ReceiptVerdict } from '../../../collector/formats/receipts/record.ts';
import type { Staleness } from '../../../collector/runs/record.ts';
import { writeJsonTwin, writePackedTwin } from '../publish/twin.ts';
import { type RunNow, shardName, shardOf } from './index.ts';

/** Writes what was true of the runs at the time of the build: now.json for lists, verdicts-NNNN.json for pages. */
export function publishNow(
  folder: string,
  given: {
    verdicts: Map<string, ReceiptVerdict>;
    stale: Map<string, Staleness>;
    shards: number;
    nowUs: number;
  },
): void {
  const { verdicts, stale, shards, nowUs } = given;
  const states: RunNow['verdicts'] = Object.create(null);
  const gone: RunNow['stale'] = Object.create(null);
  const whole = Array.from(
    { length: shards },
    (): Record<string, ReceiptVerdict> => Object.create(null) as Record<string, ReceiptVerdict>,
  );
  for (const [slug, verdict] of verdicts) {
    states[slug] = verdict.state;
    const shard = whole[shardOf(slug, shards)];
    if (shard !== undefined) shard[slug] = verdict;
  }
  for (const [slug, staleness] of stale) gone[slug] = staleness;
  const now: RunNow = { format: 1, checkedAtUs: nowUs, verdicts: states, stale: gone };
  writeJsonTwin(folder, 'runs/', 'now', now);
  // Pages ask for those only of which now.json knows a verdict.
  for (const [shard, content] of whole.entries()) {
    if (Object.keys(content).length > 0)
      writePackedTwin(folder, 'runs/', shardName('verdicts', shard), content);
  }
}
