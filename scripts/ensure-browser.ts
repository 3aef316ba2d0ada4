import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findChromium } from './find-chromium.ts';
import { repositoryRoot } from './repository-root.ts';

/**
 * Makes sure that the browser tests find a Chromium: one that is there, else Debian's package where this runs as root,
 * else Playwright's own download. Says what to do where neither works.
 */
const found = findChromium() ?? install();
if (found === undefined || !existsSync(found)) {
  console.error(
    found === undefined
      ? 'The browser tests need Chromium, found none, and could not install one. Install chromium or google-chrome, or name one: CHROMIUM_PATH=/path/to/chromium npm test'
      : `The browser tests need Chromium; CHROMIUM_PATH names ${found}, which does not exist.`,
  );
  process.exitCode = 1;
}

function install(): string | undefined {
  if (process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    run('apt-get', ['update', '-qq']);
    for (const name of ['chromium-headless-shell', 'chromium']) {
      console.log(`No Chromium found; installing the package ${name}.`);
      run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name, 'fonts-dejavu-core']);
      const installed = findChromium();
      if (installed !== undefined) return installed;
    }
  }
  console.log('No Chromium found; downloading one with Playwright.');
  const playwright = join(repositoryRoot, 'node_modules', 'playwright-core', 'cli.js');
  run(process.execPath, [playwright, 'install', 'chromium', '--only-shell']);
  return findChromium();
}

function run(command: string, args: string[]): void {
  const { status, error } = spawnSync(command, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (status !== 0)
    console.error(
      `${command} ${args.join(' ')} did not succeed${error === undefined ? '' : `: ${error.message}`}.`,
    );
}
