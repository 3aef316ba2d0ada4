import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { findShapes, hasShape } from '../data/secret-shapes.ts';
import { CleanFiles } from './clean-files.ts';
import { tokenRows } from './scan-parquet.ts';

/** A token in what is about to be published. */
export interface PublishedToken {
  /** The rule that knows it, e.g. "github-token". */
  rule: string;
  /** False where it may as well be harmless. */
  isSure: boolean;
  text: string;
  /** Files of the site that hold it, relative to the site. */
  files: string[];
}

/**
 * Finds every token of a known shape in a finished site: pages, data (also in Parquet and packed files), api and copies of
 * artifacts. Works on what is written, so that nothing can be published that it has not seen; bytes that an earlier build
 * has looked through are known by their checksum.
 */
export async function scanSite(
  site: string,
  workFolder: string,
  memory = new CleanFiles(undefined),
): Promise<PublishedToken[]> {
  const found = new Map<string, PublishedToken>();
  const take = (file: string, text: string) => {
    if (!hasShape(text)) return;
    for (const { shape, index, length } of findShapes(text)) {
      const token = text.slice(index, index + length);
      const known = found.get(`${shape.rule} ${token}`);
      if (known === undefined)
        found.set(`${shape.rule} ${token}`, {
          rule: shape.rule,
          isSure: shape.isSure,
          text: token,
          files: [file],
        });
      else if (known.files.at(-1) !== file) known.files.push(file);
    }
  };
  const parquet: string[] = [];
  const files = filesOf(site);
  for (const file of files) {
    if (memory.isClean(join(site, file))) continue;
    if (file.endsWith('.parquet')) parquet.push(file);
    else take(file, textOf(join(site, file)));
  }
  await tokenRows(site, parquet, workFolder, take);
  const tainted = new Set([...found.values()].flatMap((token) => token.files));
  memory.keep(files.filter((file) => !tainted.has(file)).map((file) => join(site, file)));
  return [...found.values()];
}

/** Everything but our own assets, the script twins of data files and pages as Markdown, which hold once more what is looked at. */
function filesOf(site: string): string[] {
  const files = readdirSync(site, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(site.length + 1)
        .replaceAll('\\', '/'),
    );
  const names = new Set(files);
  // What lies in data/ are copies of files of the book: they have no pages.
  const isPageAgain = (file: string) =>
    file.endsWith('.md') && !file.startsWith('data/') && names.has(file.replace(/md$/, 'html'));
  return files
    .filter((file) => !file.startsWith('assets/') && !isTwin(site, file) && !isPageAgain(file))
    .sort();
}

/** Whether a file is the script twin of a data file, which holds the same bytes once more. */
export function isTwin(site: string, file: string): boolean {
  if (!file.startsWith('data/') || extname(file) !== '.js') return false;
  const stem = file.slice(0, -'.js'.length);
  return ['.json', '.json.gz', '.parquet'].some((ending) => existsSync(join(site, stem + ending)));
}

function textOf(path: string): string {
  const bytes = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1');
  // Pages let long words wrap; a token is found all the same.
  return path.endsWith('.html') && text.includes('<wbr') ? text.replace(/<wbr ?\/?>/g, '') : text;
}
