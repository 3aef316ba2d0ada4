import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { put, repository } from '../store/receipts/repository.ts';
import { emptyFolder, run } from './run.ts';

const project = () =>
  repository({ 'src/train.py': 'print(1)\n', 'data/a.csv': '1\n', '.gitignore': 'data/\n.daybook/\n' });

const options = (lr: number) => [
  '--set',
  `lr=${lr}`,
  '--set',
  'save_dir=results/r1',
  '--repo',
  'main=.',
  '--data',
  'data',
];

it('daybook verify tells entry by entry what still holds, and ends with 4 where data is not what it was', async () => {
  const root = project();
  await run(root, ['lock', ...options(0.1)]);
  const good = await run(root, ['verify']);
  expect(good).toEqual({
    exitCode: 0,
    problem: '',
    out: '1 receipt: 1 holds\n● as recorded\n    results/r1/run.lock\n',
  });

  put(root, { 'src/\u001b[31mnew.py': 'x\n' });
  const moved = await run(root, ['verify', 'results/r1']);
  expect(moved.exitCode).toBe(0);
  expect(moved.out).toBe(
    [
      '1 receipt: 1 reproducible (the work tree has moved on)',
      '○ reproducible  results/r1/run.lock',
      '  code  main  moved on   1 file differs',
      '      added    src/\\e[31mnew.py',
      '  data  data  unchanged',
      '',
    ].join('\n'),
  );
  rmSync(join(root, 'data'), { recursive: true });
  const bad = await run(root, ['verify', 'results/r1']);
  expect(bad.exitCode).toBe(4);
  expect(bad.out).toContain('1 receipt: 1 broken\n✕ broken  results/r1/run.lock\n');
  expect(bad.out).toContain('  data  data  missing   nothing is at data\n');
  const json = JSON.parse((await run(root, ['verify', '--json'])).out);
  expect(json).toMatchObject([{ file: 'results/r1/run.lock', state: 'differs' }]);
  expect(json[0].entries.map(({ state }: { state: string }) => state)).toEqual(['moved', 'missing']);
});

it('daybook verify begins with totals and tells each difference once, with the receipts it concerns', async () => {
  const root = project();
  for (let at = 0; at < 7; at++) {
    put(root, { 'src/train.py': `print(${at})\n`, 'data/a.csv': `${Math.min(at, 1)}\n` });
    await run(root, ['lock', ...options(at), '--out', `results/r${at}`]);
  }
  await run(root, ['lock', '--data', 'x=src', '--out', 'results/x']);
  put(root, { 'results/torn/run.lock': 'config:\n  a: "x\ndata: {}\n', 'results/empty/run.lock': '' });
  put(root, { 'results/old/run.lock': 'config: {}\ndata: {d: 0123456789abcdef}\n', 'pid/run.lock': '4711' });
  const { exitCode, out } = await run(root, ['verify']);
  expect(exitCode).toBe(4);
  expect(out).toBe(
    [
      '11 receipts: 2 hold, 5 reproducible (the work tree has moved on), 3 broken, 1 not provable',
      '✕ results/empty/run.lock is damaged (expected a receipt, found nothing)',
      '✕ the data data is not what it was (1 file differs)',
      '    results/r0/run.lock',
      '      changed  a.csv',
      '✕ results/torn/run.lock is damaged (expected YAML as FlexLock and Daybook write it, found a text in quotes without an end (line 2))',
      '? the data d cannot be proven (the receipt does not say where this data lies)',
      '    results/old/run.lock',
      '○ the code of main has moved on (1 file differs): 6 receipts',
      '    results/r0/run.lock, results/r1/run.lock, results/r2/run.lock, results/r3/run.lock, results/r4/run.lock and 1 more; --json lists them',
      '      changed  src/train.py',
      '● as recorded',
      '    results/r6/run.lock, results/x/run.lock',
      '',
    ].join('\n'),
  );
});

