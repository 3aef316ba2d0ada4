import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { repositoryRoot } from './repository-root.ts';

/** Modules that start a thread, and the code that it runs. */
const threads = {
  startHashWorker: ['receipts/start-hash-worker.ts', 'collector/store/receipts/hash-worker.ts'],
  startShardWorker: ['actions/start-shard-worker.ts', 'src/data/actions/shard-worker.ts'],
} as const;

/**
 * Puts the code of threads into a bundle as a text: a bundle has no file beside it that a thread could be
 * started from.
 */
export const workerPlugin: Plugin = {
  name: 'worker',
  setup({ onLoad }) {
    for (const [name, [starter, code]] of Object.entries(threads))
      onLoad({ filter: new RegExp(`${starter.replace('.', '\\.').replace('/', '[\\\\/]')}$`) }, async () => ({
        contents: `
        import { Worker } from 'node:worker_threads';
        const code = ${JSON.stringify(await workerCode(code))};
        export const ${name} = (job) => new Worker(code, {
          eval: true, workerData: job, execArgv: [], resourceLimits: { maxYoungGenerationSizeMb: 16 } });`,
        loader: 'js',
      }));
  },
};

/** The ES module of hash-wasm, of which only one of thirty algorithms remains; the other form cannot be cut down. */
export const hashAlias = { 'hash-wasm': 'hash-wasm/dist/index.esm.js' };

async function workerCode(entry: string): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: repositoryRoot,
    entryPoints: [join(repositoryRoot, entry)],
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
