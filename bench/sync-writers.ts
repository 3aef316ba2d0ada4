import { execFile, execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { median, ms, printRows } from './report.ts';

const bundle = join(import.meta.dirname, '..', 'dist', 'daybook.cjs');
const run = promisify(execFile);
const writers = 8;
const pushes = Number(process.env['SYNC_PUSHES'] ?? 40);

/** Writers that push a line at a time to refs of their own, each push a process: daybook sync --per-writer against git by hand. */
export async function benchWriters(): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'daybook-bench-'));
  try {
    const alone = await push(join(folder, 'ours-alone'), 1, withDaybook);
    const gitAlone = await push(join(folder, 'git-alone'), 1, withGit);
    const ours = await push(join(folder, 'ours'), writers, withDaybook);
    const plain = await push(join(folder, 'git'), writers, withGit);
    const rate = (lines: number) => `${lines.toFixed(1)} lines/s`;
    return printRows(
      'Pushes of one line to refs of their own: daybook sync --per-writer against git commit and push',
      [
        {
          what: 'one writer: median',
          ours: ms(median(alone.times)),
          peer: ms(median(gitAlone.times)),
          ratio: median(alone.times) / median(gitAlone.times),
        },
        {
          what: 'one writer',
          ours: rate(alone.perSecond),
          peer: rate(gitAlone.perSecond),
          ratio: alone.perSecond / gitAlone.perSecond,
          atLeast: true,
        },
        {
          what: `${writers} writers x ${pushes} pushes`,
          ours: rate(ours.perSecond),
          peer: rate(plain.perSecond),
          ratio: ours.perSecond / plain.perSecond,
          atLeast: true,
        },
        {
          what: 'the same: worst push',
          ours: ms(Math.max(...ours.times)),
          peer: ms(Math.max(...plain.times)),
          ratio: Math.max(...ours.times) / Math.max(...plain.times),
        },
        {
          what: 'the same: lines lost',
          ours: String(ours.lost),
          peer: String(plain.lost),
          ratio: ours.lost,
          limit: 0,
        },
      ],
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function push(folder: string, count: number, once: (root: string, name: string) => Promise<unknown>) {
  const roots = makeClones(folder, count);
  const times: number[] = [];
  const started = performance.now();
  await Promise.all(
    roots.map(async (root, number) => {
      for (let line = 0; line < pushes; line++) {
        const text = JSON.stringify({
          snapshot_id: `w${number}-${line}`,
          timestamp: new Date().toISOString(),
        });
        appendFileSync(join(root, 'snapshots/action_log.jsonl'), `${text}\n`);
        const beganAt = performance.now();
        await once(root, `w${number}`);
        times.push(performance.now() - beganAt);
      }
    }),
  );
  const took = performance.now() - started;
  return {
    times,
    perSecond: (count * pushes * 1000) / took,
    lost: count * pushes - linesAt(join(folder, 'origin.git')),
  };
}

function linesAt(bare: string): number {
  const refs = git(bare, 'for-each-ref', '--format=%(refname)', 'refs/daybook/w', 'refs/heads/writers').split(
    '\n',
  );
  const lines = refs
    .filter((ref) => ref !== '')
    .flatMap((ref) => git(bare, 'show', `${ref}:snapshots/action_log.jsonl`).trim().split('\n'));
  return new Set(lines).size;
}

const withDaybook = (root: string) =>
  run(process.execPath, [bundle, 'sync', '--per-writer', '--quiet'], { cwd: root });

const withGit = (root: string, name: string) =>
  run(
    'sh',
    [
      '-c',
      `git add -f snapshots && git commit -q -m x && git push -q origin HEAD:refs/heads/writers/${name}`,
    ],
    { cwd: root },
  );

function makeClones(folder: string, count: number): string[] {
  mkdirSync(folder);
  git(folder, 'init', '--quiet', '--bare', '--initial-branch=main', 'origin.git');
  return Array.from({ length: count }, (_, number) => {
    const root = join(folder, `writer${number}`);
    git(folder, 'clone', '--quiet', 'origin.git', root);
    git(root, 'checkout', '--quiet', '-B', 'main');
    git(root, 'config', 'user.name', 'Bench');
    git(root, 'config', 'user.email', 'bench@example.org');
    writeFileSync(join(root, 'daybook.yaml'), 'sync: {branch: daybook}\n');
    writeFileSync(join(root, '.gitignore'), '.daybook/\n/snapshots/\n');
    mkdirSync(join(root, 'snapshots'));
    git(root, 'add', '.');
    git(root, 'commit', '--quiet', '-m', 'start');
    return root;
  });
}

function git(cwd: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
