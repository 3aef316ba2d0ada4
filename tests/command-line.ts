import { existsSync, globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../scripts/repository-root.ts';

/**
 * The command line as a file to start: the one that is shipped, where `npm run bundle` was run since the last change, as
 * `npm test` does; else its source, which says the same and takes several times as long to start.
 */
export const commandLine = shippedOrSource();

function shippedOrSource(): string {
  const shipped = join(repositoryRoot, 'dist/daybook.cjs');
  const source = join(repositoryRoot, 'collector/cli.ts');
  if (!existsSync(shipped)) return source;
  const made = statSync(shipped).mtimeMs;
  const sources = globSync(['{collector,src,scripts}/**/*.*', 'templates/**/*.*', 'package.json'], {
    cwd: repositoryRoot,
  });
  return sources.every((path) => statSync(join(repositoryRoot, path)).mtimeMs < made) ? shipped : source;
}
