import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { foreignLine } from '../helpers.ts';
import { repository } from '../store/receipts/repository.ts';
import { run } from './run.ts';

afterEach(() => vi.unstubAllEnvs());

const git = (root: string, ...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.org', ...args], {
    cwd: root,
    encoding: 'utf8',
  }).trim();

function book(): string {
  const root = repository({
    'daybook.yaml': 'title: t\n',
    'snapshots/action_log.jsonl': `${foreignLine()}\n`,
  });
  git(root, 'add', '.');
  git(root, 'commit', '--quiet', '--allow-empty', '-m', 'one more');
  return root;
}

/** A snapshot is taken whatever git says; the section "git" of it and its health. */
async function snapshotOf(root: string) {
  expect(await run(root, ['periodic'])).toMatchObject({ exitCode: 0 });
  const { git: section, system_state: state } = JSON.parse(
    readFileSync(join(root, 'snapshots/latest_periodic.json'), 'utf8'),
  );
  return { section, health: state.health, reasons: String(state.health_reasons) };
}

function objectFile(root: string, id: string): string {
  const path = join(root, '.git/objects', id.slice(0, 2), id.slice(2));
  rmSync(path);
  return path;
}

describe('a repository that is not whole', () => {
  const cases: [name: string, damage: (root: string) => void, found: RegExp, remedy: RegExp][] = [
    ['without HEAD', (root) => rmSync(join(root, '.git/HEAD')), /HEAD is missing or broken/, /\.git\/HEAD/],
    [
      'with an empty HEAD',
      (root) => writeFileSync(join(root, '.git/HEAD'), ''),
      /HEAD is missing/,
      /another clone/,
    ],
    [
      'whose branch names nothing',
      (root) => writeFileSync(join(root, '.git', git(root, 'symbolic-ref', 'HEAD')), 'garbage\n'),
      /is a broken ref that names no commit/,
      /git fsck --full/,
    ],
    [
      'whose branch names a commit that is not there',
      (root) =>
        writeFileSync(join(root, '.git', git(root, 'symbolic-ref', 'HEAD')), `${'1234'.repeat(10)}\n`),
      /bad object HEAD/,
      /git fsck --full/,
    ],
    [
      'with an empty tree object',
      (root) => writeFileSync(objectFile(root, git(root, 'rev-parse', 'HEAD^{tree}')), ''),
      /is empty/,
      /git fsck --full/,
    ],
    [
      'with a commit object of other bytes',
      (root) => writeFileSync(objectFile(root, git(root, 'rev-parse', 'HEAD')), 'nothing of git'),
      /header|corrupt|unable/,
      /git fsck --full/,
    ],
    [
      'with a cut index',
      (root) => writeFileSync(join(root, '.git/index'), 'DIRC'),
      /index file/,
      /git reset/,
    ],
  ];
  for (const [name, damage, found, remedy] of cases) {
    it(`${name}: snapshot, health and doctor say what it is and what to do`, async () => {
      const root = book();
      damage(root);
      const { section, health, reasons } = await snapshotOf(root);
      expect(section.error).toMatch(found);
      expect(section.error).toMatch(remedy);
      expect(health).toBe('degraded');
      expect(reasons).toMatch(remedy);
      const doctor = await run(root, ['doctor', '--json']);
      expect(doctor.exitCode).toBe(4);
      const refused = JSON.parse(doctor.out).findings.find(
        (each: { code: string }) => each.code === 'git-refuses',
      );
      expect(refused.found).toMatch(found);
      expect(refused.hint).toMatch(remedy);
    });
  }

  it('is told from one that has no commit yet, which is whole', async () => {
    const root = book();
    git(root, 'checkout', '--quiet', '--orphan', 'fresh');
    const { section, health } = await snapshotOf(root);
    expect(section).toMatchObject({ branch: 'fresh', status: 'no_commits', head: null });
    expect(health).toBe('operational');
    expect((await run(root, ['doctor', '--json'])).out).not.toContain('git-refuses');
  });

  it('is seen as that of somebody else where git is told to take it for that', async () => {
    const root = book();
    vi.stubEnv('GIT_TEST_ASSUME_DIFFERENT_OWNER', '1');
    const { section, health } = await snapshotOf(root);
    expect(section.error).toContain(`git config --global --add safe.directory ${root}`);
    expect(health).toBe('degraded');
  });
});

describe('where git is not installed', () => {
  const missing = 'git is not installed, or its folder is not in PATH';

  it('a snapshot is taken, commands run, secrets go, and all say what is missing', async () => {
    const root = book();
    const { snapshot_id: id } = JSON.parse(
      (await run(root, ['action', 'deploy', 'note=hidden-thing', '--json'])).out,
    );
    vi.stubEnv('PATH', join(root, 'nowhere'));
    const { section, health } = await snapshotOf(root);
    expect(section.error).toContain(missing);
    expect(section.error).toContain('Install git');
    expect(health).toBe('degraded');
    const doctor = await run(root, ['doctor']);
    expect(doctor).toMatchObject({ exitCode: 4 });
    expect(doctor.out).toContain(missing);
    expect(doctor.out).toContain('Install git');
    const redacted = await run(root, ['redact', id]);
    expect(redacted).toMatchObject({ exitCode: 0 });
    expect(redacted.problem).toContain('git could not be asked');
    expect(readFileSync(join(root, 'snapshots/action_log.jsonl'), 'utf8')).not.toContain('hidden-thing');
  });

  for (const line of [
    ['sync'],
    ['gc'],
    ['lock', '--repo', '.', '--out', 'r/run.lock'],
    ['diff', 'git:HEAD:daybook.yaml', 'daybook.yaml'],
  ]) {
    it(`daybook ${line[0]} says so, with the remedy`, async () => {
      const root = book();
      vi.stubEnv('PATH', join(root, 'nowhere'));
      const { exitCode, problem } = await run(root, line);
      expect(exitCode).toBe(1);
      expect(problem).toContain(missing);
      expect(problem).toContain('Install git');
      expect(problem).not.toContain('ENOENT');
    });
  }
});

describe('daybook init in a repository', () => {
  it('writes the workflow where a remote lies on GitHub, and none where it lies elsewhere', async () => {
    const root = book();
    git(root, 'remote', 'add', 'upstream', 'git@github.com:a/b.git');
    const { out, problem } = await run(root, ['init']);
    expect(out).toContain('.github/workflows/daybook.yml');
    expect(problem).toContain('because the remote upstream lies there; --local leaves it out');
    const other = book();
    git(other, 'remote', 'add', 'origin', 'https://codeberg.org/a/b.git');
    expect((await run(other, ['init'])).out).not.toContain('workflows');
  });
});

describe('daybook periodic', () => {
  it('says at once why the system is not well', async () => {
    const root = book();
    writeFileSync(join(root, 'daybook.yaml'), 'probes:\n  - name: mine\n    command: exit 4\n');
    const { out } = await run(root, ['periodic']);
    expect(out).toMatch(
      /degraded.*\n {2}because The probe mine failed: the command failed with exit code 4\n/,
    );
  });
});
