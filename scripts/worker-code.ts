import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { repositoryRoot } from './repository-root.ts';

/**
 * Puts the code of the hashing thread into a bundle as a text: a bundle has no file beside it that a thread could be
 * started from.
 */
export const workerPlugin: Plugin = {
  name: 'worker',
  setup({ onLoad }) {
    onLoad({ filter: /receipts[\\/]start-hash-worker\.ts$/ }, async () => ({
      contents: `
        import { Worker } from 'node:worker_threads';
        const code = ${JSON.stringify(await workerCode())};
        export const startHashWorker = (job) => new Worker(code, { eval: true, workerData: job, execArgv: [] });`,
      loader: 'js',
    }));
  },
};

/** The ES module of hash-wasm, of which only one of thirty algorithms remains; the other form cannot be cut down. */
export const hashAlias = { 'hash-wasm': 'hash-wasm/dist/index.esm.js' };

async function workerCode(): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: repositoryRoot,
    entryPoints: [join(repositoryRoot, 'collector/store/receipts/hash-worker.ts')],
    bundle: true,
    minify: true,
    alias: hashAlias,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    charset: 'ascii',
    legalComments: 'none',
    write: false,
  });
  return outputFiles[0]!.text;
}
