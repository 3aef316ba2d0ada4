import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Selection } from '../../data/book/types.ts';
import { DaybookError } from '../../data/browser.ts';
import { readyAssets, singleScript } from '../assets.ts';
import { refuseForeignFile, refuseOverlap } from '../own-output.ts';
import { refuseSecrets } from '../refuse-secrets.ts';
import {
  type BuildEffects,
  type BuiltCounts,
  packageRoot,
  type RenderedSite,
  renderSite,
} from '../render-site.ts';
import { replaceFile } from '../replace-file.ts';
import { singleDocument } from './document.ts';
import { firstPage, packedFiles } from './files.ts';
import { type Share, sharesOf, sizeWarning } from './size.ts';
import { unpackSingleFile } from './unpack.ts';
import { type Written, writeSingleFile } from './write.ts';

/** What to build: the book at `root`, or a part of it, into the file `out` (default: dashboard.html in the book). */
export interface SingleFileOptions {
  root: string;
  out?: string;
  selection?: Selection;
}

/** The file that was built. */
export interface SingleFileResult extends BuiltCounts {
  out: string;
  /** file:// address of the file. */
  address: string;
  bytes: number;
  /** What takes how much of it, most first. */
  shares: Share[];
  /** Said where it is too large to be sent by mail. */
  warning: string | undefined;
  /** What it holds of the book, where that is not all. */
  part: string | undefined;
}

/** Larger ones no browser opens. */
const maxBytes = 400_000_000;

/**
 * Builds the site of a book as one HTML file that asks for nothing: it works from disk, from an attachment of a mail, from
 * anywhere. The file is replaced whole at the end.
 * @throws DaybookError `secrets` where it would hold one, in whatever form; the old file then still stands.
 */
export async function buildSingleFile(
  options: SingleFileOptions,
  effects: BuildEffects = {},
): Promise<SingleFileResult> {
  const root = resolve(options.root);
  const out = resolve(root, options.out ?? 'dashboard.html');
  const { selection } = options;
  refuseOverlap(root, out);
  refuseForeignFile(out);
  const site = await renderSite({ root, selection }, effects);
  const home = `${site.fresh}-one`;
  site.phases.begin('packing');
  try {
    const { path, bytes, written, code } = writeFresh(
      site,
      home,
      await readyAssets(packageRoot()),
      selection,
    );
    const content = join(home, 'content');
    unpackSingleFile(path, content, code);
    const book = { root, out, work: site.work, allow: site.loaded.mayPublish };
    site.phases.begin('secrets');
    const doubtful = await refuseSecrets(content, book);
    site.phases.begin('place');
    replaceFile(path, out);
    const counts = site.counts(doubtful);
    const shares = sharesOf(written);
    return {
      out,
      address: pathToFileURL(out).href,
      bytes,
      shares,
      warning: sizeWarning(bytes, shares, selection),
      part: site.loaded.book.part,
      ...counts,
      pages: written.filter(({ name }) => /^(?!data\/).*\.html$/.test(name)).length,
    };
  } finally {
    rmSync(home, { recursive: true, force: true });
    rmSync(site.fresh, { recursive: true, force: true });
  }
}

function writeFresh(
  { fresh, loaded }: RenderedSite,
  home: string,
  assets: string,
  selection: Selection | undefined,
): { path: string; bytes: number; written: Written[]; code: string[] } {
  const files = packedFiles(fresh, selection);
  const size = files.reduce((sum, { bytes }) => sum + bytes, 0);
  if (size > maxBytes)
    throw new DaybookError('failed', 'The site is too large to be one file that browsers open.', {
      hint: 'Choose runs with --run <key>, or only what is new with --since 30d; daybook build --zip packs all of it.',
    });
  const first = firstPage(selection);
  const text = (name: string) => readFileSync(join(fresh, name), 'utf8');
  const style = text('assets/daybook.css');
  const script = readFileSync(join(assets, singleScript), 'utf8');
  const { version } = loaded.book;
  const document = singleDocument({ page: text(first), first, style, script, version });
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  const path = join(home, 'dashboard.html');
  return { path, code: [style, script], ...writeSingleFile(path, document, fresh, files) };
}
