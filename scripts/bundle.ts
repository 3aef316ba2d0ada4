import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundleClient } from '../src/build/assets.ts';
import { bundleCommandLine } from './bundle-command-line.ts';
import { bundleLibrary } from './bundle-library.ts';
import { bundleSiteBuilder } from './bundle-site-builder.ts';
import { bundleStart, startedCommands } from './bundle-start.ts';
import { repositoryRoot } from './repository-root.ts';

/**
 * Makes dist/: what the package ships. `--only cli` (or lib, client, site) makes one part.
 *   daybook.cjs         the command line
 *   start/              its commands that start fast
 *   daybook-single.cjs  the whole command line, one file that works alone
 *   action/             the same file, where action.yml looks for it
 *   lib/                the library, ES modules with types
 *   client/             script and style sheet of the pages
 *   site/               the site builder
 */
const parts = {
  cli: async () => {
    const single = join(repositoryRoot, 'dist/daybook-single.cjs');
    await bundleCommandLine(single, startedCommands);
    await bundleStart(join(repositoryRoot, 'dist/daybook.cjs'), single);
    mkdirSync(join(repositoryRoot, 'dist/action'), { recursive: true });
    copyFileSync(single, join(repositoryRoot, 'dist/action/index.cjs'));
  },
  lib: () => bundleLibrary(join(repositoryRoot, 'dist/lib')),
  client: () => bundleClient(repositoryRoot, join(repositoryRoot, 'dist/client')),
  site: () => bundleSiteBuilder(join(repositoryRoot, 'dist/site')),
};

const only = process.argv.includes('--only') ? process.argv.at(-1) : undefined;
if (only === undefined) rmSync(join(repositoryRoot, 'dist'), { recursive: true, force: true });
for (const [name, make] of Object.entries(parts)) if (only === undefined || only === name) await make();
