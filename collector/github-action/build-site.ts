import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parsePlainJson } from '../base/json/text.ts';

/** The folder with the site, or what kept it from being built. */
export interface BuiltSite {
  site?: string;
  problem?: string;
}

/**
 * Builds the dashboard with the Daybook that the workspace has installed, else with the package that the workflow names, which npm
 * installs into a folder of its own. What records needs no package; what builds does.
 */
export async function buildSite(
  folder: string,
  packageName: string,
  effects: { env: NodeJS.ProcessEnv; write(text: string): void },
): Promise<BuiltSite> {
  const program = installedIn(folder) ?? (await installed(packageName, effects));
  if (typeof program !== 'string') return program;
  const { exitCode, out, said } = await run(
    process.execPath,
    [program, 'build', '--dir', folder, '--json'],
    effects,
  );
  // Code 4: one of several books could not be built, and the page of all says so.
  if (exitCode !== 0 && exitCode !== 4)
    return { problem: `The dashboard could not be built. ${lastLine(said)}` };
  return { site: (parsePlainJson(out) as { out: string }).out };
}

function installedIn(folder: string): string | undefined {
  const program = join(folder, 'node_modules/daybook/dist/daybook.cjs');
  return existsSync(program) ? program : undefined;
}

async function installed(
  name: string,
  effects: { env: NodeJS.ProcessEnv; write(text: string): void },
): Promise<string | BuiltSite> {
  if (name === '')
    return {
      problem:
        'The dashboard is built by the package, and there is none: install Daybook in the workspace, or name the package (a version, an address, a file) in the input "package".',
    };
  const place = join(effects.env['RUNNER_TEMP'] ?? '.', 'daybook-package');
  const words = ['install', '--prefix', place, '--no-save', '--no-audit', '--no-fund', '--', name];
  const { exitCode, said } = await run('npm', words, effects);
  // Code 4: one of several books could not be built, and the page of all says so.
  if (exitCode !== 0 && exitCode !== 4)
    return { problem: `npm could not install ${name}. ${lastLine(said)}` };
  return installedIn(place) ?? { problem: `${name} is no Daybook: it has no dist/daybook.cjs.` };
}

function run(
  command: string,
  words: readonly string[],
  { env, write }: { env: NodeJS.ProcessEnv; write(text: string): void },
): Promise<{ exitCode: number; out: string; said: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, words, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      write(text);
    });
    child.once('error', (error) => resolve({ exitCode: 1, out, said: error.message }));
    child.once('close', (code) => resolve({ exitCode: code ?? 1, out, said }));
  });
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
