import type { Difference } from '../../../collector/base/difference/difference.ts';
import type { JsonObject } from '../../../collector/base/json/json.ts';
import type { Finding } from '../../../collector/formats/findings/finding.ts';
import type { Coverage } from '../../../collector/formats/schedule/coverage.ts';
import type { ActionsSummary } from '../actions/types.ts';
import type { ElsewhereSettings } from '../elsewhere/settings.ts';
import type { Trouble } from '../health/guard.ts';
import type { RunsSummary } from '../runs/types.ts';
import type { FieldPoint } from '../snapshots/index.ts';
import type { KeptKeys } from '../snapshots/kept-keys.ts';
import type { RolledSpan } from '../snapshots/rolled.ts';
import type { FieldHistory, SnapshotView } from '../snapshots/types.ts';
import type { TrendsSummary } from '../trends/types.ts';
import type { VersionsSummary } from '../versions/types.ts';
import type { BookFile } from './counts.ts';

export type { Difference } from '../../../collector/base/difference/difference.ts';
export type { DisplayStatus } from '../../../collector/formats/actions/status.ts';
export type { Finding } from '../../../collector/formats/findings/finding.ts';
export type { Coverage, Slot } from '../../../collector/formats/schedule/coverage.ts';

/** All that the site shows, loaded once per build. */
export interface SiteBook {
  title: string;
  /** http(s) address of the repository, if known: commits and files are linked with it. */
  repository: string | undefined;
  builtAtUs: number;
  version: string;
  /** What this is of the book, where it is not all: "2 runs of the 12 in this book". */
  part: string | undefined;
  /** Where the page of all books lies, seen from the first page; undefined for a book that is built alone. */
  allBooks?: string | undefined;
  actions: ActionsSummary;
  /** Oldest first. */
  snapshots: SnapshotView[];
  /** Content by snapshot id; only for those that get a page (the newest `site.snapshotPages`). */
  contentOf(id: string): JsonObject | undefined;
  /** Differences of a snapshot to the one before it; empty for the first. */
  changesOf(id: string): Difference[];
  /** Ids that get a page of their own, newest first. */
  pageIds: string[];
  /** What is known of the keys of their pages; undefined where nothing is kept. */
  keptPageKeys?: KeptKeys | undefined;
  fields: FieldHistory[];
  /** All values of a followed field, oldest first; undefined where it is not followed. */
  fieldPointsOf(path: string): FieldPoint[] | undefined;
  /** What roll-ups keep of it in snapshots that were thinned out, oldest first. */
  fieldRolledOf(path: string): RolledSpan[];
  runs: RunsSummary;
  versions: VersionsSummary;
  trends: TrendsSummary;
  coverage: Coverage | undefined;
  findings: Finding[];
  /** Parts of the site that could not be made; their pages say so. */
  troubles: readonly Trouble[];
  files: BookFile[];
  /** What is written for readers that are no browser. */
  elsewhere: ElsewhereSettings;
}

/** What of a book is shown, where that is not all: the runs of these keys and nothing else, or what happened since a time. */
export type Selection = { runs: readonly string[] } | { sinceUs: number };
