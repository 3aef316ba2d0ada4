import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readBookRuns } from '../../collector/operations/runs/find.ts';
import { commandLine } from '../command-line.ts';
import { readAll, temporaryBook, temporaryFolder } from '../helpers.ts';
import { python, pythonEnv } from './python.ts';

const library = pathToFileURL(fileURLToPath(new URL('../../collector/index.ts', import.meta.url))).href;

function exec(root: string, options: string[], command: string[], env = pythonEnv(), cwd = root) {
  const argv = [commandLine, 'exec', 'train', ...options, '--', ...command];
  return spawnSync(process.execPath, argv, { cwd, encoding: 'utf8', env });
}

const told = `const names = ['BOOK', 'RUN', 'RUN_DIR', 'ACTION'];
console.log(JSON.stringify(names.map((name) => process.env['DAYBOOK_' + name] ?? null)));`;

const toldTo = (ran: { stdout: string }) => JSON.parse(ran.stdout) as (string | null)[];

describe('what a command that daybook exec runs is told', () => {
  it('is its book, its run with the folder, and its action', () => {
    const root = temporaryBook();
    const options = ['--id', 'one', '--run', 'runs/a'];
    expect(toldTo(exec(root, options, [process.execPath, '-e', told]))).toEqual([
      root,
      'runs/a',
      join(root, 'runs/a'),
      'one',
    ]);
  });

  it.each([
    ['a run that has no place', 'lr: 0.1', null],
    ['a run outside of the book', '../a', null],
    ['a place with a colon', './a:b', 'a:b'],
    ['a run of a ledger', 'r:train/grid/003', 'r/grid/003'],
    ['a run of no ledger', 'q:train/grid/003', null],
    ['the book itself', '.', ''],
  ])('has a folder only where the key is a place: %s', (_, run, folder) => {
    const root = temporaryBook({ 'r/metadata.json': '{}' });
    const [, key, at] = toldTo(exec(root, ['--run', run], [process.execPath, '-e', told]));
    expect([key, at]).toEqual([run, folder === null ? null : join(root, folder)]);
  });

  it('is no run where there is none, and nothing where there is no book', () => {
    const root = temporaryBook();
    expect(toldTo(exec(root, ['--id', 'x'], [process.execPath, '-e', told]))).toEqual([
      root,
      null,
      null,
      'x',
    ]);
    const nowhere = temporaryFolder();
    expect(toldTo(exec(nowhere, [], [process.execPath, '-e', told]))).toEqual([null, null, null, null]);
  });

  it('stays the run around for a step of it, and not for a command in another book', () => {
    const [root, other] = [temporaryBook(), temporaryBook()];
    const inner = (id: string) => [process.execPath, commandLine, 'exec', 'step', '--id', id, '--'];
    const outer = ['--run', 'runs/a'];
    const step = exec(root, outer, [...inner('step'), process.execPath, '-e', told]);
    expect(toldTo(step)).toEqual([root, 'runs/a', join(root, 'runs/a'), 'step']);
    const elsewhere = [...inner('else').slice(0, -1), '--dir', other, '--', process.execPath, '-e', told];
    expect(toldTo(exec(root, outer, elsewhere))).toEqual([other, null, null, 'else']);
  });
});

