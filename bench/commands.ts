import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { interleave, ms, printRows } from './report.ts';
import { writeSampleLog } from './sample-log.ts';

const bundle = join(import.meta.dirname, '..', 'dist', 'daybook.cjs');

/** Whole processes of the bundled command line against an empty Node. */
export async function benchCommands(millionBook: string): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'daybook-bench-'));
  const small = join(folder, 'small');
  mkdirSync(join(small, 'snapshots'), { recursive: true });
  writeSampleLog(join(small, 'snapshots', 'action_log.jsonl'), 1000, 'daybook');
  try {
    const time = await interleave(21, {
      floor: () => run(['-e', '0'], folder),
      action: () => run([bundle, 'action', 'build', 'module=core', 'result=success', '--quiet'], small),
      tail: () => run([bundle, 'actions', '10'], millionBook),
      tailSmall: () => run([bundle, 'actions', '10'], small),
    });
    return printRows('Whole processes of dist/daybook.cjs (median of 21)', [
      {
        what: '`action` against `node -e 0`',
        ours: ms(time.action),
        peer: ms(time.floor),
        ratio: time.action / time.floor,
        limit: 1.4,
      },
      {
        what: '`actions 10`, log of 1,000,000 lines',
        ours: ms(time.tail),
        peer: ms(time.floor),
        ratio: time.tail / time.floor,
        limit: 1.7,
      },
      {
        what: 'the same against a log of 1,000 lines',
        ours: ms(time.tail),
        peer: ms(time.tailSmall),
        ratio: time.tail / time.tailSmall,
        limit: 1.15,
      },
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(args: string[], cwd: string): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
  const time = performance.now() - start;
  if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
  return time;
}
