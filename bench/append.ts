import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serializeAction } from '../collector/formats/actions/action.ts';
import { openActionWriter } from '../collector/store/action-writer.ts';
import { readActions } from '../collector/store/log-reader.ts';
import { interleave, printRows } from './report.ts';

const count = 10_000;
const details = { module: 'core', result: 'success', duration: '45s', message: 'x'.repeat(120) };

/** Appending: against a bare write of the same lines, against what the original does, and by four processes. */
export async function benchAppend(): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'daybook-bench-'));
  let round = 0;
  const fresh = () => join(folder, `book-${round++}`);
  try {
    const us = await interleave(7, {
      ours: () => timeOurs(fresh()),
      bare: () => timeBare(join(folder, `bare-${round++}.jsonl`)),
      original: () => timeOriginal(fresh()),
    });
    const lost = await countLost(fresh());
    return printRows(
      `Appending ${count} actions of 0.4 KB, durability os, record building included (median of 7)`,
      [
        {
          what: 'append against a bare writeSync',
          ours: `${us.ours.toFixed(2)} us`,
          peer: `${us.bare.toFixed(2)} us`,
          ratio: us.ours / us.bare,
          limit: 2.5,
        },
        {
          what: 'a file per action and an append, as the original does',
          ours: `${us.ours.toFixed(2)} us`,
          peer: `${us.original.toFixed(1)} us`,
          ratio: us.original / us.ours,
          limit: 25,
          atLeast: true,
        },
        {
          what: 'the bare writeSync against the same: the most that can be had here',
          ours: `${us.bare.toFixed(2)} us`,
          peer: `${us.original.toFixed(1)} us`,
          ratio: us.original / us.bare,
        },
        {
          what: '4 processes x 10,000: lines lost or torn',
          ours: String(lost),
          peer: '0',
          ratio: lost,
          limit: 0,
        },
      ],
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function timeOurs(root: string): number {
  const writer = openActionWriter(root);
  const start = performance.now();
  for (let number = 0; number < count; number++) writer.append({ type: 'build', details });
  const us = ((performance.now() - start) * 1000) / count;
  void writer.close();
  return us;
}

/** The floor: the same lines, built the same way, one write each, nothing read back. */
function timeBare(path: string): number {
  const descriptor = openSync(path, 'a');
  const start = performance.now();
  for (let number = 0; number < count; number++) {
    const at = new Date().toISOString();
    writeSync(
      descriptor,
      serializeAction({
        snapshot_id: `action_20261121_050000_000000_${number.toString(16).padStart(6, '0')}`,
        snapshot_type: 'action',
        timestamp: at,
        metadata: { generated_by: 'daybook', version: '0.1.0' },
        action: { type: 'build', status: 'completed', started_at: at, details },
      }),
    );
  }
  const us = ((performance.now() - start) * 1000) / count;
  closeSync(descriptor);
  return us;
}

/** What the original does in Python, timed inside its process; a tenth of the actions, because it is slow. */
function timeOriginal(root: string): number {
  const script = join(import.meta.dirname, 'peers', 'original-append.py');
  const { stdout, status, stderr } = spawnSync('python3', [script, root, String(count / 10)], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`python3 is needed as the peer: ${stderr}`);
  return Number(stdout);
}

async function countLost(root: string): Promise<number> {
  const script = join(import.meta.dirname, '..', 'tests', 'process', 'writer.ts');
  const writers = [0, 1, 2, 3].map((n) =>
    spawn(process.execPath, [script, root, `w${n}`, String(count), '0'], { stdio: 'ignore' }),
  );
  await Promise.all(writers.map((writer) => once(writer, 'close')));
  const { records, broken } = await readActions(
    root,
    () => undefined,
    () => undefined,
  );
  return 4 * count - records + broken;
}
