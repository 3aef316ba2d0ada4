import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { listDataFiles } from '../../../collector/store/receipts/data-files.ts';
import { hashFiles } from '../../../collector/store/receipts/hash-files.ts';
import { digestState, type HashJob } from '../../../collector/store/receipts/hash-job.ts';
import { startHashWorker } from '../../../collector/store/receipts/start-hash-worker.ts';
import { temporaryFolder } from '../../helpers.ts';

it('does a whole job in a thread of its own', async () => {
  const root = temporaryFolder();
  for (const name of ['a', 'b', 'c']) writeFileSync(join(root, name), name.repeat(1000));
  const { base, paths, facts } = await listDataFiles(root, '');
  const here = await hashFiles(base, paths, facts, { helpers: 0 });
  const shared = (bytes: number) => new SharedArrayBuffer(bytes);
  const job: HashJob = {
    base,
    paths: [...paths, 'missing'],
    facts: BigInt64Array.from([...facts, 0n, 0n, 0n, 0n]),
    items: Int32Array.from([0, 4, 8, 12]),
    control: new Int32Array(shared(8)),
    bytesDone: new BigInt64Array(shared(8)),
    states: new Uint8Array(shared(8)),
    digests: new Uint8Array(shared(160)),
  };
  const [message] = await once(startHashWorker(job), 'message');
  expect(message).toBe('finished');
  expect([...job.states]).toEqual([1, 1, 1, 1, 1, 1, digestState.unreadable, digestState.unreadable]);
  expect([...job.digests.slice(0, 120)]).toEqual([...here.digests]);
});
