import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { PhaseName, Phases } from '../data/book/phases.ts';

/** Folders of data files by the part of a build that makes them. */
const kinds: readonly [folder: string, phase: PhaseName][] = [
  ['data/actions/', 'actions'],
  ['data/snapshots/', 'snapshots'],
  ['data/fields/', 'snapshots'],
  ['data/runs/', 'runs'],
  ['data/versions/', 'versions'],
];

/** The clock of a disk may be this much behind that of the system. */
const coarseMs = 10;

/**
 * Counts the files of a finished site under the parts of the build that made them. What has not been written to since the build
 * began stands as an earlier one wrote it. Gives back how many pages there are.
 */
export function countFiles(site: string, phases: Phases, startedMs: number): number {
  let pages = 0;
  for (const entry of readdirSync(site, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(site.length + 1).replaceAll('\\', '/');
    const isPage = name.endsWith('.html') && !name.startsWith('data/');
    if (isPage) pages += 1;
    const phase = isPage
      ? 'pages'
      : isElsewhere(name)
        ? 'elsewhere'
        : (kinds.find(([folder]) => name.startsWith(folder))?.[1] ?? 'data');
    const { size, mtimeMs } = statSync(path);
    phases.count(phase, size, mtimeMs < startedMs - coarseMs);
  }
  return pages;
}

/** What is there for readers that are no browser: Markdown forms of pages, badges, feeds, and single files at the top. */
function isElsewhere(name: string): boolean {
  return /^(?:(?:runs|snapshots|versions)\/)?[^/]+\.md$|^(?:badges|feeds)\/|^(?:llms\.txt|sitemap\.xml|preview\.png)$/.test(
    name,
  );
}
