import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { auditBook } from '../../collector/store/audit.ts';
import { pythonClientFiles } from '../../scripts/python-client.ts';
import { repositoryRoot } from '../../scripts/repository-root.ts';
import { run } from '../cli/run.ts';
import { readAll, temporaryBook } from '../helpers.ts';
import { packageFolder, python, pythonEnv, pythonTests, runPython, singleFileFolder } from './python.ts';

const json = async (root: string, ...argv: string[]) =>
  JSON.parse((await run(root, [...argv, '--json'])).out);

/** The rest is in python-modules.test.ts. */
const files = ['test_actions', 'test_log', 'test_run'];

describe('the Python client', () => {
  it('has as one file what it has as a package, and the secrets of the collector', () => {
    for (const [path, content] of Object.entries(pythonClientFiles())) {
      expect(readFileSync(join(repositoryRoot, path), 'utf8'), `${path}: run npm run docs`).toBe(content);
    }
  });

  it('says which version it is of', () => {
    const { version } = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')) as {
      version: string;
    };
    expect(readFileSync(join(packageFolder, 'daybook', '_book.py'), 'utf8')).toContain(
      `VERSION = "${version}"`,
    );
    expect(readFileSync(join(singleFileFolder, 'pyproject.toml'), 'utf8')).toContain(
      `version = "${version}"`,
    );
  });
});

describe.skipIf(python === undefined)(
  'the Python client at work (skipped without python3 3.9 or newer)',
  () => {
    it.each(files)('%s as a package', { timeout: 240_000 }, (file) => {
      runPython(['-W', 'error::ResourceWarning', '-m', 'unittest', file], { cwd: pythonTests });
    });

    // What writers do under load is the same code in both.
    it.each(files.filter((file) => file !== 'test_log'))('%s as one file', { timeout: 240_000 }, (file) => {
      const env = { ...pythonEnv(singleFileFolder), DAYBOOK_ONE_FILE: '1' };
      runPython(['-m', 'unittest', file], { cwd: pythonTests, env });
    });

    const hasMypy =
      python !== undefined &&
      (() => {
        try {
          runPython(['-m', 'mypy', '--version'], { cwd: pythonTests });
          return true;
        } catch {
          return false;
        }
      })();
    it.skipIf(!hasMypy)('has types that mypy --strict agrees with (skipped without mypy)', () => {
      const args = ['-m', 'mypy', '--strict', '--cache-dir', join(temporaryBook(), 'mypy'), 'src/daybook'];
      expect(runPython(args, { cwd: singleFileFolder })).toContain('Success');
    });
  },
);

describe.skipIf(python === undefined)('what Python records (skipped without python3)', () => {
  it('is what the command reads: runs, metrics, actions, without a finding', async () => {
    const root = temporaryBook();
    const program = `
import daybook
for number, loss in enumerate((0.5, 0.25, float("nan"))):
    try:
        with daybook.run(f"runs/{number}", config={"lr": 0.1 * number, "model": {"name": "ü"}}, best={"acc": "max"}) as run:
            for step in range(10):
                run.log(loss=loss / (step + 1), acc=step % 7, step=step)
            run.tag("tagged")
            if number == 2:
                raise ValueError("diverged")
    except ValueError:
        pass
daybook.action("deploy", target="production", run="runs/0")
`;
    runPython(['-c', program], { cwd: root });
    const { findings, counts } = (await json(root, 'doctor')) as {
      findings: unknown[];
      counts: unknown;
    };
    expect({ findings, counts }).toMatchObject({ findings: [] });
    const runs = (await json(root, 'runs')) as Record<string, unknown>[];
    expect(
      runs
        .map(({ key, status, params, metrics, tags, error, stale }) => ({
          key,
          status,
          params,
          metrics,
          tags,
          error,
          stale,
        }))
        .sort((a, b) => String(a.key).localeCompare(String(b.key))),
    ).toEqual([
      {
        key: 'runs/0',
        status: 'completed',
        params: { lr: 0, 'model.name': 'ü' },
        metrics: { loss: 0.05, acc: 6 },
        tags: ['tagged'],
        error: null,
        stale: null,
      },
      {
        key: 'runs/1',
        status: 'completed',
        params: { lr: 0.1, 'model.name': 'ü' },
        metrics: { loss: 0.025, acc: 6 },
        tags: ['tagged'],
        error: null,
        stale: null,
      },
      {
        key: 'runs/2',
        status: 'failed',
        params: { lr: 0.2, 'model.name': 'ü' },
        metrics: { loss: 'NaN', acc: 6 },
        tags: ['tagged'],
        error: expect.stringMatching(/^ValueError: diverged/),
        stale: null,
      },
    ]);
    const { records } = await readAll(root);
    expect(records).toMatchObject([{ type: 'deploy', run: 'runs/0', details: { target: 'production' } }]);
  });

  it('is a run that is stale when it is killed, and alive while it beats elsewhere', async () => {
    const root = temporaryBook();
    const program = `
import daybook, os, signal
run = daybook.run("runs/a")
os.kill(os.getpid(), signal.SIGKILL)
`;
    expect(() => runPython(['-c', program], { cwd: root })).toThrow();
    const [record] = (await json(root, 'runs')) as { status: string; stale: { why: string } }[];
    expect(record).toMatchObject({
      status: 'running',
      stale: { why: expect.stringContaining('no longer exists') },
    });

    const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
    const rewrite = (name: string, change: Record<string, unknown>) => {
      const path = join(root, 'runs', 'a', name);
      writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), ...change }));
    };
    const source = { host: 'elsewhere', pid: 1, beats: true };
    rewrite('experiment_daybook.json', { source, status_history: [[ago(60), 'running']] });
    rewrite('experiment_tracker.json', { started_at: ago(60), updated_at: ago(20) });
    expect(await json(root, 'runs')).toMatchObject([
      { stale: { why: expect.stringContaining('no heartbeat') } },
    ]);
    rewrite('experiment_tracker.json', { updated_at: ago(1) });
    expect(await json(root, 'runs')).toMatchObject([{ status: 'running', stale: null }]);
  });

  it('is taken in where it had to wait in the spool', async () => {
    const root = temporaryBook();
    const spool = join(temporaryBook(), 'spool');
    const program = `
import daybook, os
os.rename("snapshots", "away")
open("snapshots", "w").close()
assert daybook.action("waits", text="x" * 70000) is None
os.remove("snapshots")
os.rename("away", "snapshots")
`;
    runPython(['-c', program], { cwd: root, env: { ...pythonEnv(), DAYBOOK_SPOOL: spool } });
    process.env['DAYBOOK_SPOOL'] = spool;
    try {
      await run(root, ['action', 'next']);
    } finally {
      delete process.env['DAYBOOK_SPOOL'];
    }
    const { records } = await readAll(root);
    expect(records.map(({ type }) => type)).toEqual(['waits', 'next']);
    const { findings } = await auditBook(root);
    expect(findings).toEqual([]);
  });
});
