import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseReceipt } from '../collector/formats/receipts/receipt.ts';
import { recordCode } from '../collector/store/receipts/shadow-commit.ts';
import { interleave, ms, printRows } from './report.ts';

const files = 1500;
const rounds = 21;

/** Recording code: the shadow commit of a repository against plain git on a copied index. And reading large receipts. */
export async function benchReceipts(): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'daybook-bench-'));
  try {
    const root = join(folder, 'repository');
    makeRepository(root);
    const forget = () => rmSync(join(root, '.git/refs/daybook'), { recursive: true, force: true });
    const clean = await timeBoth(root, folder, forget);
    const again = await timeBoth(root, folder, () => {});
    makeDirty(root, 'same');
    const dirty = await timeBoth(root, folder, forget);
    let round = 0;
    const fresh = await timeBoth(root, folder, () => makeDirty(root, `round ${round++}`));
    const text = largeReceipt();
    const read = await interleave(5, { ours: () => timeReading(text) });
    return printRows(`Code of a run: a repository of ${files} files, 25 MB (median of ${rounds})`, [
      { ...row('shadow commit with ref, clean, against git add -A + write-tree', clean), limit: 2 },
      { ...row('the same of a state that an earlier run recorded', again), limit: 2 },
      { ...row('the same, 20 files changed and 5 new', dirty), limit: 2 },
      row('the same with content git never saw: ours is flushed to disk, git add is not', fresh),
      {
        what: `reading a run.lock of ${Math.round(text.length / 1e6)} MB with 190,000 digests`,
        ours: ms(read.ours),
        peer: '2 s',
        ratio: read.ours / 2000,
        limit: 1,
      },
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function row(what: string, { ours, git }: { ours: number; git: number }) {
  return { what, ours: ms(ours), peer: ms(git), ratio: ours / git };
}

function timeBoth(root: string, folder: string, prepare: () => void) {
  return interleave(rounds, {
    ours: async () => {
      prepare();
      const began = performance.now();
      await recordCode({ path: '.' }, { root, from: root, shadow: true });
      return performance.now() - began;
    },
    git: () => {
      prepare();
      const began = performance.now();
      plainTree(root, join(folder, 'index'));
      return performance.now() - began;
    },
  });
}

function makeRepository(root: string): void {
  for (let at = 0; at < files; at++) {
    const folder = join(root, `part-${at % 60}`, `sub-${at % 7}`);
    mkdirSync(folder, { recursive: true });
    const path = join(folder, `file-${at}.txt`);
    writeFileSync(path, `${at} ${'some text of a file\n'.repeat(850)}`);
    // Files as young as the index would be read again by git each time, in ours and in the peer.
    utimesSync(path, 1_700_000_000, 1_700_000_000);
  }
  git(root, 'init', '--quiet');
  git(root, 'add', '--all');
  git(root, '-c', 'user.name=A', '-c', 'user.email=a@localhost', 'commit', '--quiet', '-m', 'first');
}

function makeDirty(root: string, mark: string): void {
  for (let at = 0; at < 20; at++) {
    writeFileSync(
      join(root, `part-${at % 60}`, `sub-${at % 7}`, `file-${at}.txt`),
      `changed ${at} ${mark}\n`,
    );
  }
  for (let at = 0; at < 5; at++) writeFileSync(join(root, `new-${at}.txt`), `new ${at} ${mark}\n`);
}

/** What anyone would do by hand: a copy of the index with its time, git add, git write-tree. */
function plainTree(root: string, index: string): void {
  const from = join(root, '.git/index');
  copyFileSync(from, index);
  const { atimeMs, mtimeMs } = statSync(from);
  utimesSync(index, atimeMs / 1000, Math.floor(mtimeMs) / 1000);
  const env = { ...process.env, GIT_INDEX_FILE: index };
  spawnSync('git', ['add', '--all'], { cwd: root, env });
  spawnSync('git', ['write-tree'], { cwd: root, env });
}

function git(root: string, ...args: string[]): void {
  const { status, stderr } = spawnSync('git', args, { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

function largeReceipt(): string {
  const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
  const lines = Array.from({ length: 190_000 }, (_, at) => `      images/part/${at}.png: ${digest}\n`);
  return `timestamp: '2026-01-01T10:00:00.000000Z'\ninputs:\n  images:\n    path: images\n    kind: folder\n    digest: ${digest}\n    manifest:\n${lines.join('')}`;
}

function timeReading(text: string): number {
  const began = performance.now();
  const { record } = parseReceipt(text, { file: 'run.lock', bytes: text.length, digest: 'sha256:' });
  if (Object.keys(record?.inputs['images']?.manifest ?? {}).length !== 190_000) throw new Error('not read');
  return performance.now() - began;
}
