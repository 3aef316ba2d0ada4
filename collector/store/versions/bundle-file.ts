import { createReadStream, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { removeQuietly } from '../../base/atomic-file.ts';
import { messageOf, reasonOf } from '../../base/errors.ts';
import { sha256Hex } from '../../base/hash.ts';
import { jsonText } from '../../base/json/text.ts';
import { showText } from '../../base/show.ts';
import { writeErrorOf } from '../../base/system-error.ts';
import { temporaryPathFor } from '../../base/temporary-name.ts';
import { makeWorkFolder } from '../../base/work-folder.ts';
import {
  type BundleEntry,
  type BundleManifest,
  bundleFileName,
  bundleLimits,
  isBundleFile,
  manifestName,
  parseManifest,
  type UnreadableVersion,
} from '../../formats/versions/bundle.ts';
import { VersionError } from '../../formats/versions/errors.ts';

/**
 * Writes a bundle of exports to a tar.gz file; they are asked for one after the other, so that memory stays small. The
 * manifest also names what is not in it: `unreadable`, looked at when all are written.
 */
export async function writeBundle(
  path: string,
  exportedAt: string,
  exports: AsyncIterable<{ version: string; text: string }>,
  unreadable: readonly UnreadableVersion[] = [],
): Promise<BundleManifest> {
  const { create } = await import('tar');
  const work = makeWorkFolder('bundle');
  const temporary = temporaryPathFor(path);
  const entries: BundleEntry[] = [];
  try {
    mkdirSync(join(work, 'versions'));
    for await (const { version, text } of exports) {
      const file = bundleFileName(entries.length + 1);
      writeFileSync(join(work, file), text);
      entries.push({ version, file, bytes: Buffer.byteLength(text), sha256: sha256Hex(text) });
    }
    const manifest: BundleManifest = {
      format: 'daybook-versions',
      exported_at: exportedAt,
      versions: entries,
      ...(unreadable.length > 0 && { unreadable: [...unreadable] }),
    };
    writeFileSync(join(work, manifestName), `${jsonText(manifest, 2)}\n`);
    mkdirSync(dirname(path), { recursive: true });
    const names = [manifestName, ...entries.map((each) => each.file)];
    await create({ file: temporary, cwd: work, gzip: true, portable: true, noMtime: true }, names);
    renameSync(temporary, path);
    return manifest;
  } catch (error) {
    removeQuietly(temporary);
    throw writeErrorOf(path, error);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** What a bundle holds that it should not, or not hold what it should; nothing of it lies on disk yet. */
export interface CheckedBundle {
  manifest: BundleManifest;
  /** Names in the archive that are none of a bundle: paths that lead elsewhere, links, devices. */
  strange: string[];
  /** Files the manifest names that are missing or are something else, with what is wrong. */
  damaged: Map<string, string>;
}

/**
 * Reads a bundle through once without keeping it: its manifest, and whether every file is what the manifest says.
 * @throws VersionError `unreadable` for what is no bundle, is cut off, or is larger than is sensible.
 */
export async function checkBundle(path: string): Promise<CheckedBundle> {
  const found = new Map<string, string>();
  let manifest: BundleManifest | undefined;
  const strange = await readArchive(path, async (name, bytes) => {
    if (name === manifestName) manifest = parseManifest(bytes.toString('utf8'));
    else found.set(name, sha256Hex(bytes));
  });
  if (manifest === undefined)
    throw unfit(path, 'a bundle of versions with manifest.json', 'an archive without');
  const damaged = new Map<string, string>();
  for (const { file, sha256 } of manifest.versions) {
    const digest = found.get(file);
    if (digest === undefined) damaged.set(file, 'it is missing');
    else if (digest !== sha256) damaged.set(file, 'its checksum is not the one of the manifest');
  }
  const listed = new Set(manifest.versions.map((each) => each.file));
  strange.push(...[...found.keys()].filter((name) => !listed.has(name)));
  return { manifest, strange, damaged };
}

/** Hands the files of a bundle to `visit`, one after the other; what is no part of a bundle is passed over. */
export async function readBundle(
  path: string,
  visit: (file: string, bytes: Buffer) => Promise<void>,
): Promise<void> {
  await readArchive(path, (name, bytes) => (name === manifestName ? Promise.resolve() : visit(name, bytes)));
}

async function readArchive(
  path: string,
  visit: (name: string, bytes: Buffer) => Promise<void>,
): Promise<string[]> {
  const { Parser } = await import('tar');
  const strange: string[] = [];
  let [settled, last]: Promise<void>[] = [Promise.resolve(), Promise.resolve()];
  let refusal: VersionError | undefined;
  let [count, total] = [0, 0];
  const parser = new Parser({
    strict: true,
    maxMetaEntrySize: 64 * 1024,
    maxDecompressionRatio: bundleLimits.ratio,
    onReadEntry(entry) {
      count += 1;
      total += entry.size;
      refusal ??= tooLarge(path, count, entry.size, total);
      if (refusal !== undefined || entry.type !== 'File' || !isBundleFile(entry.path)) {
        const isItsFolder = entry.type === 'Directory' && entry.path === 'versions/';
        if (refusal === undefined && !isItsFolder) strange.push(showText(entry.path));
        entry.resume();
        return;
      }
      const bytes = entry.concat();
      settled = last;
      // One after the other, and none after one that failed.
      last = Promise.all([bytes, last]).then(([read]) => visit(entry.path, Buffer.from(read as Uint8Array)));
      last.catch(() => undefined);
    },
  });
  const ended = new Promise<void>((resolve, reject) => {
    parser.on('end', () => resolve());
    parser.on('error', reject);
    parser.on('abort', reject);
  });
  // A rejection may come before anybody waits for it.
  ended.catch(() => undefined);
  try {
    if (!statSync(path).isFile()) throw unfit(path, 'a file', 'something else');
    for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 })) {
      parser.write(chunk as Buffer);
      // The last entry may need further chunks to be whole.
      await settled;
      if (refusal !== undefined) throw refusal;
    }
    parser.end();
    await ended;
    if (refusal !== undefined) throw refusal;
    await last;
    return strange;
  } catch (error) {
    if (error instanceof VersionError) throw error;
    throw unfit(
      path,
      'a bundle of versions (tar.gz)',
      `${showText(reasonOf(error) || messageOf(error), 120)}`,
      error,
    );
  }
}

function tooLarge(path: string, count: number, bytes: number, total: number): VersionError | undefined {
  const { entries, entryBytes, totalBytes } = bundleLimits;
  if (count > entries + 1) return unfit(path, `at most ${entries} versions in a bundle`, 'more');
  if (bytes > entryBytes)
    return unfit(path, `versions of at most ${entryBytes / 2 ** 20} MiB`, 'a larger one');
  if (total > totalBytes) return unfit(path, `at most ${totalBytes / 2 ** 30} GiB in all`, 'more');
  return undefined;
}

function unfit(path: string, expected: string, found: string, cause?: unknown): VersionError {
  return new VersionError('unreadable', `Expected ${expected}, found ${found}.`, {
    where: path,
    hint: 'Nothing was taken from it.',
    cause,
  });
}
