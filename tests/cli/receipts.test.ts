// biome-ignore-all lint/suspicious/noTemplateCurlyInString: configurations hold interpolations.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { git, put, repository } from '../store/receipts/repository.ts';
import { run } from './run.ts';

const book = (files: Record<string, string> = {}) =>
  repository({ 'src/train.py': 'print(1)\n', 'data/raw.csv': 'a,b\n', ...files });

const env = { PATH: process.env.PATH };
const daybook = (root: string, line: string) => run(root, line.split(' '), { env });

describe('daybook lock', () => {
  it('issues a receipt and says what it covers', async () => {
    const root = book({ 'c.yaml': 'lr: 1e-3\nopt: {name: adam}\nsave_dir: results/a\n' });
    const line = 'lock --config c.yaml --set opt.name=sgd --repo . --data raw=data/raw.csv --env HOME';
    expect(await daybook(root, line)).toMatchObject({
      exitCode: 0,
      out: 'issued results/a/run.lock 3 settings, 1 repo, 1 input\n',
      problem: '',
    });
    const { exitCode, out } = await daybook(root, `${line} --json`);
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      schema: 'daybook/receipt/1',
      config: { lr: 0.001, opt: { name: 'sgd' } },
      data: { raw: expect.stringMatching(/^[0-9a-f]{16}$/) },
      environment: { variables: { HOME: null } },
    });
  });

  it('resolves the configuration, keeps how it was written, and takes no variable that is not named', async () => {
    const root = book({
      'c.yaml':
        'lr: 0.1\ncopy: ${lr}\nname: exp_${lr}\nsave_dir: results/${name}\nroot: ${oc.env:DATA}\nkey: ${oc.env:API_KEY}\nhost: ${oc.env:OTHER}\nnope: ${oc.env:UNSET,x}\n',
    });
    const variables = { ...env, DATA: '/data', API_KEY: 'abc123secret', OTHER: 'private-host' };
    const options = ['--config', 'c.yaml', '--env', 'DATA', '--env', 'API_KEY'];
    const { exitCode, problem } = await run(root, ['lock', ...options], { env: variables });
    expect(exitCode).toBe(0);
    expect(problem).toBe(
      'note: host is recorded as it is written, ${oc.env:OTHER}: the variable OTHER is not among those that are recorded. Record it with --env OTHER, or always with receipts.environment in daybook.yaml.\n',
    );
    const text = readFileSync(join(root, 'results/exp_0.1/run.lock'), 'utf8');
    expect(text).not.toContain('private-host');
    expect(text).not.toContain('abc123secret');
    expect(text).toContain('  copy: 0.1\n  name: exp_0.1\n  save_dir: results/exp_0.1\n  root: /data\n');
    expect(text).toContain("config_texts:\n  copy: '\\${lr}'\n  name: 'exp_\\${lr}'\n");
    expect(await run(root, ['find', ...options], { env: variables })).toMatchObject({ exitCode: 0 });
    expect(await run(root, ['find', ...options], { env: { ...variables, DATA: '/b' } })).toMatchObject({
      exitCode: 3,
    });
  });

  it('says where a second receipt went, on standard error and in JSON', async () => {
    const root = book();
    await daybook(root, 'lock --set a=1 --out r');
    expect(await daybook(root, 'lock --set a=2 --out r')).toEqual({
      exitCode: 0,
      out: 'issued r_2/run.lock 1 setting\n',
      problem:
        'another place: r/run.lock is there already and stays as it is. This receipt went to r_2/run.lock.\n',
    });
    const third = await daybook(root, 'lock --set a=3 --out r --json');
    expect(JSON.parse(third.out)).toMatchObject({ config: { a: 3 }, file: 'r_3/run.lock' });
    expect(third.problem).toContain('This receipt went to r_3/run.lock.');
    expect(await daybook(root, 'lock --set a=4 --out r --replace')).toEqual({
      exitCode: 0,
      out: 'replaced r/run.lock 1 setting\n',
      problem: 'The receipt that stood there is kept: r/replaced/run.lock\n',
    });
  });

  it('takes paths as they are meant in a subfolder', async () => {
    const root = book();
    await run(join(root, 'src'), ['lock', '--data', 'train.py', '--repo', 'here=.', '--out', '../r'], {
      env,
    });
    const text = readFileSync(join(root, 'r/run.lock'), 'utf8');
    expect(text).toContain('path: src/train.py');
    expect(text).toContain('here:\n    commit:');
    expect(text).toContain('path: src\n');
  });

  it('says what is wrong and what to do', async () => {
    const root = book({ 'bad.yaml': 'a: 1\nb: "x\n', 'pid/run.lock': '4711', 'list.yaml': '- a\n' });
    const lines = [
      'lock',
      'lock --out r --set lr',
      'lock --config nope.yaml',
      'lock --config bad.yaml',
      'lock --config list.yaml',
      'lock --out r --data a/x --data b/x',
      'lock --out r --data nope',
      'lock --out r --repo nope',
      'lock --out r --prev nope',
      'lock --out pid --merge',
      'lock --out pid --replace',
      'lock --out pid --replace --merge',
      'lock --out r --env A=1',
      'lock --out r --parent nope',
      'exec train --data data/raw.csv -- true',
      'restore nope --into x',
      'restore pid',
    ];
    let said = '';
    for (const line of lines) {
      const { exitCode, problem } = await daybook(root, line);
      said += `$ daybook ${line}\n${problem}[${exitCode}]\n`;
    }
    expect(said.replaceAll(root, '<book>')).toMatchSnapshot();
  });
});

