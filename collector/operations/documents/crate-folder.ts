import { copyFileSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeFlushed } from '../../base/atomic-file.ts';
import { jsonText } from '../../base/json/text.ts';
import { isInside } from '../../base/paths.ts';
import type { FileFact, RunFacts } from '../../documents/facts.ts';
import { runCrate } from '../../documents/run-crate.ts';
import { sha256OfFile } from './file-digest.ts';
import { fillNewFolder } from './new-folder.ts';

const metadataName = 'ro-crate-metadata.json';

/** What a crate came to: how many files lie in it, and which are only named. */
export interface CrateResult {
  files: number;
  named: string[];
}

/**
 * Writes a folder with the metadata of a run and copies of its files, at the paths that they have in the book. A file that is no
 * longer what was recorded is named and not copied: its bytes would contradict its digest.
 */
export async function writeCrate(
  facts: RunFacts,
  { root, path, atUs }: { root: string; path: string; atUs: number },
): Promise<CrateResult> {
  return fillNewFolder(path, async (folder) => {
    const known = [...facts.inputs, ...facts.outputs, facts.evidence];
    const told = facts.run.files.map((file): FileFact => ({ path: file.path }));
    const files = new Map<string, string>();
    for (const file of new Map([...told, ...known].map((each) => [each.path, each])).values()) {
      if (await copyWhole(file, root, folder)) files.set(file.path, file.path);
    }
    const metadata = runCrate(facts, files, atUs);
    writeFlushed(join(folder, metadataName), `${jsonText(metadata, 2)}\n`);
    return { files: files.size, named: known.map((file) => file.path).filter((name) => !files.has(name)) };
  });
}

async function copyWhole({ path, sha256 }: FileFact, root: string, folder: string): Promise<boolean> {
  const [from, to] = [join(root, path), join(folder, path)];
  if (path === '' || path === metadataName || !isInside(root, from) || !isFile(from)) return false;
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
  if (sha256 === undefined || (await sha256OfFile(folder, path))?.sha256 === sha256) return true;
  rmSync(to);
  return false;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
