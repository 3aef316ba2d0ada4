import { build } from 'esbuild';
import { repositoryRoot } from './repository-root.ts';
import { workerPlugin } from './worker-code.ts';

/** Makes the site builder one ES module; packages stay imports. Node does not run TypeScript below node_modules. */
export async function bundleSiteBuilder(outdir: string): Promise<void> {
  await build({
    absWorkingDir: repositoryRoot,
    entryPoints: ['src/build.ts'],
    outdir,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node22',
    legalComments: 'none',
    plugins: [workerPlugin],
  });
}
