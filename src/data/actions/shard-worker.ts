import { parentPort, workerData } from 'node:worker_threads';
import { resolveDetails } from '../../../collector/store/blobs.ts';
import { LinesAt, LogChanged } from '../../../collector/store/lines-at.ts';
import { OddRows } from './row-source.ts';
import { type ShardAnswer, type ShardJob, type ShardThread, writeShard } from './shard-job.ts';

// A thread of its own: writes the shards that it is sent, one after the other. Bundles carry this file as text.
const thread = workerData as ShardThread;
const reads = { odd: OddRows.open(thread.odd), lines: new LinesAt(thread.root), resolveDetails };

parentPort!.on('message', (job: ShardJob) => {
  let answer: ShardAnswer;
  try {
    answer = { shard: writeShard(thread, reads, job) };
  } catch (error) {
    answer = { error, hasLogChanged: error instanceof LogChanged };
  }
  parentPort!.postMessage(answer);
});
