import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { digestData } from '../../collector/store/receipts/data-digest.ts';
import { hashCacheFolder } from '../../collector/store/receipts/hash-cache.ts';
import { temporaryFolder } from '../helpers.ts';

it('several processes share one cache of digests, also when some are killed', async () => {
  const root = temporaryFolder();
  mkdirSync(join(root, 'data'));
  for (let file = 0; file < 300; file++) writeFileSync(join(root, 'data', `f${file}`), `content ${file}`);
  const { input } = await digestData('data', { root, cache: 'off' });
  const script = join(import.meta.dirname, 'hasher.ts');
  const start = (rounds: number) =>
    spawn(process.execPath, [script, root, String(rounds)], { stdio: ['ignore', 'pipe', 'ignore'] });
  const working = [start(40), start(40), start(40)];
  const killed = [start(100_000), start(100_000)];
  const outputs = Promise.all(working.map(({ stdout }) => text(stdout)));
  setTimeout(() => {
    for (const process of killed) process.kill('SIGKILL');
  }, 400);
  for (const output of await outputs) expect(output.trim()).toBe(input.digest);
  for (const process of killed) process.kill('SIGKILL');
  const again = await digestData('data', { root, nowMs: () => Date.now() + 60_000 });
  expect(again).toMatchObject({ readFiles: 0, input: { digest: input.digest } });
  expect(readdirSync(hashCacheFolder(root)).filter((name) => name.endsWith('.bin'))).not.toHaveLength(0);
});
