import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../../collector/operations/receipts/environment.ts';
import { findPythonEnvironment } from '../../../collector/operations/receipts/python-environment.ts';
import { temporaryBook } from '../../helpers.ts';

const venv = {
  '.venv/pyvenv.cfg': 'home = /usr/bin\nversion = 3.11.7\n',
  '.venv/lib/python3.11/site-packages/torch-2.1.0+cu121.dist-info/METADATA': '',
  '.venv/lib/python3.11/site-packages/typing_extensions-4.9.0.dist-info/METADATA': '',
  '.venv/lib/python3.11/site-packages/old-1.0-py3.11.egg-info': '',
  '.venv/lib/python3.11/site-packages/torch/__init__.py': '',
};

describe('findPythonEnvironment', () => {
  it('reads names and versions from the folders of an environment', () => {
    expect(findPythonEnvironment(temporaryBook(venv), {})).toEqual({
      version: '3.11.7',
      packages: { old: '1.0', torch: '2.1.0+cu121', 'typing-extensions': '4.9.0' },
    });
  });

  it('takes the active one first, conda too', () => {
    const root = temporaryBook({
      ...venv,
      'conda/conda-meta/python-3.12.1-hab0_0.json': '{}',
      'conda/lib/python3.12/site-packages/numpy-1.26.3.dist-info/METADATA': '',
    });
    expect(findPythonEnvironment(root, { CONDA_PREFIX: join(root, 'conda') })).toEqual({
      version: '3.12.1',
      packages: { numpy: '1.26.3' },
    });
    expect(findPythonEnvironment(root, { VIRTUAL_ENV: join(root, 'gone') })?.version).toBe('3.11.7');
    expect(findPythonEnvironment(temporaryBook(), {})).toBeUndefined();
    // A program that says what runs it is believed before what is active or lies around.
    const own = join(root, '.venv', 'bin', 'python');
    const other = { CONDA_PREFIX: join(root, 'conda') };
    expect(findPythonEnvironment(root, { ...other, DAYBOOK_PYTHON: own })?.version).toBe('3.11.7');
    expect(findPythonEnvironment(root, { ...other, DAYBOOK_PYTHON: '/usr/bin/python3' })).toBeUndefined();
  });
});

describe('readEnvironment', () => {
  const read = (root: string, env: NodeJS.ProcessEnv, variables: string[] = []) =>
    readEnvironment({ root, cwd: join(root, 'sub'), env, variables, command: ['a', 'b'], limitMs: 300 });

  it('has system, runtimes, lock files and packages, and of the variables only those that were chosen', async () => {
    const root = temporaryBook({ ...venv, 'requirements-dev.txt': 'torch==2.1.0\n', 'notes.txt': '' });
    const env = {
      SECRET: 's',
      SEED: '1',
      GITHUB_ACTIONS: 'true',
      ImageOS: 'ubuntu24',
      ImageVersion: '20251102.1',
      PATH: '',
    };
    const environment = await read(root, env, ['SEED', 'UNSET']);
    expect(environment).toMatchObject({
      node: process.versions.node,
      python: '3.11.7',
      cwd: 'sub',
      command: ['a', 'b'],
      ci: { provider: 'github-actions' },
      runner: 'ubuntu24 20251102.1',
      variables: { SEED: '1', UNSET: null },
      lock_files: { 'requirements-dev.txt': expect.stringMatching(/^sha256:[0-9a-f]{64}$/) },
      packages: { torch: '2.1.0+cu121' },
    });
    expect(JSON.stringify(environment)).not.toContain('SECRET');
    expect(environment).not.toHaveProperty('cuda');
  });

  it('reads driver and cards where nvidia-smi answers, and does not wait for one that hangs', async () => {
    const root = temporaryBook({
      'bin/nvidia-smi':
        '#!/bin/sh\necho "550.54.15, NVIDIA A100-SXM4-40GB"\necho "550.54.15, NVIDIA A100-SXM4-40GB"\n',
      'hang/nvidia-smi': '#!/bin/sh\nsleep 60\n',
    });
    const { chmodSync } = await import('node:fs');
    for (const folder of ['bin', 'hang']) chmodSync(join(root, folder, 'nvidia-smi'), 0o755);
    const path = (folder: string) => `${join(root, folder)}:/usr/bin:/bin`;
    expect((await read(root, { PATH: path('bin') }))['cuda']).toEqual({
      driver: '550.54.15',
      cards: ['NVIDIA A100-SXM4-40GB', 'NVIDIA A100-SXM4-40GB'],
    });
    expect(await read(root, { PATH: path('hang') })).not.toHaveProperty('cuda');
  });
});
