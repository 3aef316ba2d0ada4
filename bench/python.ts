import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { interleave, printRows } from './report.ts';

const points = 10_000;
/** Microseconds that a point may cost the loop that it is measured in. */
const limitUs = 20;

interface Timed {
  log: number;
  bare: number;
  kept: number;
}

/** Points from inside of a Python program: what one call costs it, against a bare write of the same lines. */
export async function benchPython(): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'daybook-bench-'));
  let round = 0;
  let kept = 0;
  const bare: number[] = [];
  try {
    const { ours } = await interleave(5, {
      ours: () => {
        const timed = time(join(folder, `book-${round++}`));
        kept += timed.kept;
        bare.push(timed.bare);
        return timed.log;
      },
    });
    const write = bare.toSorted((a, b) => a - b)[bare.length >> 1]!;
    return printRows(`run.log of five values in Python, durability os, ${points} points (median of 5)`, [
      {
        what: 'a point, against the limit for one',
        ours: `${ours.toFixed(1)} us`,
        peer: `${limitUs} us`,
        ratio: ours / limitUs,
        limit: 1,
      },
      {
        what: 'a point, against a bare os.write of its line',
        ours: `${ours.toFixed(1)} us`,
        peer: `${write.toFixed(2)} us`,
        ratio: ours / write,
      },
      {
        what: 'points lost',
        ours: String(round * points - kept),
        peer: '0',
        ratio: round * points - kept,
        limit: 0,
      },
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function time(root: string): Timed {
  const script = join(import.meta.dirname, 'peers', 'python-log.py');
  const env = { ...process.env, PYTHONPATH: join(import.meta.dirname, '..', 'clients', 'python') };
  const { stdout, status, stderr } = spawnSync('python3', [script, root, String(points)], {
    encoding: 'utf8',
    env,
  });
  if (status !== 0) throw new Error(`python3 is needed: ${stderr}`);
  return JSON.parse(stdout) as Timed;
}
