import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { isBuiltFile, isBuiltSite } from './own-output.ts';

const maxBytes = 512 * 1024 * 1024;
const maxPlaces = 20;
const neverRecorded = new Set(['.git', 'node_modules', '.daybook']);

/**
 * Where in a book each of some texts stands: "snapshots/action_log.jsonl:12", by the text. Reads every file of the book, and is
 * therefore asked only when a build is about to stop. `out` is the folder of the site.
 */
export function findSources(root: string, out: string, texts: readonly string[]): Map<string, string[]> {
  const places = new Map<string, string[]>(texts.map((text) => [text, []]));
  const needles = texts.map((text) => [text, needleOf(text)] as const);
  for (const file of filesBelow(root, '', out)) {
    const content = contentOf(join(root, file));
    if (content === undefined) continue;
    for (const [text, needle] of needles) {
      const known = places.get(text)!;
      for (let at = content.indexOf(needle); at !== -1; at = content.indexOf(needle, at + needle.length)) {
        const place = `${file}:${lineAt(content, at)}`;
        if (known.length < maxPlaces && known.at(-1) !== place) known.push(place);
        if (known.length >= maxPlaces) break;
      }
    }
  }
  return places;
}

/** Files escape texts in their own ways; the longest run of letters and digits in a token is the same in all. */
function needleOf(text: string): string {
  const runs = text.match(/[A-Za-z0-9+/=_-]+/g) ?? [text];
  return runs.reduce((longest, run) => (run.length > longest.length ? run : longest), '').slice(0, 200);
}

function filesBelow(root: string, folder: string, out: string): string[] {
  return entriesOf(join(root, folder)).flatMap((entry) => {
    const file = folder === '' ? entry.name : `${folder}/${entry.name}`;
    const path = join(root, file);
    if (path === out) return [];
    if (entry.isFile()) return isBuiltFile(path) ? [] : [file];
    const isOther = !entry.isDirectory() || neverRecorded.has(entry.name) || isBuiltSite(path);
    return isOther ? [] : filesBelow(root, file, out);
  });
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}

function contentOf(path: string): string | undefined {
  try {
    if (statSync(path).size > maxBytes) return undefined;
    const bytes = readFileSync(path);
    if (path.endsWith('.gz')) return gunzipSync(bytes).toString('latin1');
    return (path.endsWith('.zst') ? zstdDecompressSync(bytes) : bytes).toString('latin1');
  } catch {
    return undefined;
  }
}

function lineAt(content: string, at: number): number {
  let line = 1;
  for (let next = content.indexOf('\n'); next !== -1 && next < at; next = content.indexOf('\n', next + 1))
    line += 1;
  return line;
}
