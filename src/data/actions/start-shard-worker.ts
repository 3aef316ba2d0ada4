import { Worker } from 'node:worker_threads';
import type { ShardThread } from './shard-job.ts';

/** Starts a thread that writes shards; what it throws away is collected before it is much. Bundles replace this module: there the thread's code is a text (scripts/). */
export function startShardWorker(given: ShardThread): Worker {
  return new Worker(new URL('./shard-worker.ts', import.meta.url), {
    workerData: given,
    execArgv: [],
    resourceLimits: { maxYoungGenerationSizeMb: 16 },
  });
}
