import type { Finding } from '../collector/formats/findings/finding.ts';
import { readRuns } from '../collector/store/runs/read-runs.ts';
import { temporaryBook } from './helpers.ts';
import { putFile } from './mlflow-store.ts';

/** A book of these files, with its runs by key and what was found reading them. */
export async function readBook(files: Readonly<Record<string, string | Buffer>>) {
  const root = temporaryBook();
  for (const [path, content] of Object.entries(files)) putFile(root, path, content);
  return readBookAt(root);
}

/** The runs of a book by key, and what was found reading them. */
export async function readBookAt(root: string) {
  const findings: Finding[] = [];
  const runs = await readRuns(root, {}, (finding) => findings.push(finding));
  return { root, runs: runs.sort((a, b) => (a.key < b.key ? -1 : 1)), findings };
}
