import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { refuseForeignFolder, refuseOverlap } from './build/own-output.ts';
import { refuseSecrets } from './build/refuse-secrets.ts';
import { type BuildEffects, type BuiltCounts, renderSite } from './build/render-site.ts';
import { replaceFolder } from './build/replace-folder.ts';

export { buildSingleFile } from './build/single/build.ts';
export { stageSite } from './build/stage.ts';
export { buildZip } from './build/zip.ts';

/** What to build: the book at `root`, into `out` (default: dashboard/ in the book). */
export interface BuildOptions {
  root: string;
  out?: string;
}

/** What was built. */
export interface BuildResult extends BuiltCounts {
  out: string;
  /** The first page. */
  index: string;
  /** file:// address of the first page. */
  address: string;
}

/**
 * Builds the site of a book. The folder `out` is replaced as a whole at the end: a reader sees the old site or
 * the new one. Nothing is written outside `out` and the book's .daybook/ folder, so it works from an installed package.
 * @throws DaybookError `secrets` where the site would publish one; the old site then still stands.
 */
export async function buildSite(options: BuildOptions, effects: BuildEffects = {}): Promise<BuildResult> {
  const root = resolve(options.root);
  const out = resolve(root, options.out ?? 'dashboard');
  refuseOverlap(root, out);
  refuseForeignFolder(out);
  const { fresh, work, loaded, phases, counts } = await renderSite({ root }, effects);
  const doubtful = await refuseSecrets(fresh, { root, out, work, allow: loaded.mayPublish });
  phases.begin('place');
  replaceFolder(fresh, out);
  const index = join(out, 'index.html');
  return { out, index, address: pathToFileURL(index).href, ...counts(doubtful) };
}
