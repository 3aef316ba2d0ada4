import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageFolder, python, pythonEnv, pythonTests, runPython, singleFileFolder } from './python.ts';

const files = ['test_callbacks', 'test_dropins', 'test_examples'];

describe.skipIf(python === undefined)(
  'the modules of the Python client (skipped without python3 3.9 or newer)',
  () => {
    it.each(files)('%s as a package', { timeout: 240_000 }, (file) => {
      runPython(['-m', 'unittest', file], { cwd: pythonTests, env: pythonEnv(packageFolder) });
    });

    it.each(files)('%s as one file', { timeout: 240_000 }, (file) => {
      const env = { ...pythonEnv(singleFileFolder), DAYBOOK_ONE_FILE: '1' };
      runPython(['-m', 'unittest', file], { cwd: pythonTests, env });
    });

    it('are all tested', () => {
      const all = globSync('test_*.py', { cwd: pythonTests }).map((file) => basename(file, '.py'));
      expect(all.sort()).toEqual([...files, 'test_actions', 'test_log', 'test_run'].sort());
    });
  },
);
