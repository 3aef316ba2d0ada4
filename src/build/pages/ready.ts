import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { entryName, keyName } from './names.ts';

/** Compiled pages, ready to be imported. */
export interface ReadyPages {
  /** The address of their module. */
  entry: string;
  /** Changes whenever they may. */
  key: string;
}

/**
 * The compiled pages of this program. An installed package has them beside its site builder; the repository makes them where
 * there are none of exactly these sources.
 */
export async function readyPages(packageRoot: string): Promise<ReadyPages> {
  if (!import.meta.url.endsWith('.ts')) return readyIn(fileURLToPath(new URL('./pages', import.meta.url)));
  const home = join(packageRoot, 'dist', 'pages');
  const key = pagesKey(packageRoot);
  const folder = join(home, key);
  if (!existsSync(join(folder, keyName))) {
    const { compilePages } = await import('./compile.ts');
    await compilePages(packageRoot, folder, key);
    dropOthers(home, key);
  }
  return readyIn(folder);
}

/** Stands for all that pages are made of: every source that they may import, and the packages, whose versions package.json fixes. */
export function pagesKey(packageRoot: string): string {
  const sum = createHash('sha256');
  const sources = ['src', 'collector'].flatMap((folder) =>
    readdirSync(join(packageRoot, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
      .filter((name) => /\.(?:tsx?|astro)$/.test(name) && !name.startsWith('src/client/')),
  );
  for (const name of ['package.json', ...sources.sort()])
    sum.update(`${name}\0`).update(readFileSync(join(packageRoot, name)));
  return sum.digest('hex').slice(0, 32);
}

function readyIn(folder: string): ReadyPages {
  return {
    entry: pathToFileURL(join(folder, entryName)).href,
    key: readFileSync(join(folder, keyName), 'utf8'),
  };
}

/** What earlier sources were compiled to. */
function dropOthers(home: string, key: string): void {
  for (const name of readdirSync(home))
    if (/^[0-9a-f]{32}$/.test(name) && name !== key)
      rmSync(join(home, name), { recursive: true, force: true });
}