describe('a program that records from inside of daybook exec', () => {
  it('is one run with its receipt, and its actions belong to both', async ({ skip }) => {
    skip(python === undefined, 'there is no python3');
    const root = temporaryBook({
      'train.py': `import daybook
with daybook.run(config={"lr": 0.1}) as run:
    for step in range(3):
        run.log(loss=1 / (step + 1), step=step)
    daybook.action("half", n=1)
`,
    });
    const ran = exec(root, ['--lock', '--out', 'runs/a', '--id', 'one'], [python!, 'train.py']);
    expect(ran).toMatchObject({ status: 0, stdout: '' });
    const runs = await readBookRuns(root);
    expect(runs).toHaveLength(1);
    expect(runs[0]).toMatchObject({
      key: 'runs/a',
      status: 'completed',
      statusFrom: 'experiment',
      metrics: { loss: 1 / 3 },
      params: { lr: 0.1 },
      series: [{ name: 'loss', count: 3 }],
      receipt: { exitCode: 0 },
    });
    const { records } = await readAll(root);
    expect(records.map(({ type, run, source }) => [type, run, source?.action])).toEqual([
      ['train', 'runs/a', undefined],
      ['half', 'runs/a', 'one'],
      ['train', 'runs/a', undefined],
    ]);
  });

  it('is one run whatever its receipt is called in the end', async ({ skip }) => {
    skip(python === undefined, 'there is no python3');
    const root = temporaryBook({
      'train.py': 'import daybook\nwith daybook.run() as run: run.log(loss=1)\n',
    });
    for (let at = 0; at < 2; at++) exec(root, ['--lock', '--out', 'runs/a'], [python!, 'train.py']);
    const runs = await readBookRuns(root);
    const parts = runs.map(({ key, series, receipt }) => [key, series.length, receipt !== undefined]);
    expect(parts.sort()).toEqual([
      ['runs/a', 1, true],
      ['runs/a_2', 1, true],
    ]);
  });

  it('has ended when it was killed, although its own file says that it goes on', async ({ skip }) => {
    skip(python === undefined, 'there is no python3');
    const root = temporaryBook({
      'train.py': `import daybook, os, signal
run = daybook.run()
run.log(loss=0.5, step=1)
os.kill(os.getpid(), signal.SIGKILL)
`,
    });
    expect(exec(root, ['--run', 'runs/a'], [python!, 'train.py']).status).toBe(137);
    const [run, ...others] = await readBookRuns(root);
    expect(others).toEqual([]);
    expect(run).toMatchObject({ key: 'runs/a', status: 'aborted', statusFrom: 'action', stale: undefined });
    expect(run!.error).toContain('SIGKILL');
    expect(run!.experiment).toMatchObject({ status: 'running' });
    expect(run!.endedAtUs).toBeGreaterThan(run!.startedAtUs!);
  });

  it('finds its book and its run through the library, wherever it is', async () => {
    const [root, elsewhere] = [temporaryBook(), temporaryFolder()];
    const script = `const { openBook } = await import(${JSON.stringify(library)});
process.chdir(${JSON.stringify(elsewhere)});
await using book = await openBook();
const experiment = await book.experiments.start(undefined, { config: { lr: 0.1 } });
await experiment.metric({ loss: 0.5 }, { step: 1 });
await book.actions.append({ type: 'said' });
await book.actions.append({ type: 'other', run: 'runs/b' });
await book.actions.track('tracked', {}, () => 1);
await experiment.complete();`;
    const ran = exec(
      root,
      ['--run', 'runs/a', '--id', 'one'],
      [process.execPath, '--input-type=module', '-e', script],
    );
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    const { records } = await readAll(root);
    expect(records.slice(1, -1).map(({ type, run, source }) => [type, run, source?.action])).toEqual([
      ['said', 'runs/a', 'one'],
      ['other', 'runs/b', 'one'],
      ['tracked', 'runs/a', 'one'],
      ['tracked', 'runs/a', 'one'],
    ]);
    expect(await readBookRuns(root)).toMatchObject([
      { key: 'runs/a', status: 'completed', metrics: { loss: 0.5 }, params: { lr: 0.1 } },
    ]);
  });

  it('says in the library what is missing where no daybook exec is around', async () => {
    const root = temporaryBook();
    const script = `const { openBook } = await import(${JSON.stringify(library)});
const book = await openBook(${JSON.stringify(root)});
await book.experiments.start().catch(({ code, hint }) => console.log(code, hint));`;
    const argv = ['--input-type=module', '-e', script];
    const { stdout } = spawnSync(process.execPath, argv, { encoding: 'utf8', env: pythonEnv() });
    expect(stdout).toContain('usage Name one');
  });

  it('records by the command line, too: steps of a run do not end it', async () => {
    const root = temporaryBook();
    mkdirSync(join(root, 'runs/a'), { recursive: true });
    writeFileSync(join(root, 'runs/a/metrics.jsonl'), '{"loss":1}\n');
    const elsewhere = temporaryFolder();
    const daybook = `"${process.execPath}" "${commandLine}"`;
    const script = `cd "${elsewhere}" && ${daybook} action said && printf '{"type":"listed"}' | ${daybook} action --batch &&
${daybook} exec step -- true; kill -9 $PPID`;
    exec(root, ['--run', 'runs/a', '--id', 'one'], ['sh', '-c', script]);
    const { records } = await readAll(root);
    expect(records.map(({ type, run, source }) => [type, run, source?.action])).toEqual([
      ['train', 'runs/a', undefined],
      ['said', 'runs/a', 'one'],
      ['listed', 'runs/a', 'one'],
      ['step', 'runs/a', 'one'],
      ['step', 'runs/a', 'one'],
    ]);
    // The recorder itself was killed: that a step of it went well says nothing of how the run ended.
    expect(await readBookRuns(root)).toMatchObject([{ key: 'runs/a', statusFrom: 'none' }]);
  });
});