it('daybook verify says what it cannot check, and which file is no receipt', async () => {
  const root = emptyFolder();
  put(root, { 'snapshots/x': '', 'a/run.lock': '4711\n', 'b/run.lock': 'config: {x: 1}\n' });
  const all = await run(root, ['verify']);
  expect(all).toMatchObject({ exitCode: 0 });
  expect(all.out).toContain('1 receipt: 1 with nothing to check\n');
  expect(all.problem).toContain('1 finding while reading');
  expect((await run(root, ['verify', 'b'])).out).toContain('names neither code nor data nor previous stages');
  expect(await run(root, ['verify', 'a'])).toMatchObject({ exitCode: 2 });
  expect(await run(root, ['verify', 'none'])).toMatchObject({ exitCode: 3 });
  expect(JSON.parse((await run(root, ['verify', 'b', '--json'])).out)[0].state).toBe('unproven');
  put(root, {
    'c/run.lock': 'config: {}\ndata: {d: 0123456789abcdef}\n',
    'd/run.lock': 'config: {}\ndata: {\n',
  });
  expect(await run(root, ['verify', 'c'])).toMatchObject({ exitCode: 3 });
  expect(await run(root, ['verify', 'd'])).toMatchObject({ exitCode: 4 });
});

it('daybook diff groups what differs and ends with 4, or with 0 where nothing that counts does', async () => {
  const root = project();
  await run(root, ['lock', ...options(0.1)]);
  await run(root, ['lock', ...options(0.1), '--out', 'results/r2']);
  expect(await run(root, ['diff', 'results/r1', 'results/r2'])).toMatchObject({ exitCode: 0 });

  put(root, { 'src/train.py': 'print(2)\n', 'data/b.csv': '2\n' });
  await run(root, ['lock', ...options(0.2), '--out', 'results/r3', '--prev', 'results/r1']);
  const ran = await run(root, ['diff', 'results/r1', 'results/r3', '--code']);
  expect(ran.exitCode).toBe(4);
  const shown = ran.out.replace(/[0-9a-f]{12,}/g, '#').replace(/index [0-9a-f.]+/, 'index');
  for (const line of [
    '- results/r1',
    '+ results/r3',
    'the same: environment',
    '  ~ lr: 0.1 → 0.2 (+0.1 (+100 %))',
    '  ~ main  # → #',
    '    ~ src/train.py  +1 -1',
    '-print(1)',
    '+print(2)',
    '    + b.csv',
    '  + r1',
    '✕ not the same code, configuration and data',
  ])
    expect(shown.split('\n')).toContain(line);
  const json = JSON.parse((await run(root, ['diff', 'results/r1', 'results/r3', '--json'])).out);
  expect(json).toMatchObject({ same: false, code: { entries: [{ name: 'main', known: true }] } });
  expect(await run(root, ['diff', 'results/r1', 'nothing'])).toMatchObject({ exitCode: 3 });
});

it('daybook find prints the run and ends with 0, or with 3 and the nearest one on standard error', async () => {
  const root = project();
  const none = await run(root, ['find', ...options(0.1)]);
  expect(none).toMatchObject({ exitCode: 3, out: '' });
  expect(none.problem).toContain('no receipts yet');
  await run(root, ['lock', ...options(0.1)]);
  expect(await run(root, ['find', ...options(0.1)])).toMatchObject({ exitCode: 0, out: 'results/r1\n' });
  const other = await run(root, ['find', ...options(0.3)]);
  expect(other).toMatchObject({ exitCode: 3, out: '' });
  expect(other.problem).toContain('Nearest: results/r1: config: lr 0.1 → 0.3');
  const json = JSON.parse((await run(root, ['find', ...options(0.3), '--json'])).out);
  expect(json).toMatchObject({
    match: null,
    nearest: { key: 'results/r1', differs: ['config: lr 0.1 → 0.3'] },
  });
});
