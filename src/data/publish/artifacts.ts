import { copyFileSync, lstatSync, mkdirSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { formatBytes } from '../../../collector/base/format/number.ts';
import { isOfTheDisk, reasonOf } from '../health/guard.ts';
import type { RunArtifact } from '../runs/types.ts';
import { headOf, shownOf } from './artifact-content.ts';
import type { ArtifactPreview } from './artifact-preview.ts';
import { logView } from './log-view.ts';

/** Copies of files that runs produced, made while pages are rendered and put into the site at the end. */
export interface Artifacts {
  /** What a page shows of each artifact of a run, in their order. The same at every call. */
  previewsOf(run: { slug: string; artifacts: readonly RunArtifact[] }): (ArtifactPreview | undefined)[];
  /**
   * Copies what pages have named into `site`/data/artifacts/ and says what could not be copied, since it was looked at. A
   * text that says so takes its place. @throws what the disk says, which is no fault of the book.
   */
  publish(site: string): NotCopied[];
}

/** A file that pages name and the site lacks. */
export interface NotCopied {
  file: string;
  why: string;
}

/** Larger files stay where they are: a site is to be read, not to hold models. */
const maxBytes = 8_000_000;
const maxBytesOfSite = 200_000_000;
const maxPerRun = 100;

/**
 * Previews of the artifacts below `root`. Nothing but regular files inside the book is ever opened; images are published
 * as they are, everything else as text, so that no browser runs it.
 */
export function artifacts(root: string): Artifacts {
  const known = new Map<string, (ArtifactPreview | undefined)[]>();
  const copies = new Map<string, string>();
  let left = maxBytesOfSite;

  const previewOf = (slug: string, artifact: RunArtifact, at: number): ArtifactPreview | undefined => {
    if (artifact.file === undefined) return undefined;
    const path = insideOf(root, artifact.file);
    const bytes = path === undefined ? undefined : statSync(path).size;
    if (path === undefined || bytes === undefined)
      return { href: undefined, why: 'no regular file of this book', bytes: undefined, shown: undefined };
    if (artifact.type === 'log' && path.endsWith('.log.gz')) return logPreview(path, bytes);
    const head = headOf(path);
    const { shown, ending } = shownOf(artifact.file, head, bytes);
    const why = whyNotCopied(bytes, ending, left);
    if (why !== undefined)
      return { href: undefined, why, bytes, shown: shown?.kind === 'image' ? undefined : shown };
    left -= bytes;
    const name = `data/artifacts/${slug}/${at}-${safeName(artifact.file, ending!)}`;
    copies.set(name, path);
    return { href: name.split('/').map(encodeURIComponent).join('/'), why: undefined, bytes, shown };
  };

  return {
    previewsOf({ slug, artifacts: all }) {
      const found =
        known.get(slug) ??
        all.map((artifact, at) => (at < maxPerRun ? tried(() => previewOf(slug, artifact, at)) : undefined));
      known.set(slug, found);
      return found;
    },
    publish(site) {
      const notCopied: NotCopied[] = [];
      for (const [name, path] of copies) {
        const target = join(site, ...name.split('/'));
        mkdirSync(dirname(target), { recursive: true });
        try {
          copyFileSync(path, target);
        } catch (error) {
          if (isOfTheDisk(error)) throw error;
          const why = reasonOf(error);
          notCopied.push({ file: relative(root, path), why });
          rmSync(target, { force: true });
          writeFileSync(target, `This file could not be copied when the dashboard was built: ${why}\n`);
        }
      }
      return notCopied;
    },
  };
}

/** A log is shown, not copied: it is packed, and the page has what a reader looks for. */
function logPreview(path: string, bytes: number): ArtifactPreview {
  const log = logView(path);
  const why = log === undefined ? 'too large to be shown' : 'its lines stand on this page';
  return { href: undefined, why, bytes, shown: log === undefined ? undefined : { kind: 'log', log } };
}

/** What cannot be read is not shown; that it is named is said all the same. */
function tried<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/** The path of a regular file inside the book; what a link leads out of it to is nobody's business but its owner's. */
function insideOf(root: string, file: string): string | undefined {
  const path = resolve(root, file);
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
  const home = `${realpathSync(root)}${sep}`;
  const real = realpathSync(path);
  return real.startsWith(home) && statSync(real).isFile() ? real : undefined;
}

function whyNotCopied(bytes: number, ending: string | undefined, left: number): string | undefined {
  if (ending === undefined) return 'neither text nor an image';
  if (bytes > maxBytes) return `larger than ${formatBytes(maxBytes)}`;
  return bytes > left ? `the site has ${formatBytes(maxBytesOfSite)} of artifacts already` : undefined;
}

/** The name of a file with its last ending replaced by one that says how it is to be taken. */
function safeName(file: string, ending: string): string {
  const name = file.split('/').pop() ?? 'file';
  const safe =
    name
      .replace(/[^A-Za-z0-9._-]+/g, '_')
      .replace(/^\.+/, '_')
      .slice(0, 80) || 'file';
  return safe.toLowerCase().endsWith(`.${ending}`) ? safe : `${safe}.${ending}`;
}
