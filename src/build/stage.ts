import { copyFileSync, existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DaybookError } from '../data/browser.ts';
import { isBuiltSite, refuseForeignFolder, refuseOverlap } from './own-output.ts';
import { refuseSecrets } from './refuse-secrets.ts';
import { type BuildEffects, type BuiltCounts, renderSite } from './render-site.ts';
import { replaceFolder } from './replace-folder.ts';

/** A site that is complete and published nowhere yet. */
export interface StagedSite extends BuiltCounts {
  /** The folder it lies in until it is discarded. */
  folder: string;
  bytes: number;
  /** The copies of files of runs in it. */
  artifacts: { files: number; bytes: number };
  /** Puts it into a folder, in the place of an earlier site. */
  putInto(out: string): void;
  discard(): void;
}

/** Files of hosts that may lie beside a site and outlive it. */
const kept = ['CNAME', '.nojekyll'];

/**
 * Builds a site, so that it can be said what it holds before anybody gets it. `out` is the folder that it is for, if it is for one.
 * @throws DaybookError `secrets`; `exists` and `usage` where that folder is not for a site.
 */
export async function stageSite(
  given: { root: string; out?: string },
  effects: BuildEffects = {},
): Promise<StagedSite> {
  const root = resolve(given.root);
  if (given.out !== undefined) refuseUnlike(root, given.out);
  const { fresh, work, loaded, counts } = await renderSite({ root }, effects);
  const discard = () => rmSync(fresh, { recursive: true, force: true });
  try {
    const book = { root, out: given.out ?? join(root, 'dashboard'), work, allow: loaded.mayPublish };
    const built = counts(await refuseSecrets(fresh, book));
    const whole = sumOf(fresh);
    const artifacts = sumOf(join(fresh, 'data', 'artifacts'));
    const putInto = (out: string) => {
      refuseUnlike(root, out);
      for (const name of kept)
        if (existsSync(join(out, name))) copyFileSync(join(out, name), join(fresh, name));
      replaceFolder(fresh, out);
    };
    return { ...built, folder: fresh, bytes: whole.bytes, artifacts, putInto, discard };
  } catch (error) {
    discard();
    throw error;
  }
}

/** Anything beside a site, a repository among them, would go with the folder. */
function refuseUnlike(root: string, out: string): void {
  refuseOverlap(root, out);
  refuseForeignFolder(out);
  if (!isBuiltSite(out)) return;
  const ours =
    /^(?:[\w-]+\.html|assets|data|api|runs|snapshots|versions|badges|feeds|llms\.txt|sitemap\.xml|preview\.png)$/;
  // A page as Markdown stands beside the page.
  const isTwin = (name: string) => name.endsWith('.md') && existsSync(join(out, name.replace(/md$/, 'html')));
  const other = readdirSync(out).find((name) => !ours.test(name) && !isTwin(name) && !kept.includes(name));
  if (other === undefined) return;
  throw new DaybookError('exists', `Expected nothing but an earlier site at ${out}, found ${other} in it.`, {
    where: out,
    hint: 'Move it away, or publish to another folder, or to a branch.',
  });
}

function sumOf(folder: string): { files: number; bytes: number } {
  if (!existsSync(folder)) return { files: 0, bytes: 0 };
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const sizes = files.map((entry) => statSync(join(entry.parentPath, entry.name)).size);
  return { files: files.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}
