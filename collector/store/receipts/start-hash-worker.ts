import { Worker } from 'node:worker_threads';
import type { HashJob } from './hash-job.ts';

/** Starts a thread that helps with a job. Bundles replace this module: there the thread's code is a text (scripts/). */
export function startHashWorker(job: HashJob): Worker {
  return new Worker(new URL('./hash-worker.ts', import.meta.url), { workerData: job, execArgv: [] });
}
