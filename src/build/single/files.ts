import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Selection } from '../../data/book/types.ts';
import { isTwin } from '../scan-site.ts';

/** A file of a rendered site that goes into the one file. */
export interface Packed {
  /** Its path in the site: "runs/a.html", "data/runs/index.json". */
  name: string;
  bytes: number;
}

/** The pages about runs: what a file of chosen runs has, the first of them first. */
const runPages = ['runs.html', 'run.html', 'compare-runs.html', 'lineage.html', 'actions.html'];

/** The page that a file opens with. */
export function firstPage(selection: Selection | undefined): string {
  return isOfRuns(selection) ? runPages[0]! : 'index.html';
}

/** What the pages of one file need of a rendered site: pages and the data that they read, without what is there for other programs. */
export function packedFiles(site: string, selection: Selection | undefined): Packed[] {
  const isWanted = isOfRuns(selection) ? isAboutRuns : () => true;
  return readdirSync(site, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, name: path.slice(site.length + 1).replaceAll('\\', '/') }))
    .filter(({ name }) => isRead(name) && isWanted(name) && !isTwin(site, name))
    .map(({ path, name }) => ({ name, bytes: statSync(path).size }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Pages draw the thinned series; every point of all of them is for databases, as is the api. */
function isRead(name: string): boolean {
  if (name.startsWith('data/')) return !/^data\/runs\/metrics-[^/]*\.parquet$/.test(name);
  return name.endsWith('.html');
}

function isAboutRuns(name: string): boolean {
  return runPages.includes(name) || /^(?:runs|data\/(?:runs|actions|artifacts))\//.test(name);
}

function isOfRuns(selection: Selection | undefined): boolean {
  return selection !== undefined && 'runs' in selection;
}
