import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { repositoryRoot } from './repository-root.ts';
import { workerPlugin } from './worker-code.ts';

/** Makes the library ES modules with type declarations; packages stay imports. */
export async function bundleLibrary(outdir: string): Promise<void> {
  await build({
    absWorkingDir: repositoryRoot,
    entryPoints: ['collector/index.ts', 'collector/read.ts'],
    outdir,
    bundle: true,
    splitting: true,
    chunkNames: 'shared/[name]-[hash]',
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node22',
    legalComments: 'none',
    plugins: [workerPlugin],
  });
  emitTypes(outdir);
}

function emitTypes(outdir: string): void {
  const options = [
    '--declaration',
    '--emitDeclarationOnly',
    '--noEmit',
    'false',
    '--noUnusedLocals',
    'false',
    '--rootDir',
    'collector',
    '--outDir',
    outdir,
  ];
  const compiler = join(repositoryRoot, 'node_modules/typescript/bin/tsc');
  const config = join(repositoryRoot, 'tsconfig.library.json');
  try {
    execFileSync(process.execPath, [compiler, '-p', config, ...options], {
      cwd: repositoryRoot,
      encoding: 'utf8',
    });
  } catch (error) {
    throw new Error(`The library has type errors:\n${(error as { stdout?: string }).stdout ?? ''}`, {
      cause: error,
    });
  }
  for (const name of readdirSync(outdir, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.d.ts')) continue;
    const path = join(outdir, name);
    writeFileSync(
      path,
      readFileSync(path, 'utf8').replace(/(from |import\()(['"])(\.[^'"]*)\.ts\2/g, '$1$2$3.js$2'),
    );
  }
}
