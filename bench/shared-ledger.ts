import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ledgerFiles } from '../collector/store/ledger/ledger-files.ts';
import { LedgerWriter } from '../collector/store/ledger/ledger-writer.ts';
import { printRows } from './report.ts';

const runs = 1000;
const peerScript = join(import.meta.dirname, 'peers/pycaddy-ledger.py');

/** A ledger shared with Python against Python alone: the whole file says everything behind each operation. */
export async function benchSharedLedger(): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'daybook-bench-'));
  const fresh = () => mkdtempSync(join(folder, 'book-'));
  try {
    const shared = await timeOurs(fresh(), true);
    const peer = timePeer(fresh());
    const alone = await timeOurs(fresh(), false);
    return printRows('The ledger shared with Python: every operation of ours is flushed, none of Python is', [
      {
        what: `1,000 x allocate + log + log, against ${peer.by}`,
        ours: seconds(shared),
        peer: seconds(peer.took),
        ratio: shared / peer.took,
        limit: 0.5,
      },
      {
        what: 'the same, against a ledger of ours that Python has not come to yet',
        ours: seconds(shared),
        peer: seconds(alone),
        ratio: shared / alone,
      },
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function timeOurs(root: string, shared: boolean): Promise<number> {
  const files = ledgerFiles(root);
  const writer = new LedgerWriter(files, { shared });
  const run = {
    identifier: 'train',
    relpath: '',
    status: 'pending',
    paramHash: null,
    maxsize: 1000,
    by: undefined,
  };
  const started = performance.now();
  for (let number = 0; number < runs; number++) {
    const key = await writer.allocate(run);
    await writer.log(key, { status: 'running' });
    await writer.log(key, { status: 'done', files: [['model', `${key.uid}/model.pt`]] });
  }
  const took = (performance.now() - started) / 1000;
  const statuses = readFileSync(files.path, 'utf8').match(/"status": "(\w+)"/g) ?? [];
  if (statuses.length !== runs || (shared && statuses.some((status) => !status.includes('done'))))
    throw new Error('The ledger does not say what was acknowledged.');
  await writer.close();
  return took;
}

function timePeer(root: string): { took: number; by: string } {
  const path = join(root, 'metadata.json');
  writeFileSync(path, '{}');
  const python = process.env['DAYBOOK_PYTHON'] ?? 'python3';
  const said = execFileSync(python, [peerScript, path, String(runs)], { encoding: 'utf8' }).trim();
  const [took, ...by] = said.split(' ');
  return { took: Number(took), by: by.join(' ') };
}

function seconds(value: number): string {
  return `${value.toFixed(2)} s`;
}
