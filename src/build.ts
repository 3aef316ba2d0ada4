import type { BuildEffects } from './build/render-site.ts';
import { type BuildResult, placeSite } from './build/whole-site.ts';

export { buildFleet } from './build/fleet/build.ts';
export { buildSingleFile } from './build/single/build.ts';
export { stageSite } from './build/stage.ts';
export type { BuildResult } from './build/whole-site.ts';
export { buildZip } from './build/zip.ts';

/** What to build: the book at `root`, into `out` (default: dashboard/ in the book). */
export interface BuildOptions {
  root: string;
  out?: string;
}

/**
 * Builds the site of a book. The folder `out` is replaced as a whole at the end: a reader sees the old site or
 * the new one. Nothing is written outside `out` and the book's .daybook/ folder, so it works from an installed package.
 * @throws DaybookError `secrets` where the site would publish one; the old site then still stands.
 */
export async function buildSite(options: BuildOptions, effects: BuildEffects = {}): Promise<BuildResult> {
  const { result } = await placeSite({ root: options.root, out: options.out ?? 'dashboard' }, effects);
  return result;
}
