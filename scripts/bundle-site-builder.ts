import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { compilePages } from '../src/build/pages/compile.ts';
import { pagesKey } from '../src/build/pages/ready.ts';
import { repositoryRoot } from './repository-root.ts';
import { workerPlugin } from './worker-code.ts';

/**
 * Makes the site builder one ES module, with the compiled pages beside it; packages stay imports. Node does not run TypeScript
 * below node_modules.
 */
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
    plugins: [workerPlugin, broughtPlugin],
  });
  await compilePages(repositoryRoot, join(outdir, 'pages'), pagesKey(repositoryRoot));
}

/** Of d3, which is large and loads slowly, and of hyparquet what is used comes with the builder. */
const broughtPlugin: Plugin = {
  name: 'brought',
  setup({ onResolve }) {
    onResolve({ filter: /^(?:d3|d3-.*|internmap|hyparquet|hyparquet\/.*)$/ }, ({ path }) => ({
      path: fileURLToPath(import.meta.resolve(path)),
      sideEffects: false,
    }));
  },
};
