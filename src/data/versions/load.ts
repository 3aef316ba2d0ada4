import { join } from 'node:path';
import { formatCount } from '../../../collector/base/format/number.ts';
import type { StoreFile } from '../../../collector/store/versions/version-reader.ts';
import type { BookFile } from '../book/counts.ts';
import { cachedByContent } from '../publish/cache.ts';
import { linkFiles } from '../publish/link-files.ts';
import { publishedVersions, publishVersions } from './publish.ts';
import type { VersionReads } from './reads.ts';
import { versionTags } from './tags.ts';
import type { Finding, TaggedSnapshot, VersionsSummary, VersionView } from './types.ts';
import { readVersionViews } from './views.ts';

/** The versions of a book, and their data files ready to be copied into a site. */
export interface LoadedVersions {
  summary: VersionsSummary;
  findings: Finding[];
  publish(site: string): void;
  /** Whether they came from the cache. */
  reused: boolean;
}

interface VersionFacts {
  views: VersionView[];
  chunks: [version: string, chunk: number][];
  taggedSnapshots: TaggedSnapshot[];
  lost: { version: string; finding: Finding }[];
  findings: Finding[];
}

/** Changes when published files or facts change their shape, so that no old cache is taken for a new one. */
const dataFormat = 'versions-2';

/** Reads all versions of a book and publishes them, or takes both from the cache where no file of the store has changed. */
export async function loadVersions(
  root: string,
  reads: VersionReads,
  given: { cache: string; extra: string; pages: number; progress: (text: string) => void },
): Promise<LoadedVersions> {
  const files = reads.files();
  const { folder, facts, made } = await cachedByContent<VersionFacts>(
    given.cache,
    'versions',
    {
      files: files.map(({ path }) => join(root, path)),
      extra: `${dataFormat} ${given.extra} ${given.pages}`,
    },
    (fresh) => readVersions(fresh, reads, files, given),
  );
  const { views, taggedSnapshots } = facts;
  const known = views.map(revived);
  return {
    summary: {
      total: views.length,
      views: known,
      pages: known.filter(({ slug }) => slug !== undefined).map(({ version }) => version),
      tags: versionTags(known, taggedSnapshots),
      taggedSnapshots,
      lost: facts.lost,
      storedBytes: sum(known.map(({ storedBytes }) => storedBytes)),
      fullBytes: sum(known.map(({ fullBytes }) => fullBytes)),
      files: files.map(({ path, bytes }): BookFile => ({ path, bytes, lines: undefined })),
      detailsOf: publishedVersions(folder, new Map(facts.chunks)),
    },
    findings: facts.findings,
    publish: (site) => linkFiles(folder, join(site, 'data')),
    reused: !made,
  };
}

async function readVersions(
  folder: string,
  reads: VersionReads,
  files: StoreFile[],
  given: { pages: number; progress: (text: string) => void },
): Promise<VersionFacts> {
  const findings: Finding[] = [];
  if (files.length > 0) await reads.audit((finding) => findings.push(finding));
  const lost = findings.flatMap((finding) => {
    const version = lostVersion(finding);
    return version === undefined ? [] : [{ version, finding }];
  });
  const publisher = publishVersions(folder);
  const views = await readVersionViews(reads, {
    files,
    pages: given.pages,
    publisher,
    report: (finding) => findings.push(finding),
  });
  if (views.length > 0) given.progress(`${formatCount(views.length)} versions read`);
  const taggedSnapshots = [...reads.pins()].map(([id, tags]) => ({ id, tags }));
  return { views, chunks: publisher.finish(views), taggedSnapshots, lost, findings };
}

/** The name in a finding about a version that only the list of the store knows. */
function lostVersion({ code, severity, path }: Finding): string | undefined {
  const isLost = code === 'missing-version' && severity === 'error';
  return isLost && path?.startsWith('snapshots.') ? path.slice('snapshots.'.length) : undefined;
}

/** JSON has no undefined: what was left out comes back not at all. */
function revived(view: VersionView): VersionView {
  return {
    ...view,
    slug: view.slug,
    atUs: view.atUs,
    base: view.base,
    before: view.before,
    changes: view.changes,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
