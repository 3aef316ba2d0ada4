import { copyFileSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Scripts by their entry in src/client. `daybook` is that of every page, `daybook-live` follows a book that is served; the others are loaded by the pages that name them. */
const scripts = {
  daybook: 'index.ts',
  'daybook-actions': 'actions/elements.ts',
  'daybook-curves': 'runs/curves/index.ts',
  'daybook-live': 'live/elements.ts',
  'daybook-run': 'runs/elements.ts',
  'daybook-runs': 'runs/list-elements.ts',
  'daybook-snapshots': 'snapshots/elements.ts',
  'daybook-versions': 'versions/elements.ts',
};

/** What is put beside the pages. */
const assets = ['daybook.css', ...Object.keys(scripts).map((name) => `${name}.js`)];

/** The script of a site that is one file. */
export const singleScript = 'daybook-single.js';

/**
 * Copies script and style sheet into the site. An installed package has them ready in dist/client; the repository makes
 * them when they are missing or older than their sources.
 */
export async function copyAssets(packageRoot: string, to: string): Promise<void> {
  const ready = await readyAssets(packageRoot);
  mkdirSync(to, { recursive: true });
  for (const name of assets) copyFileSync(join(ready, name), join(to, name));
}

/** The folder that has script, style sheet and the script of a site that is one file, made where they are old. */
export async function readyAssets(packageRoot: string): Promise<string> {
  const ready = join(packageRoot, 'dist', 'client');
  if (areStale(packageRoot, ready)) await bundleClient(packageRoot, ready);
  return ready;
}

/** Bundles the client: classic scripts, because browsers refuse modules from disk, and one style sheet. */
export async function bundleClient(packageRoot: string, to: string): Promise<void> {
  const { build } = await import('esbuild');
  await build({
    entryPoints: [
      ...Object.entries({ ...scripts, 'daybook-single': 'single/index.ts' }).map(([out, entry]) => ({
        in: join(packageRoot, 'src', 'client', entry),
        out,
      })),
      { in: join(packageRoot, 'src', 'styles', 'index.css'), out: 'daybook' },
    ],
    outdir: to,
    bundle: true,
    minify: true,
    format: 'iife',
    target: ['es2022'],
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'silent',
  });
}

function areStale(packageRoot: string, ready: string): boolean {
  const made = [...assets, singleScript].map((name) => join(ready, name));
  if (!made.every(existsSync)) return true;
  if (!existsSync(join(packageRoot, 'node_modules', 'esbuild'))) return false;
  const oldest = Math.min(...made.map((path) => statSync(path).mtimeMs));
  return ['client', 'styles', 'charts', 'data', 'parts'].some(
    (folder) => newest(join(packageRoot, 'src', folder)) > oldest,
  );
}

function newest(folder: string): number {
  if (!existsSync(folder)) return 0;
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Math.max(0, ...files.map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs));
}
