import { execFile, execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { median, ms, printRows } from './report.ts';

const bundle = join(import.meta.dirname, '..', 'dist', 'daybook.cjs');
const run = promisify(execFile);
const clones = 8;
const pushes = Number(process.env['SYNC_PUSHES'] ?? 40);

/** Many clones that push to one branch without a pause: each push a process of the bundled command line, then of git alone. */
export async function benchSync(): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'daybook-bench-'));
  try {
    const alone = await contend(join(folder, 'alone'), 1, pushWithGit);
    const ownAlone = await contend(join(folder, 'own-alone'), 1, pushWithDaybook);
    const plain = await contend(join(folder, 'plain'), clones, pushWithGit);
    const ours = await contend(join(folder, 'ours'), clones, pushWithDaybook);
    const what = `${clones} clones x ${pushes} pushes`;
    return printRows(
      'Pushes to one branch at once: daybook sync against git commit, pull --rebase and push',
      [
        {
          what: 'one clone alone: median',
          ours: ms(median(ownAlone.times)),
          peer: ms(median(alone.times)),
          ratio: median(ownAlone.times) / median(alone.times),
        },
        {
          what: `${what}: gave up`,
          ours: String(ours.failed),
          peer: String(plain.failed),
          ratio: ours.failed,
          limit: 0,
        },
        {
          what: 'the same: lines lost',
          ours: String(ours.lost),
          peer: String(plain.lost),
          ratio: ours.lost,
          limit: 0,
        },
        {
          what: 'the same: median',
          ours: ms(median(ours.times)),
          peer: ms(median(plain.times)),
          ratio: median(ours.times) / median(plain.times),
        },
        {
          what: 'the same: worst',
          ours: ms(Math.max(...ours.times)),
          peer: ms(Math.max(...plain.times)),
          ratio: Math.max(...ours.times) / Math.max(...plain.times),
          limit: 1,
        },
        {
          what: 'the same: worst against 5 s',
          ours: ms(Math.max(...ours.times)),
          peer: '5 s',
          ratio: Math.max(...ours.times) / 5000,
          limit: 1,
        },
        {
          what: 'the same: pushes a second',
          ours: ours.perSecond.toFixed(1),
          peer: plain.perSecond.toFixed(1),
          ratio: ours.perSecond / plain.perSecond,
        },
      ],
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Push = (root: string) => Promise<boolean>;

async function contend(folder: string, count: number, push: Push) {
  const roots = makeClones(folder, count);
  const started = performance.now();
  const each = await Promise.all(roots.map((root, number) => pushMany(root, `clone${number}`, push)));
  const took = performance.now() - started;
  const log = git(join(folder, 'origin.git'), 'show', 'main:snapshots/action_log.jsonl');
  const lines = new Set(log.trim().split('\n'));
  return {
    times: each.flatMap(({ times }) => times),
    failed: each.reduce((sum, { failed }) => sum + failed, 0),
    lost: count * pushes - lines.size,
    perSecond: (count * pushes * 1000) / took,
  };
}

async function pushMany(root: string, name: string, push: Push) {
  const times: number[] = [];
  let failed = 0;
  for (let number = 0; number < pushes; number++) {
    const line = { snapshot_id: `${name}-${number}`, timestamp: new Date().toISOString(), name };
    appendFileSync(join(root, 'snapshots/action_log.jsonl'), `${JSON.stringify(line)}\n`);
    const started = performance.now();
    if (!(await push(root))) failed++;
    times.push(performance.now() - started);
  }
  return { times, failed };
}

async function pushWithDaybook(root: string): Promise<boolean> {
  try {
    await run(process.execPath, [bundle, 'sync', '--quiet'], { cwd: root });
    return true;
  } catch (error) {
    console.error(String((error as { stderr?: string }).stderr ?? error));
    return false;
  }
}

/** What people write by hand: commit, then pull and push until it is taken. */
async function pushWithGit(root: string): Promise<boolean> {
  const script =
    'git add snapshots && git commit -q -m x; until git push -q 2>/dev/null; do git pull -q --rebase || git rebase --abort; done';
  try {
    await run('sh', ['-c', script], { cwd: root });
    return true;
  } catch {
    return false;
  }
}

function makeClones(folder: string, count: number): string[] {
  mkdirSync(folder);
  git(folder, 'init', '--quiet', '--bare', '--initial-branch=main', 'origin.git');
  const seed = join(folder, 'seed');
  git(folder, 'clone', '--quiet', 'origin.git', 'seed');
  git(seed, 'checkout', '--quiet', '-B', 'main');
  mkdirSync(join(seed, 'snapshots'));
  writeFileSync(join(seed, '.gitattributes'), '*.jsonl merge=union\n');
  writeFileSync(join(seed, '.gitignore'), '.daybook/\n');
  writeFileSync(join(seed, 'snapshots/action_log.jsonl'), '');
  writeFileSync(join(seed, 'daybook.yaml'), '');
  setUser(seed);
  git(seed, 'add', '.');
  git(seed, 'commit', '--quiet', '-m', 'start');
  git(seed, 'push', '--quiet', '-u', 'origin', 'main');
  return Array.from({ length: count }, (_, number) => {
    git(folder, 'clone', '--quiet', 'origin.git', `clone${number}`);
    setUser(join(folder, `clone${number}`));
    return join(folder, `clone${number}`);
  });
}

function setUser(root: string): void {
  git(root, 'config', 'user.name', 'Bench');
  git(root, 'config', 'user.email', 'bench@example.org');
}

function git(cwd: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