describe('daybook restore', () => {
  it('brings back the code of a run, also after the work tree has changed', async () => {
    const root = book();
    put(root, { 'src/train.py': 'print(2)\n', 'src/new.py': 'new\n' });
    await daybook(root, 'lock --repo . --out results/a');
    put(root, { 'src/train.py': 'print(3)\n' });
    const { exitCode, out } = await daybook(root, 'restore results/a --into back');
    expect({ exitCode, out: out.replace(/[0-9a-f]{40}/, '<id>') }).toEqual({
      exitCode: 0,
      out: expect.stringMatching(/^restored \S+ 3 files to back tree <id>\n$/),
    });
    expect(readFileSync(join(root, 'back/src/train.py'), 'utf8')).toBe('print(2)\n');
    expect(readFileSync(join(root, 'back/src/new.py'), 'utf8')).toBe('new\n');
    expect(git(root, 'status', '--porcelain')).toBe(' M src/train.py\n?? back/\n?? results/\n?? src/new.py');
    const again = await daybook(root, 'restore results/a --into back');
    expect(again).toMatchObject({
      exitCode: 1,
      problem: expect.stringContaining('Expected an empty or new folder'),
    });
    expect(await daybook(root, 'restore results/a/run.lock --into back --force')).toMatchObject({
      exitCode: 0,
    });
  });

  it('brings back a patch on HEAD, and several repositories into a folder each', async () => {
    const root = book();
    put(root, { 'src/train.py': 'print("é")\n', 'bin/x.dat': Uint8Array.from([0, 255, 1]) });
    const other = repository({ 'lib.py': 'lib\n' });
    await daybook(root, `lock --repo code=. --repo lib=${other} --no-shadow --out results/a`);
    put(root, { 'src/train.py': 'gone\n' });
    const objects = git(root, 'count-objects');
    const { exitCode, out } = await daybook(root, 'restore results/a --into back --json');
    const restored = JSON.parse(out) as { name: string; tree: string }[];
    expect({ exitCode, names: restored.map(({ name }) => name) }).toEqual({
      exitCode: 0,
      names: ['code', 'lib'],
    });
    const receipt = readFileSync(join(root, 'results/a/run.lock'), 'utf8');
    expect(receipt).toContain(`work_tree: ${restored[0]!.tree}\n`);
    expect(git(root, 'count-objects')).toBe(objects);
    expect(readFileSync(join(root, 'back/code/src/train.py'), 'utf8')).toBe('print("é")\n');
    expect([...readFileSync(join(root, 'back/code/bin/x.dat'))]).toEqual([0, 255, 1]);
    expect(readFileSync(join(root, 'back/lib/lib.py'), 'utf8')).toBe('lib\n');
  });

  it.each(['', ' --no-shadow'])(
    'brings back submodules with their changes, and says which it cannot%s',
    async (option) => {
      const root = book();
      git(root, 'submodule', '--quiet', 'add', repository({ 'm.txt': 'm\n' }), 'lib');
      git(root, 'submodule', '--quiet', 'add', repository({ 'x.txt': 'x\n' }), 'gone');
      git(root, 'commit', '--quiet', '-m', 'module');
      put(root, { 'lib/m.txt': 'changed\n', 'lib/new.txt': 'new\n', 'src/train.py': 'print(2)\n' });
      git(root, 'submodule', '--quiet', 'deinit', '--force', 'gone');
      await daybook(root, `lock --repo . --out r${option}`);
      git(root, 'submodule', '--quiet', 'deinit', '--force', 'lib');
      const { exitCode, problem } = await daybook(root, 'restore r --into back');
      expect({ exitCode, problem }).toEqual({
        exitCode: 0,
        problem: 'left out gone: it was not recorded: it is not checked out\n',
      });
      const back = ['lib/m.txt', 'lib/new.txt', 'src/train.py'].map((path) =>
        readFileSync(join(root, 'back', path), 'utf8'),
      );
      expect(back).toEqual(['changed\n', 'new\n', 'print(2)\n']);
      rmSync(join(root, '.git/modules/lib'), { recursive: true });
      expect((await daybook(root, 'restore r --into again')).problem).toContain(
        'left out lib: the submodule is not checked out in the repository',
      );
    },
  );

  it('says why code cannot be brought back', async () => {
    const root = book({
      'gone/run.lock': `config: {}\nrepos:\n  main:\n    commit: ${'1'.repeat(40)}\n    path: .\n    remote: https://example.org/x.git\n`,
      'none/run.lock': 'config: {}\n',
      'task/run.lock': 'config: {}\nparent: gone/run.lock\n',
    });
    for (const name of ['gone', 'task']) {
      const { exitCode, out } = await daybook(root, `restore ${name} --into back`);
      expect({ exitCode, out }).toEqual({ exitCode: 1, out: expect.stringContaining('does not have 1111') });
      expect(out).toContain("git fetch https://example.org/x.git 'refs/daybook/*:refs/daybook/*'");
    }
    expect(await daybook(root, 'restore none --into back')).toMatchObject({
      exitCode: 3,
      problem: expect.stringContaining('names no repository'),
    });
  });
});
