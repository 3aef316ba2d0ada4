import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { repositoryRoot } from './repository-root.ts';

/** Types, pages, lint and format, side by side. Each says its piece whole once it has ended; one that fails fails the check. */
const checks = {
  tsc: ['typescript/bin/tsc', '--noEmit'],
  astro: ['astro/bin/astro.mjs', 'check', '--tsconfig', 'src/tsconfig.json'],
  biome: ['@biomejs/biome/bin/biome', 'check', '.'],
};

const failed = (await Promise.all(Object.entries(checks).map(check))).filter((name) => name !== undefined);
if (failed.length > 0) {
  console.error(`Failed: ${failed.join(', ')}.`);
  process.exitCode = 1;
}

/** The name of a check that failed. */
function check([name, [script, ...args]]: [string, string[]]): Promise<string | undefined> {
  const child = spawn(process.execPath, [join(repositoryRoot, 'node_modules', script!), ...args], {
    cwd: repositoryRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ASTRO_TELEMETRY_DISABLED: '1' },
  });
  let output = '';
  const take = (text: string) => {
    output += text;
  };
  child.stdout.setEncoding('utf8').on('data', take);
  child.stderr.setEncoding('utf8').on('data', take);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      console.log(`${name}: ${code === 0 ? 'passed' : 'failed'}\n${output.trimEnd()}`);
      resolve(code === 0 ? undefined : name);
    });
  });
}
