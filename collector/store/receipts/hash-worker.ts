import { parentPort, workerData } from 'node:worker_threads';
import { createXxh64 } from '../../base/xxh64.ts';
import { type HashJob, hashItems } from './hash-job.ts';

// A thread of its own: works through the shared job and says when nothing is left. Bundles carry this file as text.
createXxh64().then((xxh) => {
  for (const _ of hashItems(workerData as HashJob, xxh));
  parentPort?.postMessage('finished');
});
