import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openBook } from '../../../../collector/index.ts';
import { syncBook } from '../../../../collector/operations/sync/sync-book.ts';
import { amount } from '../../../long.ts';
import { environment, git } from '../clones.ts';
import { clonesWith, onBranch } from './clones-with-runs.ts';

const metrics = 'results/x/metrics.jsonl';

describe('a sync that is killed while runs are joined', () => {
  it('loses no run, gives no uid twice, and writes no line of metrics twice', async () => {
    const { bare, clones } = clonesWith(2, 'true');
    const module = fileURLToPath(
      new URL('../../../../collector/operations/sync/sync-book.ts', import.meta.url),
    );
    const script = `const { syncBook } = await import(process.argv[1]);
      await import(new URL('runs/join-runs.ts', 'file://' + process.argv[1])); console.log(1); await syncBook(process.argv[2]);`;
    const killed = async (root: string, afterMs: number) => {
      const child = spawn(process.execPath, ['--input-type=module', '-e', script, module, root], {
        env: environment,
      });
      const closed = once(child, 'close');
      await once(child.stdout, 'data');
      await sleep(afterMs);
      child.kill('SIGKILL');
      await closed;
    };
    const rounds = amount(2, 40);
    const hashes: string[] = [];
    const ids: string[] = [];
    // How long a whole one takes at this moment: kills fall evenly upon all of it.
    const startedMs = performance.now();
    await syncBook(clones[0]!);
    const wholeMs = performance.now() - startedMs;
    for (let round = 0; round < rounds; round++) {
      for (const [number, root] of clones.entries()) {
        const book = await openBook(root);
        const paramHash = `${number}${round}`.padStart(64, 'a');
        await book.ledger.allocate('train', { paramHash });
        await book.close();
        hashes.push(paramHash);
        ids.push(`${number}-${round}`);
        mkdirSync(join(root, 'results/x'), { recursive: true });
        appendFileSync(join(root, metrics), `{"step":${round},"loss":1,"id":"${ids.at(-1)}"}\n`);
      }
      await Promise.all(
        clones.map((root, number) => killed(root, (wholeMs * 1.5 * (round + number / 2)) / rounds)),
      );
    }
    for (const root of [...clones, ...clones]) await syncBook(root);
    const found = (ledger: string) => {
      const runs = Object.values(JSON.parse(ledger).train['']) as { param_hash: string }[];
      return runs.map((run) => run.param_hash).sort();
    };
    const idsIn = (lines: string) => [...lines.matchAll(/"id":"([^"]+)"/g)].map(([, id]) => id).sort();
    for (const read of [
      (path: string) => onBranch(bare, path),
      ...clones.map((root) => (path: string) => readFileSync(join(root, path), 'utf8')),
    ]) {
      expect(found(read('metadata.json'))).toEqual([...hashes].sort());
      expect(idsIn(read(metrics))).toEqual([...ids].sort());
    }
    expect(git(bare, 'fsck', '--no-dangling')).toBe('');
  }, 900_000);
});
