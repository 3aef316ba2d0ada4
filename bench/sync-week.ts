import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, ms, printRows } from './report.ts';

const bundle = join(import.meta.dirname, '..', 'dist', 'daybook.cjs');
const slots = Number(process.env['SYNC_SLOTS'] ?? 336);
const startMs = Date.UTC(2026, 9, 1);

/**
 * A week of a repository with a workflow: a snapshot every half hour and some sixty pushes, each recorded in a fresh shallow clone,
 * as CI does it. On main, on a branch of the book's own, and on one whose history is kept for a day.
 */
export async function benchWeek(): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'daybook-bench-'));
  try {
    const main = week(join(folder, 'main'), '{}\n');
    const own = week(join(folder, 'own'), 'sync: {branch: daybook}\n');
    const short = week(join(folder, 'short'), 'sync: {branch: daybook, history: 1d}\n');
    const kib = (bytes: number) => `${Math.round(bytes / 1024)} KiB`;
    return printRows(`A week of ${slots} slots in fresh shallow clones: branch of its own against main`, [
      row('commits of ours on main', own.onMain, main.onMain, String, 0),
      row('objects of the repository after git gc', own.bytes, main.bytes, kib),
      row('the same with one day of history', short.bytes, main.bytes, kib),
      row('sync: median', median(own.times), median(main.times), ms),
      row('the same against 500 ms', median(own.times), 500, ms, 1),
      row('sync on the last day: median', median(own.times.slice(-48)), median(main.times.slice(-48)), ms),
      row('restore: median', median(own.restores), median(own.times), ms),
      row('records lost', own.lost + short.lost, main.lost, String, 0),
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function row(what: string, ours: number, peer: number, text: (value: number) => string, limit?: number) {
  return {
    what,
    ours: text(ours),
    peer: text(peer),
    ratio: peer === 0 ? ours : ours / peer,
    ...(limit === undefined ? {} : { limit }),
  };
}

function week(folder: string, settings: string) {
  mkdirSync(folder, { recursive: true });
  const bare = join(folder, 'origin.git');
  git(folder, 'init', '--quiet', '--bare', '--initial-branch=main', bare);
  const user = join(folder, 'user');
  git(folder, 'clone', '--quiet', bare, user);
  git(user, 'checkout', '--quiet', '-B', 'main');
  writeFileSync(join(user, 'daybook.yaml'), settings);
  writeFileSync(join(user, '.gitignore'), `.daybook/\n${settings.includes('branch') ? '/snapshots/\n' : ''}`);
  commit(user, 'start');
  const times: number[] = [];
  const restores: number[] = [];
  let pushes = 0;
  for (let slot = 0; slot < slots; slot++) {
    const atMs = startMs + slot * 1_800_000;
    process.env['GIT_COMMITTER_DATE'] = `${atMs / 1000} +0000`;
    if (slot % 6 === 5) {
      pushes++;
      git(user, 'pull', '--quiet', '--rebase');
      appendFileSync(join(user, 'code.txt'), `${'x'.repeat(60)} ${slot}\n`);
      commit(user, `code ${slot}`);
    }
    const job = join(folder, 'job');
    git(folder, 'clone', '--quiet', '--depth', '1', `file://${bare}`, job);
    if (settings.includes('branch')) restores.push(timed(() => daybook(job, atMs, 'sync', '--restore')));
    record(job, slot, atMs, slot % 6 === 5);
    times.push(timed(() => daybook(job, atMs, 'sync')));
    rmSync(job, { recursive: true });
  }
  git(bare, 'gc', '--quiet', '--prune=now');
  const branch = settings.includes('branch') ? 'daybook' : 'main';
  const lines = git(bare, 'show', `${branch}:snapshots/action_log.jsonl`).trim().split('\n');
  const snapshots = git(bare, 'ls-tree', '--name-only', branch, 'snapshots/').split('\n');
  const taken = snapshots.filter((name) => /\/periodic_/.test(name)).length;
  const onMain = Number(git(bare, 'rev-list', '--count', 'main')) - pushes - 1;
  return {
    times,
    restores,
    onMain,
    bytes: sizeOf(bare),
    lost: slots + pushes - lines.length + slots - taken,
  };
}

function record(root: string, slot: number, atMs: number, isPush: boolean): void {
  const iso = new Date(atMs).toISOString();
  const id = iso.replace(/[-:]|\.\d+Z/g, '').replace('T', '_');
  mkdirSync(join(root, 'snapshots'), { recursive: true });
  const types = isPush ? ['schedule_event', 'push_event'] : ['schedule_event'];
  const lines = types.map((type) =>
    JSON.stringify({
      snapshot_id: `action_${id}_${slot}_${type}`,
      snapshot_type: 'action',
      timestamp: iso,
      action: { type, status: 'completed' },
      details: { event: type, actor: 'octocat', ref: 'main', commit: slot.toString(16).padStart(40, '7') },
    }),
  );
  appendFileSync(join(root, 'snapshots/action_log.jsonl'), lines.map((line) => `${line}\n`).join(''));
  const text = JSON.stringify({
    snapshot_id: `periodic_${id}`,
    snapshot_type: 'periodic',
    timestamp: iso,
    system_state: {
      load: [slot % 7, slot % 5],
      memory: { used: 4_000_000_000 + slot * 4096, total: 8_000_000_000 },
      disk: slot,
    },
    active_processes: Array.from({ length: 12 }, (_, pid) => ({
      pid: 1000 + pid + slot,
      name: `worker-${pid}`,
      cpu: (pid * slot) % 97,
    })),
    git: { branch: 'main', head: slot.toString(16).padStart(40, '3'), changed: [] },
  });
  for (const name of [`periodic_${id}`, 'latest_periodic'])
    writeFileSync(join(root, `snapshots/${name}.json`), `${text}\n`);
}

function sizeOf(bare: string): number {
  return Number(/size-pack: (\d+)/.exec(git(bare, 'count-objects', '-v'))?.[1] ?? 0) * 1024;
}

function timed(act: () => void): number {
  const started = performance.now();
  act();
  return performance.now() - started;
}

/** The clock of the process stands at the slot. */
function daybook(cwd: string, atMs: number, ...args: string[]): void {
  const clock = encodeURIComponent(`Date.now=()=>${atMs}`);
  const env = { ...process.env, NODE_OPTIONS: `--import=data:text/javascript,${clock}` };
  execFileSync(process.execPath, [bundle, ...args, '--quiet'], {
    cwd,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

function commit(root: string, message: string): void {
  git(root, 'add', '.');
  git(
    root,
    '-c',
    'user.name=Bench',
    '-c',
    'user.email=bench@example.org',
    'commit',
    '--quiet',
    '-m',
    message,
  );
  git(root, 'push', '--quiet', '-u', 'origin', 'main');
}

function git(cwd: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
