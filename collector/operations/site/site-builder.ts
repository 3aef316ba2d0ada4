import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DaybookError, messageOf, systemCodeOf } from '../../base/errors.ts';

/** What a build came to. */
export interface BuildResult {
  out: string;
  /** The first page, as path and as file:// address. */
  index: string;
  address: string;
  pages: number;
  actions: number;
  snapshots: number;
  runs: number;
  findings: number;
  /** What was published and may be a secret or not. */
  doubtful: { rule: string; where: string[] }[];
  /** Files of runs that pages name and that could not be copied into the site. */
  notCopied: { file: string; why: string }[];
  durationMs: number;
  /** What the parts of the build took, in their order; the files of the site that each wrote, and those that stand as they were. */
  phases: { phase: string; ms: number; written: number; reused: number; bytes: number }[];
}

/** The site as one file. */
export interface SingleFileResult extends Omit<BuildResult, 'index'> {
  bytes: number;
  /** What takes how much of it, most first. */
  shares: { what: string; bytes: number }[];
  /** Said where it is too large to be sent by mail. */
  warning: string | undefined;
  /** What it holds of the book, where that is not all. */
  part: string | undefined;
}

/** Builds the site of a book; `progress` hears what it is at. */
export type BuildSite = (
  options: { root: string; out?: string },
  effects?: { progress?: (text: string) => void },
) => Promise<BuildResult>;

/** The site as one archive. */
export interface ZipResult extends Omit<BuildResult, 'index' | 'address'> {
  bytes: number;
}

/** A site that is complete and published nowhere yet. */
export interface StagedSite extends Omit<BuildResult, 'out' | 'index' | 'address'> {
  /** The folder it lies in until it is discarded. */
  folder: string;
  bytes: number;
  /** The copies of files of runs in it. */
  artifacts: { files: number; bytes: number };
  /** Puts it into a folder, in the place of an earlier site. */
  putInto(out: string): void;
  discard(): void;
}

/** One of several books: how it stands, and what was built of it or why nothing was. */
export interface BuiltBook {
  name: string;
  root: string;
  state: string;
  /** The first sentence of its Overview, or why it could not be built. */
  sentence: string;
  problem: string | undefined;
  where: string | undefined;
  hint: string | undefined;
  site: BuildResult | undefined;
}

/** The sites of several books, and the page of all of them. */
export interface FleetResult {
  out: string;
  index: string;
  address: string;
  title: string;
  /** The worst things that are true of them. */
  sentence: string;
  books: BuiltBook[];
  durationMs: number;
}

/** What the site builder can do. */
export interface SiteBuilder {
  buildSite: BuildSite;
  /** The site as one file: of all, of the runs with these keys, or of what happened since a time. */
  buildSingleFile(
    options: { root: string; out?: string; selection?: { runs: readonly string[] } | { sinceUs: number } },
    effects?: { progress?: (text: string) => void },
  ): Promise<SingleFileResult>;
  /** The sites of several books; `prepare` is done with each before it is read. */
  buildFleet(
    options: {
      books: readonly { name: string; root: string }[];
      out: string;
      title: string;
      address: string | undefined;
      leaveOut: readonly string[];
    },
    effects?: { progress?: (text: string) => void; prepare?: (root: string) => Promise<void> },
  ): Promise<FleetResult>;
  buildZip(
    options: { root: string; out?: string },
    effects?: { progress?: (text: string) => void },
  ): Promise<ZipResult>;
  /** Builds a site to be published; `out` is the folder that it is for, if it is for one. */
  stageSite(
    options: { root: string; out?: string },
    effects?: { progress?: (text: string) => void },
  ): Promise<StagedSite>;
}

/**
 * Loads the site builder that came with this program: src/build.ts in the repository, dist/site/build.js in the
 * package. The lone bundle has none, because the site needs the packages it is built with.
 */
export async function loadSiteBuilder(from = import.meta.url): Promise<SiteBuilder> {
  const candidates = from.endsWith('.ts') ? ['../../../src/build.ts'] : ['./site/build.js'];
  const found = candidates.map((path) => new URL(path, from)).find((url) => existsSync(fileURLToPath(url)));
  if (found === undefined) throw missingBuilder();
  try {
    return (await import(found.href)) as SiteBuilder;
  } catch (cause) {
    if (systemCodeOf(cause) !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new DaybookError('unavailable', `The site builder lacks a package: ${messageOf(cause)}`, {
      hint: 'Install Daybook with its packages: npm install daybook.',
      cause,
    });
  }
}

function missingBuilder(): DaybookError {
  return new DaybookError(
    'unavailable',
    'This is the single-file Daybook, which records and reads but cannot build the dashboard.',
    {
      hint: 'Install the package beside it (npm install daybook) and run npx daybook build.',
    },
  );
}
