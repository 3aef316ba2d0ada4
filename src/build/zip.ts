import { createWriteStream, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { refuseForeignFile, refuseOverlap } from './own-output.ts';
import { refuseSecrets } from './refuse-secrets.ts';
import { type BuildEffects, type BuiltCounts, renderSite } from './render-site.ts';
import { replaceFile } from './replace-file.ts';

/** What to build: the book at `root`, into the archive `out` (default: dashboard.zip in the book). */
export interface ZipOptions {
  root: string;
  out?: string;
}

/** The archive that was built. */
export interface ZipResult extends BuiltCounts {
  out: string;
  bytes: number;
}

/**
 * Builds the site of a book as one zip, with everything that the folder has; unpacked, it opens by double-click. The file is
 * replaced whole at the end.
 * @throws DaybookError `secrets` where the site would publish one; the old file then still stands.
 */
export async function buildZip(options: ZipOptions, effects: BuildEffects = {}): Promise<ZipResult> {
  const root = resolve(options.root);
  const out = resolve(root, options.out ?? 'dashboard.zip');
  refuseOverlap(root, out);
  refuseForeignFile(out);
  const { fresh, work, loaded, phases, counts } = await renderSite({ root }, effects);
  const path = join(`${fresh}-one`, 'dashboard.zip');
  try {
    const doubtful = await refuseSecrets(fresh, { root, out, work, allow: loaded.mayPublish });
    phases.begin('packing');
    const bytes = await zipFolder(fresh, path);
    replaceFile(path, out);
    return { out, bytes, ...counts(doubtful) };
  } finally {
    for (const folder of [fresh, dirname(path)]) rmSync(folder, { recursive: true, force: true });
  }
}

/** What the archive calls the folder that it holds: unpacking spills nothing, and tells it from archives of others. */
const top = 'daybook-site';

const compressed = new Set(['.gz', '.parquet', '.png', '.jpg', '.gif', '.webp']);

/** Zips a folder, one file after the other, without times and owners: the same files are the same bytes. */
export async function zipFolder(folder: string, to: string): Promise<number> {
  mkdirSync(dirname(to), { recursive: true });
  // Loaded by those who pack alone.
  const { ZipFile } = await import('yazl');
  const zip = new ZipFile();
  const written = createWriteStream(to);
  const done = pipeline(zip.outputStream, written);
  zip.on('error', (error) => written.destroy(error));
  for (const name of filesIn(folder))
    zip.addFile(join(folder, name), `${top}/${name}`, {
      mtime: new Date(1980, 0, 1),
      forceDosTimestamp: true,
      mode: 0o100644,
      compress: !compressed.has(extname(name)),
    });
  zip.end();
  await done;
  return written.bytesWritten;
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort();
}
