import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fleetFiles } from '../../data/fleet/files.ts';
import type { Fleet } from '../../data/fleet/types.ts';
import { readSchema } from '../../data/reader.ts';
import { copyAssets } from '../assets.ts';
import { renderFleet } from '../pages/render.ts';
import { packageRoot } from '../render-site.ts';

/** Puts the page of several books over their sites, the page itself last, and removes what belongs to neither. */
export async function placePage(fleet: Fleet, out: string): Promise<void> {
  const root = packageRoot();
  const { page, markdown } = await renderFleet(fleet, root);
  await copyAssets(root, join(out, 'assets'));
  const files: { name: string; text: string | Uint8Array }[] = [
    ...fleetFiles(fleet, await readSchema('api-fleet')),
    ...(markdown === undefined ? [] : [{ name: 'index.md', text: markdown }]),
    { name: 'index.html', text: page },
  ];
  for (const { name, text } of files) place(join(out, name), text);
  const ours = files.map(({ name }) => name.split('/')[0]!);
  removeOthers(out, new Set(['assets', ...ours, ...fleet.books.map(({ name }) => name)]));
}

/** A file whole or not at all: somebody may read the page that stands there. */
function place(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  const fresh = join(dirname(path), `.${basename(path)}-new-${process.pid}`);
  writeFileSync(fresh, content);
  renameSync(fresh, path);
}

/** What an earlier site left that is no part of this one: books that are gone, the pages of a single book. */
function removeOthers(out: string, ours: ReadonlySet<string>): void {
  // Files of hosts may lie beside a site and outlive it.
  for (const name of readdirSync(out))
    if (!ours.has(name) && name !== 'CNAME' && !name.startsWith('.'))
      rmSync(join(out, name), { recursive: true, force: true });
}
