import { availableParallelism } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { createXxh64 } from '../../base/xxh64.ts';
import { digestBytes, digestState, type HashJob, hashItems, itemKinds } from './hash-job.ts';
import { startHashWorker } from './start-hash-worker.ts';

/** How far hashing has come. */
export interface HashProgress {
  doneBytes: number;
  totalBytes: number;
  files: number;
}

/** What hashing may be told. */
export interface HashOptions {
  progress?: (progress: HashProgress) => void;
  /** How many threads besides this one; by default as many as pay off and there are cores for. */
  helpers?: number;
}

/** Above this size the two digests of a file are separate items. */
const splitBytes = 4 * 1024 * 1024;
/** Rough costs, to decide whether starting a thread pays off. */
const usPerFile = 15;
const bytesPerUs = 1000;
const helperPaysUs = 80_000;
/** This thread hands over to others after so long, for input, timers and progress. */
const sliceMs = 40;

/**
 * Hashes files on this thread and as many others as pay off. The result has `digestBytes` for each file and two
 * states: not every file may have been readable or have stayed as it was found.
 */
export async function hashFiles(
  base: string,
  paths: readonly string[],
  facts: BigInt64Array,
  options: HashOptions = {},
): Promise<{ digests: Uint8Array; states: Uint8Array }> {
  const job = createJob(base, paths, facts);
  const report = reporter(job, options);
  const helpers = startHelpers(job, options.helpers ?? helpersFor(job));
  try {
    await workHere(job, report);
    while (job.states.includes(digestState.open) && helpers.some((helper) => helper.isBusy()))
      await Promise.race([...helpers.map((helper) => helper.finished), pause()].concat()).then(report);
    if (job.states.includes(digestState.open)) await workHere(reopen(job), report);
  } finally {
    Atomics.store(job.control, 1, 1);
    for (const helper of helpers) helper.end();
  }
  return { digests: job.digests, states: job.states };
}

function createJob(base: string, paths: readonly string[], facts: BigInt64Array): HashJob {
  const items: number[] = [];
  const sizes = paths.map((_, file) => Number(facts[file * 4]!));
  const large = sizes.flatMap((size, file) => (size > splitBytes ? [file] : []));
  for (const file of large.sort((a, b) => sizes[b]! - sizes[a]!))
    items.push(file * 4 + itemKinds.sha, file * 4 + itemKinds.xxh);
  sizes.forEach((size, file) => {
    if (size <= splitBytes) items.push(file * 4 + itemKinds.both);
  });
  return {
    base,
    paths,
    facts,
    items: shared(Int32Array, items.length, items),
    control: shared(Int32Array, 2),
    bytesDone: shared(BigInt64Array, 1),
    states: shared(Uint8Array, paths.length * 2),
    digests: shared(Uint8Array, paths.length * digestBytes),
  };
}

function shared<T extends Int32Array | Uint8Array | BigInt64Array>(
  kind: { new (buffer: SharedArrayBuffer): T; BYTES_PER_ELEMENT: number },
  length: number,
  values?: number[],
): T {
  const array = new kind(new SharedArrayBuffer(length * kind.BYTES_PER_ELEMENT));
  if (values !== undefined) (array as Int32Array).set(values);
  return array;
}

function helpersFor(job: HashJob): number {
  const bytes = job.paths.reduce((sum, _, file) => sum + Number(job.facts[file * 4]!), 0);
  const costUs = job.paths.length * usPerFile + bytes / bytesPerUs;
  const useful = Math.floor(costUs / helperPaysUs);
  return Math.min(useful, availableParallelism() - 1, job.items.length - 1, 7);
}

function startHelpers(job: HashJob, count: number) {
  return Array.from({ length: Math.max(0, count) }, () => startHelper(job)).filter(
    (one) => one !== undefined,
  );
}

/** A thread that cannot be started or dies is no error: what it leaves undone is done here. */
function startHelper(job: HashJob) {
  let worker: Worker;
  try {
    worker = startHashWorker(job);
  } catch {
    return undefined;
  }
  let busy = true;
  const finished = new Promise<void>((resolve) => {
    const end = () => {
      busy = false;
      resolve();
    };
    worker.once('message', end).once('error', end).once('exit', end);
  });
  return { finished, isBusy: () => busy, end: () => void worker.terminate() };
}

async function workHere(job: HashJob, report: () => void): Promise<void> {
  const xxh = await createXxh64();
  report();
  let sliceEnd = performance.now() + sliceMs;
  for (const _ of hashItems(job, xxh)) {
    if (performance.now() < sliceEnd) continue;
    report();
    await nextTurn();
    sliceEnd = performance.now() + sliceMs;
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 50));
}

/** The same job with only the items that a thread took and did not finish. */
function reopen(job: HashJob): HashJob {
  const items = [...job.items].filter((item) => {
    const file = item >> 2;
    const part = (item & 3) === itemKinds.xxh ? 1 : 0;
    return job.states[file * 2 + part] === digestState.open;
  });
  return { ...job, items: shared(Int32Array, items.length, items), control: shared(Int32Array, 2) };
}

function reporter(job: HashJob, { progress }: HashOptions): () => void {
  if (progress === undefined) return () => undefined;
  const totalBytes = job.paths.reduce((sum, _, file) => sum + Number(job.facts[file * 4]!), 0);
  return () =>
    progress({
      doneBytes: Math.min(totalBytes, Number(Atomics.load(job.bytesDone, 0))),
      totalBytes,
      files: job.paths.length,
    });
}
